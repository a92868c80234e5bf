package io.jenkins.plugins.lockstep.image.jib;

import com.google.cloud.tools.jib.api.CacheDirectoryCreationException;
import com.google.cloud.tools.jib.api.DescriptorDigest;
import com.google.cloud.tools.jib.api.RegistryException;
import com.google.cloud.tools.jib.cache.Cache;
import com.google.cloud.tools.jib.cache.CacheCorruptedException;
import com.google.cloud.tools.jib.image.json.BuildableManifestTemplate;
import com.google.cloud.tools.jib.image.json.ContainerConfigurationTemplate;
import com.google.cloud.tools.jib.image.json.ImageMetadataTemplate;
import com.google.cloud.tools.jib.image.json.ManifestAndConfigTemplate;
import com.google.cloud.tools.jib.image.json.ManifestTemplate;
import com.google.cloud.tools.jib.image.json.UnknownManifestFormatException;
import com.google.cloud.tools.jib.json.JsonTemplateMapper;
import com.google.cloud.tools.jib.registry.ManifestAndDigest;
import io.jenkins.plugins.lockstep.common.Progress;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * Fetches the image of one platform into Jib's cache, so that Jib has nothing to ask the base's registry.
 *
 * <p>Jib has one switch for plain HTTP and unproven certificates, and it goes for base and target alike. Where only one of
 * the two may be spoken to like that (a local registry and a base from Docker Hub, most often), the base is fetched
 * here, by its own registry's rules.
 */
final class BaseImage {

    private final ImageName name;
    private final RegistryAccess access;
    private final Cache cache;

    /** Takes the name by digest, of the platform's own manifest. */
    BaseImage(ImageName name, RegistryAccess access) throws CacheDirectoryCreationException {
        this.name = name;
        this.access = access;
        this.cache = Cache.withDirectory(access.cacheDirectory());
    }

    /** Sees that the image is complete in the cache. */
    void fetch(Progress progress) throws IOException, RegistryException, CacheCorruptedException {
        if (isCached(cache, name)) {
            return;
        }
        try (var session = new RegistrySession(name, access, progress)) {
            progress.step("fetching the base image " + name);
            ManifestAndDigest<?> found = session.manifest(name.qualifier());
            cache.writeMetadata(
                    name.jib(),
                    new ImageMetadataTemplate(null, List.of(fetch(session, found.getManifest(), found.getDigest()))));
        }
    }

    /** Tells whether nobody has to be asked for an image: all of it is there. */
    static boolean isCached(Cache cache, ImageName name) throws IOException, CacheCorruptedException {
        Optional<ImageMetadataTemplate> metadata = cache.retrieveMetadata(name.jib());
        return metadata.isPresent()
                && metadata.get().getManifestsAndConfigs().stream()
                        .map(ManifestAndConfigTemplate::getManifest)
                        .allMatch(manifest -> manifest != null && cache.areAllLayersCached(manifest));
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
