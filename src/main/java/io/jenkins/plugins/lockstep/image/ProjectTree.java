package io.jenkins.plugins.lockstep.image;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The files that an image may be made of: those of the repository's work tree, build outputs included.
 *
 * <p>A symbolic link stands for what it leads to, and that has to be in the repository too. Some systems can't make links
 * and have a small file with the link's text in its place: the commit says that it is one, so that the image is the same.
 */
final class ProjectTree {

    /** Linux gives up at the same number. */
    private static final int MOST_LINKS = 40;

    /** Bytes; no system has longer paths. */
    private static final int LONGEST_LINK = 4096;

    private final Path directory;
    private final Path root;
    private final CommittedFiles committed;

    /**
     * Opens the tree.
     *
     * @param directory the project file's directory, paths of the project file are relative to it
     */
    ProjectTree(Path directory, CommittedFiles committed) {
        this.directory = directory;
        this.root = committed.root().orElse(directory).normalize();
        this.committed = committed;
    }

    /** Returns the place that the project file names; nothing needs to be there. */
    Path resolve(String path, String field) {
        // As in every other path of the project file: a backslash written on Windows is read everywhere.
        Path relative;
        try {
            relative = Path.of(path.replace('\\', '/'));
        } catch (InvalidPathException e) {
            throw SourceFiles.unnamable(path, field).causedBy(e);
        }
        if (relative.isAbsolute()) {
            throw DeliveryException.of(Problem.BAD_INPUT, "'" + path + "' is an absolute path")
                    .where(field)
                    .hint("write it relative to the project file: another clone has it elsewhere");
        }
        return directory.resolve(relative).normalize();
    }

    /** Reads a file or a directory with everything in it, see {@link FileLayer}. */
    ImageLayer layer(Path from, String to, String field) {
        return FileLayer.read(from, to, null, field, this);
    }

    /** Tells whether a place is in the repository. */
    boolean holds(Path path) {
        return path.normalize().startsWith(root);
    }

    boolean isExecutable(Path file) {
        return committed.isExecutable(file);
    }

    /**
     * Returns what a path leads to, after all links on it; nothing needs to be there.
     *
     * @throws DeliveryException {@link Problem#BAD_INPUT} where a link leads out of the repository, nowhere, or to itself
     */
    Path follow(Path written, String field) {
        Path path = written.normalize();
        for (int links = 0; links < MOST_LINKS; links++) {
            Optional<Path> link = firstLink(path);
            if (link.isEmpty()) {
                return path;
            }
            path = target(link.get(), field)
                    .resolve(link.get().relativize(path))
                    .normalize();
        }
        throw refused(written, "it leads to itself", field);
    }

    /** Tells whether the last name of a path is a link. */
    boolean isLink(Path path) {
        return Files.isSymbolicLink(path) || writtenAsFile(path).isPresent();
    }

    static DeliveryException refused(Path link, String why, String field) {
        return DeliveryException.of(Problem.BAD_INPUT, link + " is a symbolic link that can't be followed")
                .where(field)
                .why(why)
                .hint("put a copy of the file there, or leave the link out of the tree");
    }

    static Path parent(Path file) {
        Path parent = file.getParent();
        if (parent == null) {
            throw new IllegalStateException("a file in a directory has a parent: " + file);
        }
        return parent;
    }

    static String slashed(Path path) {
        return path.toString().replace(path.getFileSystem().getSeparator(), "/");
    }

    private Optional<Path> firstLink(Path path) {
        if (!path.startsWith(root) || path.equals(root)) {
            return Optional.empty();
        }
        Path at = root;
        for (Path name : root.relativize(path)) {
            at = at.resolve(name);
            if (isLink(at)) {
                return Optional.of(at);
            }
        }
        return Optional.empty();
    }

    private Path target(Path link, String field) {
        String text = writtenAsFile(link).orElseGet(() -> onDisk(link, field));
        Path target = Path.of(text);
        if (target.isAbsolute() || text.startsWith("/")) {
            throw refused(link, "it leads to the absolute path " + text + ", which another clone has elsewhere", field);
        }
        Path real = parent(link).resolve(target).normalize();
        if (!holds(real)) {
            throw refused(link, "it leads to " + text + ", which is outside the repository", field);
        }
        if (!Files.exists(real, LinkOption.NOFOLLOW_LINKS) && firstLink(real).isEmpty()) {
            throw refused(link, "it leads to " + text + ", which is not there", field);
        }
        return real;
    }

    private static String onDisk(Path link, String field) {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (IOException e) {
            throw SourceFiles.unreadable(link, e).where(field);
        }
    }

    /** A tracked link that the system could not make is a file whose whole content is the link's text. */
    private Optional<String> writtenAsFile(Path path) {
        try {
            if (!Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS) || Files.size(path) > LONGEST_LINK) {
                return Optional.empty();
            }
            Optional<String> text = committed.link(path);
            return text.isPresent() && Files.readString(path).equals(text.get()) ? text : Optional.empty();
        } catch (IOException e) {
            throw SourceFiles.unreadable(path, e);
        }
    }
}
