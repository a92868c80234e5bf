package io.jenkins.plugins.lockstep.image.jib;

import io.jenkins.plugins.lockstep.common.DirectoryTree;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;

/**
 * A directory of one build, gone when it ends.
 *
 * <p>A process that is killed leaves its own behind, which may be as large as the image: the builds of another day remove
 * it.
 */
final class Workspace implements AutoCloseable {

    private static final String PREFIX = "build-";

    /** No build takes so long. */
    private static final Duration ABANDONED = Duration.ofDays(1);

    private final Path directory;

    private Workspace(Path directory) {
        this.directory = directory;
    }

    static Workspace in(Path parent) throws IOException {
        Files.createDirectories(parent);
        removeAbandoned(parent, Instant.now().minus(ABANDONED));
        return new Workspace(Files.createTempDirectory(parent, PREFIX));
    }

    /** Where Jib keeps application layers: it recognises them by path and time, which holds within one build only. */
    Path layers() {
        return directory.resolve("layers");
    }

    Path resolve(String name) {
        return directory.resolve(name);
    }

    @Override
    public void close() throws IOException {
        DirectoryTree.delete(directory);
    }

    private static void removeAbandoned(Path parent, Instant before) throws IOException {
        try (DirectoryStream<Path> all = Files.newDirectoryStream(parent, PREFIX + "*")) {
            for (Path workspace : all) {
                try {
                    if (Files.getLastModifiedTime(workspace).toInstant().isBefore(before)) {
                        DirectoryTree.delete(workspace);
                    }
                } catch (IOException e) {
                    // Another build does the same at this moment, or it belongs to somebody else.
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
    }
}
