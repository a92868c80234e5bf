package io.jenkins.plugins.lockstep.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.common.Progress;
import io.jenkins.plugins.lockstep.history.Claim;
import io.jenkins.plugins.lockstep.history.EnvironmentLock;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryEnvironmentLockTest {

    private static final Duration LONG = Duration.ofMinutes(2);

    @TempDir
    private Path directory;

    /** Another process that holds the lock until it is killed. */
    public static final class Holder {
        public static void main(String[] arguments) throws Exception {
            var lock = new DirectoryEnvironmentLock(Path.of(arguments[0]), "cart", "production");
            try (var held = lock.acquire(claim("jane on another machine"), LONG, Progress.NONE)) {
                held.check();
                System.out.println("held");
                Thread.currentThread().join();
            }
        }
    }

    @Test
    void aKilledProcessLosesTheLockAtOnce() throws Exception {
        Process holder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Holder.class.getName(),
                        directory.toString())
                .redirectErrorStream(true)
                .start();
        try {
            var output = new BufferedReader(new InputStreamReader(holder.getInputStream(), StandardCharsets.UTF_8));
            assertThat(output.readLine()).isEqualTo("held");
            var said = new ArrayList<String>();

            var failure = catchThrowableOfType(
                    DeliveryException.class, () -> lock("production").acquire(claim("joe"), Duration.ZERO, said::add));

            assertThat(failure.problem()).isEqualTo(Problem.LOCKED);
            assertThat(failure.why()).contains("jane on another machine");
            assertThat(said)
                    .containsExactly("waiting for jane on another machine, who rolls back to revision 0123456789ab");
        } finally {
            holder.destroyForcibly().waitFor();
        }
        try (EnvironmentLock.Held held = lock("production").acquire(claim("joe"), LONG, Progress.NONE)) {
            held.check();
        }
    }

    @Test
    void oneThreadAtATimeHoldsIt() throws Exception {
        var held = lock("production").acquire(claim("jane"), LONG, Progress.NONE);
        assertThat(catchThrowableOfType(DeliveryException.class, () -> lock("production")
                                .acquire(claim("joe"), Duration.ZERO, Progress.NONE))
                        .problem())
                .isEqualTo(Problem.LOCKED);
        held.check();
        lock("staging").acquire(claim("joe"), Duration.ZERO, Progress.NONE).close();

        held.close();
        held.close();
        var next = lock("production").acquire(claim("joe"), Duration.ZERO, Progress.NONE);
        assertThat(catchThrowableOfType(DeliveryException.class, held::check).problem())
                .isEqualTo(Problem.LOCKED);
        next.check();
        next.close();
    }

    @Test
    void anInterruptedWaiterStopsWaiting() throws Exception {
        var held = lock("production").acquire(claim("jane"), LONG, Progress.NONE);
        List<Throwable> ends = new ArrayList<>();
        var waiter = new Thread(() -> {
            try {
                lock("production").acquire(claim("joe"), LONG, Progress.NONE);
            } catch (InterruptedException e) {
                ends.add(e);
            }
        });
        waiter.start();
        waiter.interrupt();
        waiter.join();

        assertThat(ends).hasSize(1);
        held.close();
        lock("production").acquire(claim("joe"), Duration.ZERO, Progress.NONE).close();
    }

    private static Claim claim(String by) {
        return Claim.outOfTurn(by, "0123456789abcdef");
    }

    private DirectoryEnvironmentLock lock(String environment) {
        return new DirectoryEnvironmentLock(directory, "cart", environment);
    }
}
