package io.jenkins.plugins.lockstep.image.jib;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * A small text that is kept beside the base images.
 *
 * <p>Any number of processes may use it at a time: the file appears complete, and the last one stays.
 */
record CachedText(Path file) {

    static final Pattern DIGEST = Pattern.compile("sha256:[0-9a-f]{64}");

    /** Returns the text, empty where there is none. */
    Optional<String> read() throws IOException {
        try {
            return Optional.of(Files.readString(file));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /** Returns the text where it is a digest. */
    Optional<String> digest() throws IOException {
        return read().filter(text -> DIGEST.matcher(text).matches());
    }

    /** Writes the text in the place of what is there, and makes the directory where it is missing. */
    void write(String text) throws IOException {
        Path directory = Files.createDirectories(file.resolveSibling(""));
        Path incoming = directory.resolve(".incoming-" + UUID.randomUUID());
        try {
            Files.writeString(incoming, text);
            Files.move(incoming, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(incoming);
        }
    }
}
