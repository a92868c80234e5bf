package io.jenkins.plugins.lockstep.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A whole process, from its start to its end: what somebody waits for who types a command. */
final class Command {

    private final Path directory;
    private final List<String> words;
    private final Map<String, String> environment = new LinkedHashMap<>();

    Command(Path directory, String... words) {
        this.directory = directory;
        this.words = List.of(words);
    }

    Command with(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    /**
     * Runs it and returns what it printed.
     *
     * @throws IOException where it does not end with exit code 0; says what it printed
     */
    String run() throws IOException, InterruptedException {
        Path output = Files.createTempFile("lockstep-bench", ".out");
        try {
            var builder = new ProcessBuilder(words)
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile());
            builder.environment().putAll(environment);
            int code = builder.start().waitFor();
            String printed = Files.readString(output);
            if (code != 0) {
                throw new IOException(words + " ended with exit code " + code + ":\n" + printed);
            }
            return printed;
        } finally {
            Files.delete(output);
        }
    }
}
