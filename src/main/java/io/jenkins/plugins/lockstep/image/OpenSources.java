package io.jenkins.plugins.lockstep.image;

import io.jenkins.plugins.lockstep.common.DirectoryTree;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** What an assembly holds open until its image is built: archives, and files that were written for it alone. */
final class OpenSources implements AutoCloseable {

    private final Deque<Closeable> open = new ArrayDeque<>();
    private @Nullable Path directory;
    private int files;

    /** Opens an archive that stays open as long as this. */
    Archive archive(Path file, String field) {
        Archive archive = Archive.open(file, field);
        open.push(archive::close);
        return archive;
    }

    /** Returns the name of a file that does not exist yet and is deleted in the end. */
    Path newFile() throws IOException {
        Path parent = directory;
        if (parent == null) {
            parent = Files.createTempDirectory("lockstep-image-");
            directory = parent;
        }
        files++;
        return parent.resolve(String.valueOf(files));
    }

    @Override
    public void close() {
        try {
            while (!open.isEmpty()) {
                open.pop().close();
            }
            if (directory != null) {
                DirectoryTree.delete(directory);
                directory = null;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
