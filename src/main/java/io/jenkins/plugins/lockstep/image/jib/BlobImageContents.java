package io.jenkins.plugins.lockstep.image.jib;

import com.google.cloud.tools.jib.api.RegistryException;
import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Sha256;
import io.jenkins.plugins.lockstep.common.document.Json;
import io.jenkins.plugins.lockstep.image.ImageContents;
import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.jspecify.annotations.Nullable;

/**
 * The contents of an image out of its blobs. Layers that are asked for are kept in files until this is closed; their
 * entries are hashed while they pass by.
 */
final class BlobImageContents implements ImageContents {

    /** What Lockstep writes into the history of its layers, see {@link JibBuild}; the comment is the layer's name. */
    private static final String OWN_HISTORY = "lockstep:";

    private final ImageBlobs blobs;
    private final String digest;
    private final Function<Exception, DeliveryException> failures;
    private final Map<String, Path> fetched = new HashMap<>();

    BlobImageContents(ImageBlobs blobs, String digest, Function<Exception, DeliveryException> failures) {
        this.blobs = blobs;
        this.digest = digest;
        this.failures = failures;
    }

    @Override
    public List<PlatformImage> images() {
        return translated(() -> {
            Map<?, ?> top = tree(blobs.manifest(digest));
            if (!(top.get("manifests") instanceof List<?> manifests)) {
                return List.of(image(top));
            }
            List<PlatformImage> images = new ArrayList<>();
            for (Object descriptor : manifests) {
                images.add(image(tree(blobs.manifest(digest(descriptor)))));
            }
            return images;
        });
    }

    @Override
    public Map<String, FileFacts> files(Layer layer) {
        return translated(() -> {
            Map<String, FileFacts> files = new TreeMap<>();
            try (var tar = tar(layer)) {
                for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                    files.put("/" + entry.getName().replaceFirst("/$", ""), facts(entry, tar));
                }
            }
            return files;
        });
    }

    @Override
    public Map<String, Map<String, FileFacts>> archives(Layer layer, Set<String> paths) {
        return translated(() -> {
            Map<String, Map<String, FileFacts>> archives = new TreeMap<>();
            try (var tar = tar(layer)) {
                for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                    String path = "/" + entry.getName();
                    if (entry.isFile() && paths.contains(path)) {
                        archives.put(path, zipEntries(tar));
                    }
                }
            }
            return archives;
        });
    }

    @Override
    public void close() {
        translated(() -> {
            for (Path file : fetched.values()) {
                Files.deleteIfExists(file);
            }
            fetched.clear();
            blobs.close();
            return true;
        });
    }

    private PlatformImage image(Map<?, ?> manifest) throws IOException, RegistryException {
        Map<?, ?> configuration = tree(blobs.text(digest(manifest.get("config"))));
        List<?> descriptors = list(manifest.get("layers"));
        List<?> contents =
                configuration.get("rootfs") instanceof Map<?, ?> root ? list(root.get("diff_ids")) : List.of();
        List<@Nullable String> names = names(configuration);
        List<Layer> layers = new ArrayList<>();
        for (int i = 0; i < descriptors.size(); i++) {
            layers.add(new Layer(
                    digest(descriptors.get(i)),
                    i < contents.size() ? String.valueOf(contents.get(i)) : "",
                    names.size() == descriptors.size() ? names.get(i) : null));
        }
        String platform = configuration.get("os") + "/" + configuration.get("architecture");
        Object variant = configuration.get("variant");
        return new PlatformImage(variant == null ? platform : platform + "/" + variant, configuration, layers);
    }

    private static List<@Nullable String> names(Map<?, ?> configuration) {
        List<@Nullable String> names = new ArrayList<>();
        for (Object item : list(configuration.get("history"))) {
            if (item instanceof Map<?, ?> entry && !Boolean.TRUE.equals(entry.get("empty_layer"))) {
                boolean own = String.valueOf(entry.get("created_by")).startsWith(OWN_HISTORY);
                names.add(own ? String.valueOf(entry.get("comment")) : null);
            }
        }
        return names;
    }

    private TarArchiveInputStream tar(Layer layer) throws IOException, RegistryException {
        Path file = fetched.get(layer.digest());
        if (file == null) {
            file = Files.createTempFile("lockstep-layer-", ".tar.gz");
            fetched.put(layer.digest(), file);
            try (OutputStream out = Files.newOutputStream(file)) {
                blobs.copy(layer.digest(), out);
            }
        }
        InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
        try {
            in.mark(2);
            boolean compressed = in.read() == 0x1F && in.read() == 0x8B;
            in.reset();
            return new TarArchiveInputStream(
                    compressed ? new GZIPInputStream(in, 1 << 16) : in, StandardCharsets.UTF_8.name());
        } catch (IOException e) {
            in.close();
            throw e;
        }
    }

    private static FileFacts facts(TarArchiveEntry entry, TarArchiveInputStream tar) throws IOException {
        String other = entry.getLongUserId() + ":" + entry.getLongGroupId() + " "
                + entry.getLastModifiedTime().toInstant();
        int mode = entry.getMode() & 07777;
        if (entry.isDirectory()) {
            return new FileFacts("directory", mode, "", other);
        }
        return entry.isFile()
                ? new FileFacts("file", mode, sha256(tar), other)
                : new FileFacts("link", mode, entry.getLinkName(), other);
    }

    private static Map<String, FileFacts> zipEntries(InputStream archive) throws IOException {
        Map<String, FileFacts> entries = new TreeMap<>();
        // The tar goes on behind this entry.
        var zip = new ZipInputStream(new FilterInputStream(archive) {
            @Override
            public void close() {}
        });
        try {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                if (!entry.isDirectory()) {
                    entries.put(entry.getName(), new FileFacts("file", 0, sha256(zip), ""));
                }
            }
        } catch (ZipException e) {
            // No archive, whatever its name says: it is compared as a file.
            return Map.of();
        }
        return entries;
    }

    private static String sha256(InputStream content) throws IOException {
        MessageDigest digest = Sha256.newDigest();
        new DigestInputStream(content, digest).transferTo(OutputStream.nullOutputStream());
        return HexFormat.of().formatHex(digest.digest());
    }

    private static String digest(@Nullable Object descriptor) throws IOException {
        if (descriptor instanceof Map<?, ?> map && map.get("digest") instanceof String digest) {
            return digest;
        }
        throw new IOException("a manifest has a part without a digest");
    }

    private static Map<?, ?> tree(String json) throws IOException {
        try {
            if (Json.read(json) instanceof Map<?, ?> tree) {
                return tree;
            }
        } catch (DeliveryException e) {
            throw new IOException("a manifest or a configuration is not JSON", e);
        }
        throw new IOException("a manifest or a configuration is no JSON object");
    }

    private static List<?> list(@Nullable Object value) {
        return value instanceof List<?> list ? list : List.of();
    }

    private <T> T translated(Reading<T> reading) {
        try {
            return Objects.requireNonNull(reading.run());
        } catch (IOException | RegistryException | UncheckedIOException e) {
            throw failures.apply(e);
        }
    }

    private interface Reading<T> {
        T run() throws IOException, RegistryException;
    }
}
