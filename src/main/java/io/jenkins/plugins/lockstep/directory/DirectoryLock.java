package io.jenkins.plugins.lockstep.directory;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.common.Progress;
import io.jenkins.plugins.lockstep.history.EnvironmentLock;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The lock of an environment as a locked file, which the operating system gives back when its holder dies. */
public final class DirectoryLock implements EnvironmentLock {

    private static final Duration POLL = Duration.ofMillis(200);

    private final Path file;

    /** Uses {@code ledger/APP/ENVIRONMENT/lock} below the target directory. */
    public DirectoryLock(Path directory, String app, String environment) {
        this.file =
                directory.resolve("ledger").resolve(app).resolve(environment).resolve("lock");
    }

    @Override
    public Held acquire(String holder, Duration patience, Progress progress) throws InterruptedException {
        try {
            Files.createDirectories(file.getParent());
            // Not closed here: the lock lives as long as its channel.
            @SuppressWarnings("resource")
            FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            try {
                wait(channel, patience, progress);
                return new HeldFile(channel);
            } catch (IOException | InterruptedException | RuntimeException e) {
                channel.close();
                throw e;
            }
        } catch (IOException e) {
            throw DeliveryException.of(Problem.CLUSTER_UNAVAILABLE, "the directory's lock can't be taken")
                    .where(file.toString())
                    .why(e.getMessage())
                    .causedBy(e);
        }
    }

    private void wait(FileChannel channel, Duration patience, Progress progress)
            throws IOException, InterruptedException {
        long start = System.nanoTime();
        boolean told = false;
        while (tryLock(channel) == null) {
            if (System.nanoTime() - start > patience.toNanos()) {
                throw DeliveryException.of(Problem.LOCKED, "someone else is releasing to this environment")
                        .where(file.toString())
                        .hint("wait for that release to end, or wait longer with --lock-timeout");
            }
            if (!told) {
                progress.step("waiting for another release to end");
                told = true;
            }
            TimeUnit.NANOSECONDS.sleep(POLL.toNanos());
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null; // another thread of this process has it
        }
    }

    /** The locked file; nobody can take it over. */
    private record HeldFile(FileChannel channel) implements Held {

        @Override
        public void check() {}

        @Override
        public void close() {
            try {
                channel.close();
            } catch (IOException e) {
                return; // the process's end gives it back
            }
        }
    }
}
