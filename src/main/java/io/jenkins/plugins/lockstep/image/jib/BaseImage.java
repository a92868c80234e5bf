package io.jenkins.plugins.lockstep.image.jib;

import com.google.cloud.tools.jib.api.CacheDirectoryCreationException;
import com.google.cloud.tools.jib.api.DescriptorDigest;
import com.google.cloud.tools.jib.api.RegistryException;
import com.google.cloud.tools.jib.cache.Cache;
import com.google.cloud.tools.jib.cache.CacheCorruptedException;
import com.google.cloud.tools.jib.cache.CachedLayer;
import com.google.cloud.tools.jib.image.Image;
import com.google.cloud.tools.jib.image.LayerCountMismatchException;
import com.google.cloud.tools.jib.image.json.BadContainerConfigurationFormatException;
import com.google.cloud.tools.jib.image.json.BuildableManifestTemplate;
import com.google.cloud.tools.jib.image.json.ContainerConfigurationTemplate;
import com.google.cloud.tools.jib.image.json.ImageMetadataTemplate;
import com.google.cloud.tools.jib.image.json.JsonToImageTranslator;
import com.google.cloud.tools.jib.image.json.ManifestAndConfigTemplate;
import com.google.cloud.tools.jib.image.json.UnknownManifestFormatException;
import com.google.cloud.tools.jib.json.JsonTemplateMapper;
import com.google.cloud.tools.jib.registry.ManifestAndDigest;
import io.jenkins.plugins.lockstep.common.Progress;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The base image of one platform, by digest: out of Jib's cache, else out of its registry by that registry's own rules, and
 * into the cache. Its layers are fetched one by one, when they are asked for.
 *
 * <p>Used by any number of threads.
 */
final class BaseImage implements AutoCloseable {

    private final ImageName name;
    private final RegistryAccess access;
    private final Progress progress;
    private final Cache cache;
    private @Nullable RegistrySession session;

    /** Takes the name by digest, of the platform's own manifest. */
    BaseImage(ImageName name, RegistryAccess access, Progress progress) throws CacheDirectoryCreationException {
        this.name = name;
        this.access = access;
        this.progress = progress;
        this.cache = Cache.withDirectory(access.cacheDirectory());
    }

    /** Returns what the image is, with layers that have digests but no content. */
    Image image() throws IOException, RegistryException, CacheCorruptedException {
        Optional<ImageMetadataTemplate> known = cache.retrieveMetadata(name.jib());
        ManifestAndConfigTemplate parts;
        if (known.isPresent()
                && known.get().getManifestsAndConfigs().size() == 1
                && known.get().getManifestsAndConfigs().get(0).getConfig() != null) {
            parts = known.get().getManifestsAndConfigs().get(0);
        } else {
            parts = fetch();
            cache.writeMetadata(name.jib(), new ImageMetadataTemplate(null, List.of(parts)));
        }
        ContainerConfigurationTemplate config = parts.getConfig();
        if (!(parts.getManifest() instanceof BuildableManifestTemplate manifest) || config == null) {
            throw new UnknownManifestFormatException(name.toString());
        }
        try {
            return JsonToImageTranslator.toImage(manifest, config);
        } catch (LayerCountMismatchException | BadContainerConfigurationFormatException | IllegalArgumentException e) {
            throw new UnknownManifestFormatException(name + ": " + e.getMessage());
        }
    }

    /** Returns a layer with its content. */
    CachedLayer layer(DescriptorDigest digest) throws IOException, RegistryException, CacheCorruptedException {
        Optional<CachedLayer> cached = cache.retrieve(digest);
        return cached.isPresent()
                ? cached.get()
                : cache.writeCompressedLayer(loggedIn().blob(digest));
    }

    /** Tells whether nobody has to be asked for an image: all of it is there. */
    static boolean isCached(Cache cache, ImageName name) throws IOException, CacheCorruptedException {
        Optional<ImageMetadataTemplate> metadata = cache.retrieveMetadata(name.jib());
        return metadata.isPresent()
                && metadata.get().getManifestsAndConfigs().stream()
                        .map(ManifestAndConfigTemplate::getManifest)
                        .allMatch(manifest -> manifest != null && cache.areAllLayersCached(manifest));
    }

    private synchronized ManifestAndConfigTemplate fetch() throws IOException, RegistryException {
        progress.step("fetching the base image " + name);
        RegistrySession registry = session();
        ManifestAndDigest<?> found = registry.manifest(name.qualifier());
        if (!(found.getManifest() instanceof BuildableManifestTemplate image)
                || image.getContainerConfiguration() == null
                || image.getContainerConfiguration().getDigest() == null) {
            throw new UnknownManifestFormatException(name.toString());
        }
        var config = JsonTemplateMapper.readJson(
                registry.text(image.getContainerConfiguration().getDigest()).getBytes(StandardCharsets.UTF_8),
                ContainerConfigurationTemplate.class);
        return new ManifestAndConfigTemplate(image, config, found.getDigest().toString());
    }

    /** Whether a login is needed shows at the manifest. */
    private synchronized RegistrySession loggedIn() throws IOException, RegistryException {
        if (session == null) {
            session().manifest(name.qualifier());
        }
        return session();
    }

    private RegistrySession session() {
        if (session == null) {
            session = new RegistrySession(name, access, progress);
        }
        return session;
    }

    @Override
    public synchronized void close() throws IOException {
        if (session != null) {
            session.close();
        }
    }
}
