package io.jenkins.plugins.lockstep.image.jib;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * Which manifest of an index is a platform's, kept beside the base images: a digest means the same for ever.
 *
 * <p>Any number of processes may use it at a time: a file appears complete.
 */
final class SettledDigests {

    private static final Pattern DIGEST = Pattern.compile("sha256:[0-9a-f]{64}");

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
        try {
            return Optional.of(Files.readString(file(index, platform)))
                    .filter(text -> DIGEST.matcher(text).matches());
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    void put(String index, ImagePlatform platform, String digest) throws IOException {
        Path file = file(index, platform);
        if (get(index, platform).isPresent()) {
            return;
        }
        Path parent = Files.createDirectories(directory.resolve(hash(index)));
        Path incoming = parent.resolve(".incoming-" + UUID.randomUUID());
        try {
            Files.writeString(incoming, digest);
            Files.move(incoming, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(incoming);
        }
    }

    private Path file(String index, ImagePlatform platform) {
        return directory.resolve(hash(index)).resolve(platform.toString().replace('/', '-'));
    }

    private static String hash(String digest) {
        return digest.substring("sha256:".length());
    }
}
