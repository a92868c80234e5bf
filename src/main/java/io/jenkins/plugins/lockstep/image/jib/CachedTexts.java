package io.jenkins.plugins.lockstep.image.jib;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Small texts of one kind that are kept beside the base images, each under a name that means the same for ever. What nobody
 * asked for during 90 days is removed.
 *
 * <p>Any number of processes may use them at a time.
 */
final class CachedTexts {

    private static final Duration KEPT = Duration.ofDays(90);
    private static final Duration BETWEEN_LOOKS = Duration.ofDays(1);
    private static final String LOOK = ".tidied";

    private final Path directory;

    CachedTexts(Path directory) {
        this.directory = directory;
    }

    Optional<String> get(String name) throws IOException {
        CachedText text = text(name);
        Optional<String> found = text.read();
        if (found.isPresent()) {
            try {
                Files.setLastModifiedTime(text.file(), FileTime.from(Instant.now()));
            } catch (IOException e) {
                // Another build tidied up at this moment, or it belongs to somebody else.
            }
        }
        return found;
    }

    /** Keeps a text, and once a day removes what nobody asked for in a long time. */
    void put(String name, String content) throws IOException {
        text(name).write(content);
        tidy(Instant.now());
    }

    private CachedText text(String name) {
        return new CachedText(directory.resolve(name));
    }

    private void tidy(Instant now) throws IOException {
        var look = new CachedText(directory.resolve(LOOK));
        if (isOlder(look.file(), now.minus(BETWEEN_LOOKS))) {
            look.write("");
            try (DirectoryStream<Path> all = Files.newDirectoryStream(directory)) {
                for (Path file : all) {
                    removeIfOlder(file, now.minus(KEPT));
                }
            }
        }
    }

    private static boolean isOlder(Path file, Instant than) throws IOException {
        try {
            return Files.getLastModifiedTime(file).toInstant().isBefore(than);
        } catch (NoSuchFileException e) {
            return true;
        }
    }

    private static void removeIfOlder(Path file, Instant than) {
        try {
            if (isOlder(file, than)) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            // Another build does the same at this moment, or it belongs to somebody else.
        }
    }
}
