package io.jenkins.plugins.lockstep.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The completion script, in a real bash. */
@DisabledOnOs(OS.WINDOWS)
class CompletionTest {

    @TempDir
    Path temporary;

    private Path script;

    @BeforeEach
    void writeScript() throws IOException {
        var out = new ByteArrayOutputStream();
        var shell = new Shell(
                new PrintStream(out, true, UTF_8),
                new PrintStream(out, true, UTF_8),
                Map.of(),
                temporary,
                false,
                "jane");
        assertThat(LockstepCommand.run(shell, "completion")).isZero();
        script = Files.write(temporary.resolve("completion"), out.toByteArray());
    }

    @Test
    void aScriptIsNoJsonDocument() {
        var out = new ByteArrayOutputStream();
        var shell = new Shell(
                new PrintStream(out, true, UTF_8),
                new PrintStream(new ByteArrayOutputStream(), true, UTF_8),
                Map.of(),
                temporary,
                false,
                "jane");

        assertThat(LockstepCommand.run(shell, "completion", "--json")).isEqualTo(2);
        assertThat(out.toString(UTF_8)).startsWith("{\"error\":{\"code\":\"bad-usage\"");
    }

    @Test
    void commandsAreCompleted() throws Exception {
        assertThat(completionsOf("lockstep", "re")).contains("release");
        assertThat(completionsOf("lockstep", "roll")).containsExactly("rollback");
    }

    @Test
    void optionsAreCompletedAndTheirValuesWhereTheyAreKnown() throws Exception {
        assertThat(completionsOf("lockstep", "release", "--on-")).containsExactly("--on-failure");
        assertThat(completionsOf("lockstep", "deploy", "--lock")).containsExactly("--lock-timeout");
        assertThat(completionsOf("lockstep", "release", "--on-failure", "k")).containsExactly("keep");
    }

    private List<String> completionsOf(String... words) throws IOException, InterruptedException {
        // bash's own compopt refuses to work outside of a completion that a person has begun with Tab.
        String line = "compopt() { :; }; source '" + script + "'; COMP_WORDS=(" + String.join(" ", words)
                + "); COMP_CWORD=" + (words.length - 1) + "; _complete_lockstep; printf '%s\\n' \"${COMPREPLY[@]}\"";
        Process bash =
                new ProcessBuilder("bash", "-c", line).redirectErrorStream(true).start();
        String printed = new String(bash.getInputStream().readAllBytes(), UTF_8);
        assertThat(bash.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(bash.exitValue()).as(printed).isZero();
        return printed.lines()
                .filter(word -> !word.isBlank())
                .map(String::strip)
                .toList();
    }
}
