package io.jenkins.plugins.lockstep.jenkins.page;

import io.jenkins.plugins.lockstep.common.Progress;
import java.io.Closeable;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The log of a background task: the engine's progress as plain lines, at the end of what is there. */
final class LogFile implements Progress, Closeable {

    private final PrintStream lines;
    private final Set<String> warnings = ConcurrentHashMap.newKeySet();

    LogFile(Path file) throws IOException {
        this.lines = new PrintStream(
                Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND),
                true,
                StandardCharsets.UTF_8);
    }

    @Override
    public void step(String message) {
        lines.println(message);
    }

    @Override
    public void warn(String message) {
        if (warnings.add(message)) {
            Progress.super.warn(message);
        }
    }

    @Override
    public void close() {
        lines.close();
    }
}
