package io.jenkins.plugins.lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConsoleProgressTest {

    private static final int THREADS = 8;
    private static final int LINES = 500;

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void linesOfSeveralThreadsStayWhole(boolean terminal) throws Exception {
        var written = new ByteArrayOutputStream();
        var shell = new Shell(
                new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8),
                new PrintStream(written, true, StandardCharsets.UTF_8),
                Map.of("NO_COLOR", "1"),
                Path.of(""),
                terminal,
                "jane");
        var start = new CountDownLatch(1);
        var threads = new ArrayList<Thread>();
        try (var progress = new ConsoleProgress(shell, new GlobalOptions())) {
            for (int i = 0; i < THREADS; i++) {
                String line = "[app" + i + "] " + "x".repeat(100 + i);
                var thread = new Thread(() -> {
                    awaitQuietly(start);
                    for (int n = 0; n < LINES; n++) {
                        progress.step(line);
                        progress.advance("projects", n / (double) LINES);
                    }
                    progress.warn(line);
                });
                thread.start();
                threads.add(thread);
            }
            start.countDown();
            for (Thread thread : threads) {
                thread.join();
            }
        }

        String[] lines = written.toString(StandardCharsets.UTF_8)
                .replaceAll("\r\u001b\\[K\\[=* *\\] projects", "")
                .replace("\r\u001b[K", "")
                .split("\\R");

        assertThat(lines).hasSize(THREADS * (LINES + 1));
        assertThat(lines).allMatch(line -> line.matches("(warning: )?\\[app[0-7]\\] x{100,107}"));
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
