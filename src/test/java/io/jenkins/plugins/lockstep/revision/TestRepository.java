package io.jenkins.plugins.lockstep.revision;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A real repository in a temporary directory, driven by the version control system's own command.
 *
 * <p>Author, dates and settings are fixed, so that the same calls give the same ids on every machine; the person's own
 * configuration is never read. Every commit is one minute younger than the one before.
 *
 * @param <S> the class itself, so that calls can be chained
 */
public abstract class TestRepository<S extends TestRepository<S>> {

    /** The time of the first commit. */
    public static final Instant FIRST_COMMIT = Instant.parse("2026-01-02T03:04:05Z");

    private static final Duration STEP = Duration.ofMinutes(1);

    private final Path root;
    private Instant next;

    /** Takes {@code root} as it is; {@code next} is the time of the next commit. */
    protected TestRepository(Path root, Instant next) {
        this.root = root;
        this.next = next;
    }

    /** Returns the top of the work tree. */
    public final Path root() {
        return root;
    }

    /** Writes a UTF-8 file below the root, parents included. */
    public final S write(String path, String text) {
        return write(path, text.getBytes(UTF_8));
    }

    /** Writes a file below the root, parents included. */
    public final S write(String path, byte[] content) {
        return onDisk(() -> {
            Path file = root.resolve(path);
            Files.createDirectories(file.getParent());
            Files.write(file, content);
        });
    }

    /** Makes a file executable, or no longer so. */
    public final S executable(String path, boolean executable) {
        return onDisk(() -> Files.getFileAttributeView(root.resolve(path), PosixFileAttributeView.class)
                .setPermissions(PosixFilePermissions.fromString(executable ? "rwxr-xr-x" : "rw-r--r--")));
    }

    /** Makes a symbolic link at {@code path}. */
    public final S link(String path, String target) {
        return onDisk(() -> Files.createSymbolicLink(root.resolve(path), Path.of(target)));
    }

    /** Deletes a file of the work tree alone. */
    public final S delete(String path) {
        return onDisk(() -> Files.delete(root.resolve(path)));
    }

    /** Gives the next commit this time; those after it follow by the minute. */
    public final S at(Instant time) {
        next = time;
        return self();
    }

    /** Commits everything that the work tree has, new files and deletions too, and returns the full id. */
    public abstract String commit(String message);

    /** Returns the full id of the checked-out commit. */
    public abstract String head();

    /** Makes a branch at the checked-out commit and checks it out. */
    public abstract S branch(String name);

    /** Makes a plain tag of the checked-out commit. */
    public abstract S tag(String name);

    /** Checks out a branch, a tag or an id. */
    public abstract S checkout(String expression);

    /** Merges a commit into the checked-out one and returns the id of the merge commit. */
    public abstract String merge(String expression);

    /** Clones this repository and checks it out. */
    public abstract S cloneTo(Path directory);

    /** Returns the tracked paths that the system's own command calls changed, sorted. */
    public abstract List<String> changed();

    /** Returns {@code this}. */
    protected abstract S self();

    /** Returns the time of the next commit and moves on. */
    protected final Instant tick() {
        Instant time = next;
        next = next.plus(STEP);
        return time;
    }

    /** Returns the time of the next commit. */
    protected final Instant next() {
        return next;
    }

    /**
     * Runs a command and returns its standard output.
     *
     * @throws AssertionError where it ends with anything but 0, with what it wrote
     */
    protected static String run(Path directory, Map<String, String> environment, List<String> command) {
        try {
            Path errors = Files.createTempFile("lockstep-test", ".err");
            try {
                ProcessBuilder builder = new ProcessBuilder(command)
                        .directory(directory.toFile())
                        .redirectError(errors.toFile());
                String path = builder.environment().get("PATH");
                builder.environment().clear();
                builder.environment().put("PATH", path == null ? "/usr/bin:/bin" : path);
                builder.environment().put("LC_ALL", "C");
                builder.environment().putAll(environment);
                Process process = builder.start();
                process.getOutputStream().close();
                String output = new String(process.getInputStream().readAllBytes(), UTF_8);
                if (!process.waitFor(1, TimeUnit.MINUTES) || process.exitValue() != 0) {
                    process.destroyForcibly();
                    throw new AssertionError(
                            String.join(" ", command) + " failed: " + output + Files.readString(errors));
                }
                return output;
            } finally {
                Files.delete(errors);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while running " + command, e);
        }
    }

    private S onDisk(DiskWork work) {
        try {
            work.run();
            return self();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private interface DiskWork {
        void run() throws IOException;
    }
}
