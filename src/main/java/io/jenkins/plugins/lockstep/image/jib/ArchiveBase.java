package io.jenkins.plugins.lockstep.image.jib;

import com.google.cloud.tools.jib.api.CacheDirectoryCreationException;
import com.google.cloud.tools.jib.api.DescriptorDigest;
import com.google.cloud.tools.jib.blob.Blob;
import com.google.cloud.tools.jib.blob.Blobs;
import com.google.cloud.tools.jib.cache.Cache;
import com.google.cloud.tools.jib.cache.CacheCorruptedException;
import com.google.cloud.tools.jib.cache.CachedLayer;
import com.google.cloud.tools.jib.image.LayerCountMismatchException;
import com.google.cloud.tools.jib.image.json.BadContainerConfigurationFormatException;
import com.google.cloud.tools.jib.image.json.ContainerConfigurationTemplate;
import com.google.cloud.tools.jib.image.json.ImageMetadataTemplate;
import com.google.cloud.tools.jib.image.json.JsonToImageTranslator;
import com.google.cloud.tools.jib.image.json.ManifestAndConfigTemplate;
import com.google.cloud.tools.jib.image.json.OciManifestTemplate;
import com.google.cloud.tools.jib.json.JsonTemplateMapper;
import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.common.Progress;
import io.jenkins.plugins.lockstep.common.Sha256;
import io.jenkins.plugins.lockstep.common.document.NearestWord;
import io.jenkins.plugins.lockstep.image.Base;
import io.jenkins.plugins.lockstep.image.ImageReference;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.DigestException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.zip.GZIPOutputStream;

/**
 * A base image out of an archive, put into Jib's cache, from where Jib takes it as if it had been fetched before.
 *
 * <p>Jib could read archives itself, but unpacks them by the names in them, takes the first image whichever it is, knows
 * nothing of OCI layouts, and believes what an archive says of its layers. Here a layer is in the cache under the digest
 * that it really has, or not at all. What the image is follows from the digest of its configuration.
 */
final class ArchiveBase {

    /** A registry that can't be (RFC 6761, section 6.4): nobody is asked for what has this name. */
    private static final String NOWHERE = "lockstep.invalid/archive";

    private final Base.Archive base;
    private final Path cacheDirectory;

    ArchiveBase(Base.Archive base, Path cacheDirectory) {
        this.base = base;
        this.cacheDirectory = cacheDirectory;
    }

    Map<ImagePlatform, ReadyBase> ready(List<ImagePlatform> platforms, Progress progress) {
        ImageArchive archive = ImageArchive.open(base.file());
        ArchivedImage image = chosen(ArchivedImage.read(archive));
        Map<ImagePlatform, ReadyBase> ready = new LinkedHashMap<>();
        for (ImagePlatform platform : platforms) {
            ArchivedImage.Part part = part(image, platform);
            ImageName name = ImageName.of(new ImageReference(NOWHERE, null, key(part)));
            try {
                load(archive, part, name, progress);
            } catch (IOException e) {
                throw archive.unusable("a layer of it can't be read").causedBy(e);
            } catch (CacheDirectoryCreationException | CacheCorruptedException e) {
                throw new JibFailures(cacheDirectory).of(e, name);
            }
            ready.put(platform, ReadyBase.cached(name));
        }
        return ready;
    }

    private ArchivedImage chosen(List<ArchivedImage> images) {
        var names = new TreeSet<String>();
        images.forEach(image -> names.addAll(image.names()));
        String wanted = base.image();
        if (wanted == null) {
            if (images.size() == 1) {
                return images.get(0);
            }
            throw mistake(base.file() + " holds " + images.size() + " images")
                    .why(names.isEmpty() ? "they have no names" : String.join(", ", names))
                    .hint("say which: base: " + base.file().getFileName() + "#"
                            + (names.isEmpty() ? "NAME" : names.first()));
        }
        return images.stream()
                .filter(image -> image.names().stream().anyMatch(name -> isSame(name, wanted)))
                .findFirst()
                .orElseThrow(() -> mistake(base.file() + " holds no image '" + wanted + "'")
                        .hint(names.isEmpty() ? "leave '#" + wanted + "' out" : NearestWord.hint(wanted, names)));
    }

    /** Docker writes {@code busybox:1} where others write {@code docker.io/library/busybox:1}. */
    private static boolean isSame(String name, String wanted) {
        return name.equals(wanted) || full(name).equals(full(wanted));
    }

    private static String full(String name) {
        try {
            return ImageName.of(ImageReference.parse(name)).jib().toStringWithQualifier();
        } catch (DeliveryException e) {
            return name;
        }
    }

    private ArchivedImage.Part part(ArchivedImage image, ImagePlatform platform) {
        return image.parts().stream()
                .filter(part -> platform.accepts(part.platform()))
                .findFirst()
                .orElseThrow(() -> mistake("the base image " + base.file() + " is not made for " + platform)
                        .why("it is made for "
                                + image.parts().stream()
                                        .map(part -> part.platform().toString())
                                        .distinct()
                                        .collect(Collectors.joining(", ")))
                        .hint("save it for that platform too, or correct 'platforms:' in the project file"));
    }

    /** The same layers may be there compressed and not: the image on them would have another digest. */
    private static String key(ArchivedImage.Part part) {
        return "sha256:" + Sha256.hex(part.configDigest() + "\n" + String.join("\n", part.layers()));
    }

    private void load(ImageArchive archive, ArchivedImage.Part part, ImageName name, Progress progress)
            throws IOException, CacheDirectoryCreationException, CacheCorruptedException {
        Cache cache = Cache.withDirectory(cacheDirectory);
        if (BaseImage.isCached(cache, name)) {
            return;
        }
        progress.step("reading the base image " + part.configDigest() + " from " + base.file());
        var config = configuration(archive, part);
        if (config.getLayerCount() != part.layers().size()) {
            throw archive.unusable("its manifest has " + part.layers().size() + " layers, its configuration "
                    + config.getLayerCount());
        }
        var manifest = new OciManifestTemplate();
        manifest.setContainerConfiguration(
                part.config().getBytes(StandardCharsets.UTF_8).length, digest(archive, part.configDigest()));
        for (int i = 0; i < part.layers().size(); i++) {
            CachedLayer layer = layer(archive, part.layers().get(i), cache);
            if (!layer.getDiffId().equals(config.getLayerDiffId(i))) {
                throw archive.unusable("the content of " + part.layers().get(i)
                        + " is not what the configuration says it is: " + config.getLayerDiffId(i));
            }
            manifest.addLayer(layer.getSize(), layer.getDigest());
        }
        requireReadable(archive, manifest, config);
        cache.writeMetadata(
                name.jib(),
                new ImageMetadataTemplate(
                        null, List.of(new ManifestAndConfigTemplate(manifest, config, part.configDigest()))));
    }

    private static ContainerConfigurationTemplate configuration(ImageArchive archive, ArchivedImage.Part part) {
        try {
            return JsonTemplateMapper.readJson(part.config(), ContainerConfigurationTemplate.class);
        } catch (IOException e) {
            throw archive.unusable("its configuration is not valid").causedBy(e);
        }
    }

    /** What is in the cache is believed: Jib would take its own failure for one of a registry. */
    private static void requireReadable(
            ImageArchive archive, OciManifestTemplate manifest, ContainerConfigurationTemplate config) {
        try {
            JsonToImageTranslator.toImage(manifest, config);
        } catch (BadContainerConfigurationFormatException | LayerCountMismatchException | RuntimeException e) {
            throw archive.unusable("its configuration is not valid").causedBy(e);
        }
    }

    /** The cache looks at the content itself to see which digests it has, compressed and not. */
    private static CachedLayer layer(ImageArchive archive, String file, Cache cache)
            throws IOException, CacheCorruptedException {
        Optional<CachedLayer> known = file.startsWith("blobs/sha256/")
                ? cache.retrieve(
                        digest(archive, file.substring("blobs/".length()).replace('/', ':')))
                : Optional.empty();
        if (known.isPresent()) {
            return known.get();
        }
        try (var content = new BufferedInputStream(archive.open(file))) {
            content.mark(4);
            byte[] magic = content.readNBytes(4);
            content.reset();
            if (startsWith(magic, 0x28, 0xb5, 0x2f, 0xfd)) {
                throw archive.unusable(file + " in it is compressed with zstd, which is not read here: use gzip");
            }
            return cache.writeCompressedLayer(
                    startsWith(magic, 0x1f, 0x8b) ? Blobs.from(content) : compressed(content));
        }
    }

    private static Blob compressed(InputStream content) {
        return Blobs.from(
                out -> {
                    var gzip = new GZIPOutputStream(out);
                    content.transferTo(gzip);
                    gzip.finish();
                },
                false);
    }

    private static boolean startsWith(byte[] content, int... magic) {
        for (int i = 0; i < magic.length; i++) {
            if (content.length <= i || (content[i] & 0xff) != magic[i]) {
                return false;
            }
        }
        return true;
    }

    private static DescriptorDigest digest(ImageArchive archive, String digest) {
        try {
            return DescriptorDigest.fromDigest(digest);
        } catch (DigestException e) {
            throw archive.unusable("'" + digest + "' in it is no digest").causedBy(e);
        }
    }

    private static DeliveryException mistake(String what) {
        return DeliveryException.of(Problem.BAD_INPUT, what).where("image base");
    }
}
