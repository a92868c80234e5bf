package io.jenkins.plugins.lockstep.directory;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.common.Progress;
import io.jenkins.plugins.lockstep.history.EnvironmentLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** The lock of an environment in a target directory. A holder that dies loses it at once. */
public final class DirectoryEnvironmentLock implements EnvironmentLock {

    private final String environment;
    private final DirectoryLock lock;
    private final Path holderFile;

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
    }

    @Override
    public Held acquire(String holder, Duration patience, Progress progress) throws InterruptedException {
        Optional<DirectoryLock.Held> taken = lock.take(Duration.ZERO);
        if (taken.isEmpty()) {
            progress.step("waiting for " + current() + ", who releases to " + environment);
            taken = lock.take(patience);
        }
        DirectoryLock.Held held = taken.orElseThrow(
                () -> DeliveryException.of(Problem.LOCKED, "someone else is releasing to " + environment)
                        .where(lock.file().toString())
                        .why(current() + " holds the lock")
                        .hint("wait until that release has ended, or wait longer with --lock-timeout"));
        try {
            DirectoryFiles.write(holderFile, holder.getBytes(StandardCharsets.UTF_8), false);
        } catch (DeliveryException e) {
            held.close();
            throw e;
        }
        return new HeldEnvironment(held);
    }

    private String current() {
        return DirectoryFiles.read(holderFile)
                .map(name -> new String(name, StandardCharsets.UTF_8))
                .orElse("someone");
    }

    private record HeldEnvironment(DirectoryLock.Held held) implements Held {

        @Override
        public void check() {
            if (!held.isValid()) {
                throw DeliveryException.of(Problem.LOCKED, "the lock of the environment is no longer held")
                        .hint("start again");
            }
        }

        @Override
        public void close() {
            held.close();
        }
    }
}
