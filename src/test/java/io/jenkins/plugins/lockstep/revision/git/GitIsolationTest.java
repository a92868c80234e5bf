package io.jenkins.plugins.lockstep.revision.git;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.revision.GitTestRepository;
import io.jenkins.plugins.lockstep.revision.Repository;
import io.jenkins.plugins.lockstep.revision.Revision;
import io.jenkins.plugins.lockstep.revision.RevisionFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What a person's own configuration may do to Lockstep, in a process of its own: JGit reads a home directory once. */
@DisabledOnOs(OS.WINDOWS)
class GitIsolationTest {

    @TempDir
    Path directory;

    private Path home;
    private GitTestRepository git;

    @BeforeEach
    void aRepositoryAndAHome() throws IOException {
        home = Files.createDirectories(directory.resolve("home"));
        git = GitTestRepository.init(directory.resolve("project"));
        git.write("config/a", "a\n").write("run", "r\n").executable("run", true).commit("first");
        git.write("config/a", "b\n").commit("second");
        git.packRefs().git("gc", "--quiet");
    }

    @Test
    void theUsualWayWritesNothingAtHomeAndNothingInTheRepository() throws Exception {
        var before = listing(git.root());

        assertThat(asAnotherProcess()).isEqualTo("[] b\n ANCESTOR 2\n");

        assertThat(listing(home)).isEmpty();
        assertThat(listing(git.root())).isEqualTo(before);
    }

    @Test
    void nothingThatThePersonsConfigurationNamesIsRun() throws Exception {
        Path ran = directory.resolve("ran");
        String command = "touch '" + ran + "'; cat";
        Files.writeString(
                home.resolve(".gitconfig"),
                """
                [core]
                    fsmonitor = %1$s
                    hooksPath = /nowhere
                    pager = %1$s
                    sshCommand = %1$s
                    attributesFile = ~/attributes
                [filter "own"]
                    clean = %1$s
                    smudge = %1$s
                    process = %1$s
                    required = true
                [alias]
                    status = !%1$s
                """
                        .formatted('"' + command + '"'));
        Files.writeString(home.resolve("attributes"), "* filter=own\n");
        // Another time than in the index, so that the content is looked at.
        git.write("config/a", "b\n");

        assertThat(asAnotherProcess()).isEqualTo("[] b\n ANCESTOR 2\n");
        assertThat(ran).doesNotExist();
    }

    @Test
    void whatThePersonSaysAboutLineEndsAndModesCounts() throws Exception {
        git.executable("run", false).write("config/a", "b\r\n");
        assertThat(asAnotherProcess()).startsWith("[config/a, run] ");

        // The repository's own word about modes, which git init writes, would win.
        git.git("config", "--unset", "core.fileMode");
        Files.writeString(home.resolve(".gitconfig"), "[core]\n  autocrlf = true\n  fileMode = false\n");
        assertThat(asAnotherProcess()).startsWith("[] ");
    }

    @Test
    void aBrokenConfigurationOfThePersonIsNamed() throws Exception {
        Files.writeString(home.resolve(".gitconfig"), "[core\n");

        assertThat(asAnotherProcess())
                .contains("can't be read")
                .contains(home.resolve(".gitconfig").toString());
    }

    private static java.util.List<Path> listing(Path top) throws IOException {
        try (Stream<Path> paths = Files.walk(top)) {
            return paths.filter(Files::isRegularFile).sorted().toList();
        }
    }

    private String asAnotherProcess() throws Exception {
        Path errors = directory.resolve("errors");
        ProcessBuilder java = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Duser.home=" + home,
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        Reading.class.getName(),
                        git.root().toString())
                .redirectError(errors.toFile());
        java.environment().keySet().removeIf(name -> name.startsWith("GIT_") || name.startsWith("XDG_"));
        java.environment().put("HOME", home.toString());
        java.environment().put("GIT_CONFIG_NOSYSTEM", "1");
        Process process = java.start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue()).as(Files.readString(errors)).isZero();
        return output;
    }

    /** The usual way through the port. */
    static final class Reading {

        private Reading() {}

        public static void main(String[] arguments) {
            try (Repository repository = new GitRepositories().open(Path.of(arguments[0]))) {
                Revision head = repository.resolve("HEAD");
                Revision before = repository.resolve("main~1");
                RevisionFiles files = repository.files(head);
                System.out.print(repository.uncommittedChanges()
                        + " "
                        + new String(files.read(files.list("config").get(0).path()), UTF_8)
                        + " " + repository.ancestry(before.id(), head.id()).relation()
                        + " "
                        + repository
                                .ancestors(repository.resolve(head.id()), 5000)
                                .size()
                        + "\n");
            } catch (DeliveryException e) {
                System.out.print(e.getMessage());
            }
        }
    }
}
