package io.jenkins.plugins.lockstep.scaffold;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A project's directory as it is on disk; paths in it have {@code /} on every system. Nothing outside of it is looked
 * at, symbolic links are not followed, and what is large is not read: this only looks for what people write.
 */
final class SourceTree {

    private static final long LARGEST_FILE = 1024 * 1024;
    private static final int MOST_FILES = 5_000;

    /** Directories that hold what tools make or fetch. */
    private static final Set<String> NOT_SOURCES =
            Set.of("node_modules", "target", "build", "dist", "out", "vendor", "bin", "obj", "venv", "__pycache__");

    private final Path directory;

    SourceTree(Path directory) {
        this.directory = directory;
    }

    Path directory() {
        return directory;
    }

    /** Returns the directory's own name. */
    String name() {
        Path name = directory.toAbsolutePath().normalize().getFileName();
        return name == null ? "" : name.toString();
    }

    boolean isFile(String path) {
        return Files.isRegularFile(directory.resolve(path));
    }

    boolean isDirectory(String path) {
        return Files.isDirectory(directory.resolve(path));
    }

    /** Returns a file's text; empty where there is no such file, or one too large to be written by a person. */
    Optional<String> text(String path) {
        return text(directory.resolve(path));
    }

    /** Returns the text of a file that may be anywhere. */
    static Optional<String> text(Path file) {
        try {
            if (!Files.isRegularFile(file) || Files.size(file) > LARGEST_FILE) {
                return Optional.empty();
            }
            // Whatever is not UTF-8 is replaced: only words of ASCII are looked for.
            return Optional.of(new String(Files.readAllBytes(file), java.nio.charset.StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    /** Returns the names of what is in a directory, sorted; empty where there is no such directory. */
    List<String> names(String path) {
        Path place = directory.resolve(path);
        if (!Files.isDirectory(place)) {
            return List.of();
        }
        try (Stream<Path> children = Files.list(place)) {
            return children.map(child -> child.getFileName().toString())
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw unreadable(place, e);
        }
    }

    /**
     * Returns the paths of the files below a directory, sorted, without hidden directories and those that tools fill.
     *
     * @param depth how many levels at most; 1 for the directory's own files
     */
    List<String> files(String path, int depth) {
        Path start = directory.resolve(path);
        if (!Files.isDirectory(start)) {
            return List.of();
        }
        var found = new ArrayList<String>();
        try {
            Files.walkFileTree(
                    start, EnumSet.noneOf(java.nio.file.FileVisitOption.class), depth, new Visitor(start, found));
        } catch (IOException e) {
            throw unreadable(start, e);
        }
        Collections.sort(found);
        return found;
    }

    private final class Visitor extends SimpleFileVisitor<Path> {

        private final Path start;
        private final List<String> found;

        Visitor(Path start, List<String> found) {
            this.start = start;
            this.found = found;
        }

        @Override
        public FileVisitResult preVisitDirectory(Path place, BasicFileAttributes attributes) {
            String name = String.valueOf(place.getFileName());
            boolean skipped = !place.equals(start)
                    && (NOT_SOURCES.contains(name) || (name.startsWith(".") && !name.equals(".k8s")));
            return skipped ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (attributes.isRegularFile()) {
                found.add(directory.relativize(file).toString().replace('\\', '/'));
            }
            return found.size() < MOST_FILES ? FileVisitResult.CONTINUE : FileVisitResult.TERMINATE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException e) {
            return FileVisitResult.CONTINUE; // what can't be read was not written for this project
        }
    }

    private static DeliveryException unreadable(Path place, IOException e) {
        return DeliveryException.of(Problem.BAD_INPUT, "the project can't be read")
                .where(place.toString())
                .why(e.getMessage())
                .causedBy(e);
    }
}
