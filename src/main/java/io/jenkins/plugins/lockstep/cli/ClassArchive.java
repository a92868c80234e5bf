package io.jenkins.plugins.lockstep.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Makes the class-data archive (JEP 310) that lets the program start in a fraction of the time: a static one of the
 * classes that {@code classes.txt} names. A Java takes only what the same Java made of the same jar, so that an archive
 * can't be shipped: the script {@code lockstep} has it made in the background.
 *
 * <p>Prints nothing but how it is used wrongly. The archive appears as a whole or not at all, however many processes make
 * it at once; the newest {@value #KEPT} in its directory are kept.
 */
public final class ClassArchive {

    private static final int KEPT = 2;

    /** Beside the archive while it is made, and where that failed: nobody tries again for as long. */
    private static final String MAKING = ".making";

    private static final Duration BEFORE_ANOTHER_TRY = Duration.ofHours(1);

    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final Path jar;
    private final Path archive;

    private ClassArchive(Path jar, Path archive) {
        this.jar = jar;
        this.archive = archive;
    }

    /**
     * Runs with {@code JAR ARCHIVE}: the program's jar, as it will be named behind {@code -jar}, and the file to make, whose
     * name ends in {@code .jsa}. Exit code 0 where the archive is there, 1 where there will be none, 2 for other arguments.
     */
    public static void main(String[] arguments) throws InterruptedException {
        if (arguments.length != 2 || !arguments[1].endsWith(".jsa")) {
            System.err.println("error: JAR and ARCHIVE.jsa are wanted");
            System.exit(2);
        }
        boolean there;
        try {
            there = new ClassArchive(
                            Path.of(arguments[0]), Path.of(arguments[1]).toAbsolutePath())
                    .make();
        } catch (IOException e) {
            there = false; // a full disk, a directory that is not to be written to: it goes without
        }
        System.exit(there ? 0 : 1);
    }

    private boolean make() throws IOException, InterruptedException {
        Path making = archive.resolveSibling(archive.getFileName() + MAKING);
        if (!begin(making)) {
            return false;
        }
        Path classes = sibling("txt");
        Path unfinished = sibling("jsa");
        try {
            if (!copyList(classes) || !dump(classes, unfinished)) {
                return false;
            }
            Files.move(unfinished, archive, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            Files.deleteIfExists(making);
            removeOlder();
            return true;
        } finally {
            Files.deleteIfExists(classes);
            Files.deleteIfExists(unfinished);
        }
    }

    /** Tells whether it is ours to make it. */
    private static boolean begin(Path making) throws IOException {
        try {
            Files.createFile(making);
            return true;
        } catch (FileAlreadyExistsException e) {
            if (Files.getLastModifiedTime(making)
                    .toInstant()
                    .isAfter(Instant.now().minus(BEFORE_ANOTHER_TRY))) {
                return false;
            }
            Files.deleteIfExists(making);
            Files.createFile(making);
            return true;
        }
    }

    private Path sibling(String suffix) {
        return archive.resolveSibling(
                archive.getFileName() + "." + ProcessHandle.current().pid() + "." + suffix + ".tmp");
    }

    private static boolean copyList(Path file) throws IOException {
        try (@Nullable InputStream list = ClassArchive.class.getResourceAsStream("classes.txt")) {
            if (list == null) {
                return false;
            }
            Files.copy(list, file, StandardCopyOption.REPLACE_EXISTING);
            return true;
        }
    }

    private boolean dump(Path classes, Path unfinished) throws IOException, InterruptedException {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        var builder = new ProcessBuilder(
                        java.toString(),
                        "-Xshare:dump",
                        // Only this collector archives objects; any other can use them.
                        "-XX:+UseG1GC",
                        "-XX:SharedClassListFile=" + classes,
                        "-XX:SharedArchiveFile=" + unfinished,
                        "-cp",
                        jar.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD);
        builder.environment()
                .keySet()
                .removeAll(List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS", "CLASSPATH"));
        Process process = builder.start();
        if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            process.destroyForcibly();
            return false;
        }
        return process.exitValue() == 0 && Files.isRegularFile(unfinished);
    }

    /** Leaves the newest ones, of whatever jar or Java, and what is being made. */
    private void removeOlder() throws IOException {
        var archives = new ArrayList<Path>();
        try (DirectoryStream<Path> files =
                Files.newDirectoryStream(archive.resolveSibling("").normalize(), "lockstep-cli-*.jsa")) {
            files.forEach(archives::add);
        }
        archives.remove(archive);
        archives.sort(Comparator.comparing(ClassArchive::modified).reversed());
        for (Path older : archives.subList(Math.min(KEPT - 1, archives.size()), archives.size())) {
            Files.deleteIfExists(older);
        }
    }

    private static Instant modified(Path file) {
        try {
            return Files.getLastModifiedTime(file).toInstant();
        } catch (IOException e) {
            return Instant.EPOCH; // another process has removed it
        }
    }
}
