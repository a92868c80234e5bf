package io.jenkins.plugins.lockstep.directory;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.common.Progress;
import io.jenkins.plugins.lockstep.history.Claim;
import io.jenkins.plugins.lockstep.history.EnvironmentLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * The lock of an environment in a target directory. A holder that dies loses it at once, and one that is stopped keeps
 * it. Those who wait do not know of each other.
 */
public final class DirectoryEnvironmentLock implements EnvironmentLock {

    private final String environment;
    private final DirectoryLock lock;
    private final Path holderFile;
    private final Path turnFile;

    /**
     * @param directory the target directory
     * @param app the application
     * @param environment the environment
     */
    public DirectoryEnvironmentLock(Path directory, String app, String environment) {
        this.environment = environment;
        Path locks =
                directory.resolve(".lockstep").resolve("locks").resolve(DirectoryFiles.part("the application", app));
        String name = DirectoryFiles.part("the environment", environment);
        this.lock = new DirectoryLock(locks, name + ".lock");
        this.holderFile = locks.resolve(name + ".holder");
        this.turnFile = locks.resolve(name + ".turn");
    }

    @Override
    public int turn() {
        // A holder that died has left its name; what it did in its turn is recorded as crashed.
        return DirectoryFiles.read(holderFile).isPresent() ? lastTurn() : lastTurn() + 1;
    }

    @Override
    public Held acquire(Claim claim, Duration patience, Progress progress) throws InterruptedException {
        Optional<DirectoryLock.Held> taken = lock.take(Duration.ZERO);
        if (taken.isEmpty()) {
            progress.step("waiting for " + current());
            taken = lock.take(patience);
        }
        DirectoryLock.Held held = taken.orElseThrow(
                () -> DeliveryException.of(Problem.LOCKED, "someone else is releasing to " + environment)
                        .where(lock.file().toString())
                        .why(current() + " holds the lock")
                        .hint("wait until that release has ended, or wait longer with --lock-timeout"));
        try {
            int turn = lastTurn() + 1;
            write(turnFile, String.valueOf(turn));
            write(holderFile, words(claim));
            return new HeldEnvironment(held, turn, holderFile);
        } catch (DeliveryException e) {
            held.close();
            throw e;
        }
    }

    private static String words(Claim claim) {
        if (claim.revision().isEmpty()) {
            return claim.by();
        }
        String revision =
                claim.revision().substring(0, Math.min(12, claim.revision().length()));
        return claim.by()
                + (claim.rollback() ? ", who rolls back to revision " : ", who releases revision ")
                + revision;
    }

    private String current() {
        return read(holderFile).orElse("someone");
    }

    /** Returns the number of the last turn that anybody had, 0 before the first. */
    private int lastTurn() {
        return read(turnFile)
                .filter(text -> text.matches("[0-9]{1,9}"))
                .map(Integer::valueOf)
                .orElse(0);
    }

    private static Optional<String> read(Path file) {
        return DirectoryFiles.read(file).map(text -> new String(text, StandardCharsets.UTF_8));
    }

    private static void write(Path file, String text) {
        DirectoryFiles.write(file, text.getBytes(StandardCharsets.UTF_8), false);
    }

    private record HeldEnvironment(DirectoryLock.Held held, int turn, Path holderFile) implements Held {

        @Override
        public Set<String> newer() {
            return Set.of();
        }

        @Override
        public void fence() {
            check();
        }

        @Override
        public void check() {
            if (!held.isValid()) {
                throw DeliveryException.of(Problem.LOCKED, "the lock of the environment is no longer held")
                        .hint("start again");
            }
        }

        @Override
        public void close() {
            try {
                if (held.isValid()) {
                    DirectoryFiles.delete(holderFile);
                }
            } catch (DeliveryException e) {
                return; // it is only a name for those who wait
            } finally {
                held.close();
            }
        }
    }
}
