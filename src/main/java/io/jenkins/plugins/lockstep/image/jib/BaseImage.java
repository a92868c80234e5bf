package io.jenkins.plugins.lockstep.image.jib;

import com.google.cloud.tools.jib.api.CacheDirectoryCreationException;
import com.google.cloud.tools.jib.api.DescriptorDigest;
import com.google.cloud.tools.jib.api.RegistryException;
import com.google.cloud.tools.jib.api.buildplan.Platform;
import com.google.cloud.tools.jib.cache.Cache;
import com.google.cloud.tools.jib.cache.CacheCorruptedException;
import com.google.cloud.tools.jib.image.json.BuildableManifestTemplate;
import com.google.cloud.tools.jib.image.json.ContainerConfigurationTemplate;
import com.google.cloud.tools.jib.image.json.ImageMetadataTemplate;
import com.google.cloud.tools.jib.image.json.ManifestAndConfigTemplate;
import com.google.cloud.tools.jib.image.json.ManifestListTemplate;
import com.google.cloud.tools.jib.image.json.ManifestTemplate;
import com.google.cloud.tools.jib.image.json.UnknownManifestFormatException;
import com.google.cloud.tools.jib.image.json.UnlistedPlatformInManifestListException;
import com.google.cloud.tools.jib.json.JsonTemplateMapper;
import com.google.cloud.tools.jib.registry.ManifestAndDigest;
import io.jenkins.plugins.lockstep.common.Progress;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * Fetches a base image into Jib's cache, so that Jib has nothing to ask the base's registry.
 *
 * <p>Jib has one switch for plain HTTP and unproven certificates, and it goes for base and target alike. Where only one of
 * the two may be spoken to like that (a local registry and a base from Docker Hub, most often), the base is fetched
 * here, by its own registry's rules, and Jib is given it by digest.
 */
final class BaseImage {

    private final ImageName name;
    private final RegistryAccess access;
    private final Cache cache;

    BaseImage(ImageName name, RegistryAccess access) throws CacheDirectoryCreationException {
        this.name = name;
        this.access = access;
        this.cache = Cache.withDirectory(access.cacheDirectory());
    }

    /** Returns the same image by digest, complete in the cache. */
    ImageName fetch(Platform platform, Progress progress)
            throws IOException, RegistryException, CacheCorruptedException {
        String known = name.reference().digest();
        if (known != null && isCached(name)) {
            return name;
        }
        try (var session = new RegistrySession(name, access, progress)) {
            ManifestAndDigest<?> top = session.manifest(name.qualifier());
            ImageName pinned = ImageName.of(
                    name.reference().withTag(null).withDigest(top.getDigest().toString()));
            if (!isCached(pinned)) {
                progress.step("fetching the base image " + name);
                cache.writeMetadata(pinned.jib(), fetch(session, top, platform));
            }
            return pinned;
        }
    }

    private boolean isCached(ImageName pinned) throws IOException, CacheCorruptedException {
        Optional<ImageMetadataTemplate> metadata = cache.retrieveMetadata(pinned.jib());
        return metadata.isPresent()
                && metadata.get().getManifestsAndConfigs().stream()
                        .map(ManifestAndConfigTemplate::getManifest)
                        .allMatch(manifest -> manifest != null && cache.areAllLayersCached(manifest));
    }

    private ImageMetadataTemplate fetch(RegistrySession session, ManifestAndDigest<?> top, Platform platform)
            throws IOException, RegistryException, CacheCorruptedException {
        ManifestTemplate manifest = top.getManifest();
        if (!(manifest instanceof ManifestListTemplate list)) {
            return new ImageMetadataTemplate(null, List.of(fetch(session, manifest, top.getDigest())));
        }
        List<String> digests = list.getDigestsForPlatform(platform.getArchitecture(), platform.getOs());
        if (digests.isEmpty()) {
            throw new UnlistedPlatformInManifestListException(name.toString());
        }
        ManifestAndDigest<?> chosen = session.manifest(digests.get(0));
        return new ImageMetadataTemplate(manifest, List.of(fetch(session, chosen.getManifest(), chosen.getDigest())));
    }

    private ManifestAndConfigTemplate fetch(RegistrySession session, ManifestTemplate manifest, DescriptorDigest digest)
            throws IOException, RegistryException, CacheCorruptedException {
        if (!(manifest instanceof BuildableManifestTemplate image)
                || image.getContainerConfiguration() == null
                || image.getContainerConfiguration().getDigest() == null) {
            throw new UnknownManifestFormatException(name.toString());
        }
        var config = JsonTemplateMapper.readJson(
                session.text(image.getContainerConfiguration().getDigest()).getBytes(StandardCharsets.UTF_8),
                ContainerConfigurationTemplate.class);
        for (BuildableManifestTemplate.ContentDescriptorTemplate layer : image.getLayers()) {
            DescriptorDigest layerDigest = layer.getDigest();
            if (layerDigest != null && cache.retrieve(layerDigest).isEmpty()) {
                cache.writeCompressedLayer(session.blob(layerDigest));
            }
        }
        return new ManifestAndConfigTemplate(image, config, digest.toString());
    }
}
