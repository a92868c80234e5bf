package io.jenkins.plugins.lockstep.image.jib;

import io.jenkins.plugins.lockstep.common.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An image of an archive, with all its platforms.
 *
 * @param names as the archive has them; may be empty
 * @param parts at least one
 */
record ArchivedImage(Set<String> names, List<Part> parts) {

    /** Indexes and manifests of one archive; nobody saves so many. */
    private static final int MOST_PARTS = 200;

    /**
     * The image of one platform.
     *
     * @param configDigest {@code sha256:…} of its configuration
     * @param config the configuration as it stands in the archive
     * @param layers names of files in the archive, bottom first
     */
    record Part(String configDigest, String config, List<String> layers) {

        ImagePlatform platform() {
            return ImageConfiguration.platform(config);
        }
    }

    /**
     * Reads an archive of either kind.
     *
     * <p>Docker's newer archives are of both kinds at a time. The OCI layout is taken: it has platforms, and digests to
     * check the layers by.
     */
    static List<ArchivedImage> read(ImageArchive archive) {
        Map<List<String>, ArchivedImage> images = new LinkedHashMap<>();
        if (archive.has("index.json")) {
            readLayout(archive, images);
        }
        if (images.isEmpty() && archive.has("manifest.json")) {
            readDocker(archive, images);
        }
        if (images.isEmpty()) {
            throw archive.unusable(
                    "it has neither a manifest.json as Docker writes it nor an OCI layout with an image");
        }
        return List.copyOf(images.values());
    }

    /** The format of {@code docker save}, as Docker's image specification 1.2 has it. */
    private static void readDocker(ImageArchive archive, Map<List<String>, ArchivedImage> images) {
        for (Map<?, ?> image : maps(archive.document("manifest.json"))) {
            if (!(image.get("Config") instanceof String config)) {
                throw archive.unusable("its manifest.json names no configuration");
            }
            requireFew(archive, images);
            put(images, texts(image.get("RepoTags")), List.of(part(archive, config, texts(image.get("Layers")))));
        }
    }

    /** An OCI image layout in a tar; blobs of platforms that were not saved may be missing. */
    private static void readLayout(ImageArchive archive, Map<List<String>, ArchivedImage> images) {
        if (!(archive.document("index.json") instanceof Map<?, ?> index)) {
            throw archive.unusable("its index.json is no index");
        }
        for (Map<?, ?> descriptor : maps(index.get("manifests"))) {
            requireFew(archive, images);
            List<Part> parts = parts(archive, descriptor, true);
            if (!parts.isEmpty()) {
                put(images, names(descriptor), parts);
            }
        }
    }

    private static List<Part> parts(ImageArchive archive, Map<?, ?> descriptor, boolean top) {
        String blob = blob(descriptor);
        if (!archive.has(blob) || isAttestation(descriptor)) {
            return List.of();
        }
        byte[] content = archive.bytes(blob);
        if (!("sha256:" + Sha256.hex(content)).equals(descriptor.get("digest"))) {
            throw archive.unusable("the content of " + blob + " does not match its name");
        }
        if (!(archive.document(blob) instanceof Map<?, ?> manifest)) {
            throw archive.unusable(blob + " in it is no manifest");
        }
        if (top && manifest.containsKey("manifests")) {
            List<Map<?, ?>> platforms = maps(manifest.get("manifests"));
            if (platforms.size() > MOST_PARTS) {
                throw archive.unusable("it has more than " + MOST_PARTS + " platforms");
            }
            return platforms.stream()
                    .flatMap(platform -> parts(archive, platform, false).stream())
                    .toList();
        }
        if (!(manifest.get("config") instanceof Map<?, ?> config) || !archive.has(blob(config))) {
            return List.of();
        }
        return List.of(part(
                archive,
                blob(config),
                maps(manifest.get("layers")).stream().map(ArchivedImage::blob).toList()));
    }

    private static Part part(ImageArchive archive, String config, List<String> layers) {
        byte[] content = archive.bytes(config);
        return new Part("sha256:" + Sha256.hex(content), new String(content, StandardCharsets.UTF_8), layers);
    }

    /** One image may be there under several names. */
    private static void put(Map<List<String>, ArchivedImage> images, List<String> names, List<Part> parts) {
        List<String> key = parts.stream().map(Part::configDigest).toList();
        images.computeIfAbsent(key, unused -> new ArchivedImage(new LinkedHashSet<>(), parts))
                .names()
                .addAll(names);
    }

    private static void requireFew(ImageArchive archive, Map<List<String>, ArchivedImage> images) {
        if (images.size() >= MOST_PARTS) {
            throw archive.unusable("it has more than " + MOST_PARTS + " images");
        }
    }

    private static List<String> names(Map<?, ?> descriptor) {
        Map<?, ?> annotations = descriptor.get("annotations") instanceof Map<?, ?> map ? map : Map.of();
        return Stream.of("io.containerd.image.name", "org.opencontainers.image.ref.name")
                .map(annotations::get)
                .filter(name -> name != null)
                .map(String::valueOf)
                .toList();
    }

    private static boolean isAttestation(Map<?, ?> descriptor) {
        return descriptor.get("annotations") instanceof Map<?, ?> annotations
                && annotations.containsKey("vnd.docker.reference.type");
    }

    private static String blob(Map<?, ?> descriptor) {
        return "blobs/" + String.valueOf(descriptor.get("digest")).replace(':', '/');
    }

    private static List<Map<?, ?>> maps(@Nullable Object list) {
        List<Map<?, ?>> maps = new ArrayList<>();
        if (list instanceof List<?> items) {
            for (Object item : items) {
                if (item instanceof Map<?, ?> map) {
                    maps.add(map);
                }
            }
        }
        return maps;
    }

    private static List<String> texts(@Nullable Object list) {
        return list instanceof List<?> items
                ? items.stream().map(String::valueOf).toList()
                : List.of();
    }
}
