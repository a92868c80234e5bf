package io.jenkins.plugins.lockstep.image.jib;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which manifest of an index is a platform's, kept beside the base images: a digest means the same for ever.
 */
final class SettledDigests {

    private final Path directory;

    SettledDigests(Path cacheDirectory) {
        this.directory = cacheDirectory.resolve("platforms");
    }

    /** Returns the digests of all platforms, or empty where one of them is not known yet. */
    Optional<Map<ImagePlatform, String>> all(String index, List<ImagePlatform> platforms) throws IOException {
        Map<ImagePlatform, String> digests = new LinkedHashMap<>();
        for (ImagePlatform platform : platforms) {
            Optional<String> digest = get(index, platform);
            if (digest.isEmpty()) {
                return Optional.empty();
            }
            digests.put(platform, digest.get());
        }
        return Optional.of(digests);
    }

    Optional<String> get(String index, ImagePlatform platform) throws IOException {
        return text(index, platform).digest();
    }

    void put(String index, ImagePlatform platform, String digest) throws IOException {
        if (get(index, platform).isEmpty()) {
            text(index, platform).write(digest);
        }
    }

    private CachedText text(String index, ImagePlatform platform) {
        return new CachedText(
                directory.resolve(hash(index)).resolve(platform.toString().replace('/', '-')));
    }

    private static String hash(String digest) {
        return digest.substring("sha256:".length());
    }
}
