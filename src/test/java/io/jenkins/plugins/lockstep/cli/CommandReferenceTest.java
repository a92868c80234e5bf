package io.jenkins.plugins.lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.lockstep.common.Problem;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Holds {@code docs/cli.md} against the program.
 *
 * <p>{@code ./mvnw test -Dtest=CommandReferenceTest -Dlockstep.docs=write} writes the generated part anew.
 */
class CommandReferenceTest {

    private static final Path PAGE = Path.of("docs", "cli.md");
    private static final String BEGIN = "<!-- commands: begin (written by CommandReferenceTest) -->\n\n";
    private static final String END = "\n<!-- commands: end -->\n";

    @Test
    void thePageSaysWhatTheProgramDeclares() throws IOException {
        String page = Files.readString(PAGE).replace("\r\n", "\n");
        int begin = page.indexOf(BEGIN) + BEGIN.length();
        int end = page.indexOf(END);
        assertThat(begin).isGreaterThan(BEGIN.length());
        assertThat(end).isGreaterThan(begin);
        String commands =
                new CommandReference(LockstepCommand.commandLine(nobody()).getCommandSpec()).text();

        if ("write".equals(System.getProperty("lockstep.docs"))) {
            Files.writeString(PAGE, page.substring(0, begin) + commands + page.substring(end));
            return;
        }
        assertThat(page.substring(begin, end)).isEqualTo(commands);
    }

    @Test
    void thePageNamesEveryExitCodeWithTheWordsOfItsErrors() throws IOException {
        String page = Files.readString(PAGE);

        for (Problem problem : Problem.values()) {
            assertThat(page.lines())
                    .as(problem.code())
                    .anyMatch(line -> line.startsWith("| " + problem.exitCode() + " |")
                            && line.contains("`" + problem.code() + "`"));
        }
    }

    private static Shell nobody() {
        var out = new PrintStream(OutputStream.nullOutputStream());
        return new Shell(out, out, Map.of(), Path.of(""), false, "nobody");
    }
}
