package io.jenkins.plugins.lockstep.delivery;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/**
 * Writes texts to files, whole: whoever looks never finds half of one. All are written beside their places before the
 * first is moved to its own, so that a full disk or a missing right changes none.
 */
final class WholeFiles {

    private WholeFiles() {}

    /**
     * Writes each text, as UTF-8, in the place of what is there.
     *
     * @param texts by file; the directories are there
     */
    static void write(Map<Path, String> texts) throws IOException {
        var incoming = new LinkedHashMap<Path, Path>();
        try {
            for (Map.Entry<Path, String> text : texts.entrySet()) {
                Path file = text.getKey();
                if (Files.isDirectory(file)) {
                    throw new FileSystemException(file.toString(), null, "it is a directory");
                }
                Path beside = file.resolveSibling("." + file.getFileName() + "-" + UUID.randomUUID());
                incoming.put(file, beside);
                Files.write(beside, text.getValue().getBytes(StandardCharsets.UTF_8));
            }
            for (Map.Entry<Path, Path> file : incoming.entrySet()) {
                Files.move(
                        file.getValue(),
                        file.getKey(),
                        StandardCopyOption.ATOMIC_MOVE,
                        StandardCopyOption.REPLACE_EXISTING);
            }
        } finally {
            for (Path left : incoming.values()) {
                Files.deleteIfExists(left);
            }
        }
    }

    /** Writes what a file is to hold. */
    @FunctionalInterface
    interface Content {
        void write(OutputStream stream) throws IOException;
    }

    /**
     * Writes one file in the place of what is there, readable by its owner alone where the file system knows owners.
     *
     * @param content streamed; called once
     */
    static void writePrivately(Path file, Content content) throws IOException {
        if (Files.isDirectory(file)) {
            throw new FileSystemException(file.toString(), null, "it is a directory");
        }
        Path beside = file.resolveSibling("." + file.getFileName() + "-" + UUID.randomUUID());
        try {
            if (Files.getFileStore(directory(file)).supportsFileAttributeView("posix")) {
                Files.createFile(
                        beside, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            } else {
                Files.createFile(beside);
            }
            try (OutputStream stream = Files.newOutputStream(beside)) {
                content.write(stream);
            }
            Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(beside);
        }
    }

    private static Path directory(Path file) throws IOException {
        Path directory = file.toAbsolutePath().getParent();
        if (directory == null || !Files.isDirectory(directory)) {
            throw new FileSystemException(file.toString(), null, "there is no directory " + directory);
        }
        return directory;
    }

    /** Says why files can't be written, for a user: without names of classes where there is a reason. */
    static String reason(IOException failure) {
        if (failure instanceof FileSystemException named && named.getReason() != null) {
            return named.getFile() + ": " + named.getReason();
        }
        return failure.getClass().getSimpleName() + ": " + failure.getMessage();
    }
}
