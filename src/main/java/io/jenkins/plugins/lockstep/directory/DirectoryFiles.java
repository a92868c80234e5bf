package io.jenkins.plugins.lockstep.directory;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * Reads and writes whole files: a reader sees the old content or the new one, never a part, even where a process dies
 * in between. Every method throws {@link Problem#CLUSTER_UNAVAILABLE}, because the directory stands in for a cluster.
 */
final class DirectoryFiles {

    private static final Pattern PLAIN_NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");

    private DirectoryFiles() {}

    /**
     * Checks a name that becomes one part of a path.
     *
     * @throws DeliveryException {@link Problem#BAD_INPUT} where it has other letters than names have
     */
    static String part(String what, String name) {
        if (!PLAIN_NAME.matcher(name).matches()) {
            throw DeliveryException.of(Problem.BAD_INPUT, what + " '" + name + "' can't be the name of a directory")
                    .hint("use up to 100 letters, digits, dots, dashes and underscores, the first a letter or a digit");
        }
        return name;
    }

    /** Reads a file; empty where there is none. */
    static Optional<byte[]> read(Path file) {
        try {
            return Optional.of(Files.readAllBytes(file));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw failure("read", file, e);
        }
    }

    /** Lists the plain files of a directory by name, sorted; empty where there is no such directory. */
    static List<Path> list(Path directory, String suffix) {
        return children(directory).stream()
                .filter(path -> {
                    String name = path.getFileName().toString();
                    return name.endsWith(suffix) && !name.startsWith(".") && Files.isRegularFile(path);
                })
                .toList();
    }

    /** Lists whatever is in a directory, sorted; empty where there is no such directory. */
    static List<Path> children(Path directory) {
        var children = new ArrayList<Path>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
            stream.forEach(children::add);
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (IOException e) {
            throw failure("read", directory, e);
        }
        children.sort(null);
        return children;
    }

    /**
     * Writes a file, in place of one that is there.
     *
     * @param secret keeps it from everybody but its owner, where the file system knows owners
     */
    static void write(Path file, byte[] content, boolean secret) {
        Path fresh = file.resolveSibling("." + UUID.randomUUID() + ".new");
        try {
            Files.createDirectories(file.getParent());
            FileAttribute<?>[] attributes = secret && isPosix(file)
                    ? new FileAttribute<?>[] {
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                    }
                    : new FileAttribute<?>[0];
            try (FileChannel channel = FileChannel.open(
                    fresh, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), attributes)) {
                ByteBuffer rest = ByteBuffer.wrap(content);
                while (rest.hasRemaining()) {
                    channel.write(rest);
                }
                channel.force(true);
            }
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            DeliveryException failure = failure("write", file, e);
            try {
                Files.deleteIfExists(fresh);
            } catch (IOException left) {
                failure.addSuppressed(left);
            }
            throw failure;
        }
    }

    /** Returns when a file was written; empty where there is none. */
    static Optional<Instant> modified(Path file) {
        try {
            return Optional.of(Files.getLastModifiedTime(file).toInstant());
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw failure("read", file, e);
        }
    }

    /** Deletes a file; one that is gone already is no failure. */
    static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw failure("delete", file, e);
        }
    }

    static DeliveryException failure(String verb, Path file, IOException e) {
        if (e instanceof ClosedByInterruptException) {
            return DeliveryException.of(Problem.INTERRUPTED, "interrupted in the attempt to " + verb + " a file")
                    .where(file.toString())
                    .causedBy(e);
        }
        return DeliveryException.of(Problem.CLUSTER_UNAVAILABLE, "can't " + verb + " a file of the target directory")
                .where(file.toString())
                .why(reason(e))
                .hint("check that the directory is there, belongs to you and has space")
                .causedBy(e);
    }

    private static String reason(IOException e) {
        if (e instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (e instanceof NotDirectoryException || e instanceof FileAlreadyExistsException) {
            return "there is a file where a directory should be";
        }
        if (e instanceof FileSystemException failure && failure.getReason() != null) {
            return failure.getReason();
        }
        return String.valueOf(e.getMessage());
    }

    private static boolean isPosix(Path file) {
        return file.getFileSystem().supportedFileAttributeViews().contains("posix");
    }
}
