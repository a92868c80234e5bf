package io.jenkins.plugins.lockstep.cli;

import io.jenkins.plugins.lockstep.common.Problem;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The program {@code lockstep}. */
public final class Main {

    /** How long a release may take to write its end into the ledger after Ctrl-C. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private Main() {}

    public static void main(String[] arguments) {
        // The Kubernetes client logs through SLF4J, which would tell every user that it found nowhere to log to.
        System.setProperty("slf4j.internal.verbosity", "ERROR");
        ProxyProperties.set(System.getenv());
        var shell = new Shell(
                System.out,
                System.err,
                System.getenv(),
                Path.of("").toAbsolutePath(),
                isTerminal(),
                System.getProperty("user.name", "unknown"));
        var ended = new CountDownLatch(1);
        Thread worker = Thread.currentThread();
        Thread onSignal = new Thread(
                () -> {
                    if (ended.getCount() == 0) {
                        return;
                    }
                    worker.interrupt();
                    awaitEnd(ended);
                    Runtime.getRuntime().halt(Problem.INTERRUPTED.exitCode());
                },
                "interrupt");
        Runtime.getRuntime().addShutdownHook(onSignal);
        int exitCode;
        try {
            exitCode = LockstepCommand.run(shell, arguments);
        } finally {
            ended.countDown();
        }
        shell.out().flush();
        shell.err().flush();
        System.exit(exitCode);
    }

    private static void awaitEnd(CountDownLatch ended) {
        try {
            if (!ended.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                System.err.println("error: stopped in the middle; where it was a release, the next one records it");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** From JDK 22 on there is always a console, which then knows whether it is a terminal. */
    @SuppressWarnings("SystemConsoleNull") // both behaviours are handled
    private static boolean isTerminal() {
        var console = System.console();
        if (console == null) {
            return false;
        }
        try {
            return (boolean) console.getClass().getMethod("isTerminal").invoke(console);
        } catch (ReflectiveOperationException e) {
            return true;
        }
    }
}
