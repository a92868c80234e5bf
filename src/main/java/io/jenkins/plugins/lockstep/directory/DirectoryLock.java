package io.jenkins.plugins.lockstep.directory;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * A lock that one holder at a time has, in this process or in any other; the operating system takes it from a process
 * that dies.
 */
final class DirectoryLock {

    private static final Duration PAUSE = Duration.ofMillis(20);

    /**
     * One permit for each lock file. File locks belong to the process as a whole: opening and closing the file in one
     * thread would take the lock from another, and only something that all threads share can keep them from it.
     */
    private static final ConcurrentMap<Path, Semaphore> IN_THIS_PROCESS = new ConcurrentHashMap<>();

    private final Path directory;
    private final Path file;

    /**
     * @param directory made where it is missing
     * @param name the lock file's name; nothing else may ever open that file
     */
    DirectoryLock(Path directory, String name) {
        this.directory = directory;
        this.file = directory.resolve(name);
    }

    Path file() {
        return file;
    }

    /** The lock while it is held; closing it again does nothing. */
    static final class Held implements AutoCloseable {

        private final Semaphore permit;
        private final FileChannel channel;
        private final FileLock lock;

        private Held(Semaphore permit, FileChannel channel, FileLock lock) {
            this.permit = permit;
            this.channel = channel;
            this.lock = lock;
        }

        boolean isValid() {
            return lock.isValid();
        }

        @Override
        public synchronized void close() {
            if (channel.isOpen() || lock.isValid()) {
                closeQuietly(channel); // and with it the lock
                permit.release();
            }
        }
    }

    /**
     * Takes the lock for a moment's work.
     *
     * @throws DeliveryException {@link Problem#LOCKED} where someone else has it for more than 30 seconds, {@link
     *     Problem#INTERRUPTED} where the thread is interrupted
     */
    Held take() {
        try {
            return take(Duration.ofSeconds(30)).orElseThrow(() -> DeliveryException.of(
                            Problem.LOCKED, "someone else is writing to the target directory")
                    .where(file.toString())
                    .hint("wait for the other process, or end it"));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw DeliveryException.of(Problem.INTERRUPTED, "interrupted while waiting for the target directory")
                    .where(file.toString())
                    .causedBy(e);
        }
    }

    /** Takes the lock, waiting up to {@code patience} for another holder; empty where it still has it then. */
    Optional<Held> take(Duration patience) throws InterruptedException {
        long start = System.nanoTime();
        Semaphore permit = IN_THIS_PROCESS.computeIfAbsent(realFile(), path -> new Semaphore(1, true));
        if (!permit.tryAcquire(patience.toNanos(), TimeUnit.NANOSECONDS)) {
            return Optional.empty();
        }
        boolean taken = false;
        try {
            FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            try {
                FileLock lock = channel.tryLock();
                while (lock == null && System.nanoTime() - start < patience.toNanos()) {
                    // To wait in lock() instead would have no end.
                    TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
                    lock = channel.tryLock();
                }
                if (lock == null) {
                    return Optional.empty();
                }
                taken = true;
                return Optional.of(new Held(permit, channel, lock));
            } finally {
                if (!taken) {
                    closeQuietly(channel);
                }
            }
        } catch (IOException e) {
            throw DirectoryFiles.failure("lock", file, e);
        } finally {
            if (!taken) {
                permit.release();
            }
        }
    }

    /** Returns one name for the file, however its directory was reached. */
    private Path realFile() {
        try {
            Files.createDirectories(directory);
            return directory.toRealPath().resolve(file.getFileName());
        } catch (IOException e) {
            throw DirectoryFiles.failure("lock", file, e);
        }
    }

    private static void closeQuietly(FileChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            // Whatever close() says, the descriptor is gone, and the lock with it.
            return;
        }
    }
}
