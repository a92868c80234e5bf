package io.jenkins.plugins.lockstep.revision.git;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.revision.GitTestRepository;
import io.jenkins.plugins.lockstep.revision.Repository;
import io.jenkins.plugins.lockstep.revision.RevisionFiles;
import io.jenkins.plugins.lockstep.revision.RevisionFiles.TrackedFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Names of files that some system, some locale or some reader has trouble with. */
class GitPathsTest {

    @TempDir
    Path directory;

    private GitTestRepository git;

    @BeforeEach
    void initialise() {
        git = GitTestRepository.init(directory.resolve("project"));
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void namesThatWindowsDoesNotAllowAreRead() {
        List<String> names =
                List.of("a:b", "aux.txt", "con", "dot.", "q?", "s*", "a\\b", "tab\there", "line\nfeed", " x ");
        for (String name : names) {
            git.write("config/" + name, name);
        }
        git.commit("odd names");

        try (Repository repository = open()) {
            RevisionFiles files = repository.files(repository.resolve("HEAD"));
            assertThat(files.list("config")).hasSize(names.size());
            for (String name : names) {
                assertThat(files.read("config/" + name)).asString().isEqualTo(name);
            }
            assertThat(files.exists("config/a/b")).isFalse();
            assertThat(repository.uncommittedChanges()).isEmpty();
        }
        git.write("config/a\\b", "edited");
        assertThat(changes()).containsExactly("config/a\\b").isEqualTo(git.changed());
    }

    @Test
    void namesThatDifferInCaseAloneAreTwoFiles() {
        stage("config/App.properties", "upper");
        stage("config/app.properties", "lower");
        git.commitIndex("both");

        try (Repository repository = open()) {
            RevisionFiles files = repository.files(repository.resolve("HEAD"));
            assertThat(files.read("config/App.properties")).asString().isEqualTo("upper");
            assertThat(files.read("config/app.properties")).asString().isEqualTo("lower");
            assertThat(files.exists("config/APP.properties")).isFalse();
        }
    }

    @Test
    void namesOfEitherUnicodeFormAreAsTheyWereCommitted() {
        stage("config/caf\u00e9", "composed");
        stage("config/cafe\u0301", "decomposed");
        git.commitIndex("both forms");

        try (Repository repository = open()) {
            RevisionFiles files = repository.files(repository.resolve("HEAD"));
            assertThat(files.read("config/caf\u00e9")).asString().isEqualTo("composed");
            assertThat(files.read("config/cafe\u0301")).asString().isEqualTo("decomposed");
        }
    }

    @Test
    void aPathLongerThanAnySystemAllowsIsRead() {
        String path = "config/" + ("x".repeat(200) + "/").repeat(30) + "y";
        stage(path, "deep");
        git.commitIndex("long");

        try (Repository repository = open()) {
            RevisionFiles files = repository.files(repository.resolve("HEAD"));
            assertThat(files.list("config")).containsExactly(new TrackedFile(path, false));
            assertThat(files.read(path)).asString().isEqualTo("deep");
            assertThat(repository.uncommittedChanges()).containsExactly(path);
        }
    }

    @Test
    void aTreeOfATthousandLevelsIsRead() {
        String path = "d/".repeat(1000) + "y";
        stage(path, "deep");
        git.commitIndex("deep");

        try (Repository repository = open()) {
            RevisionFiles files = repository.files(repository.resolve("HEAD"));
            assertThat(files.list("")).containsExactly(new TrackedFile(path, false));
            assertThat(files.read(path)).asString().isEqualTo("deep");
        }
    }

    @Test
    void aDirectoryThatBecameALinkToItsCopyCounts() throws IOException {
        git.write("dir/a", "1").write("b", "2").commit("first");
        Files.move(git.root().resolve("dir"), git.root().resolve("moved"));
        git.link("dir", "moved");

        assertThat(changes()).containsExactly("dir/a").isEqualTo(git.changed());
    }

    /** In a shell of its own: Java can't even name such a file. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void aNameThatIsNotUtf8IsRefusedWhereItIsListedAndNowhereElse() throws Exception {
        git.write("config/a", "1").write("other/caf\u00e9", "another file");
        shell("printf latin > \"$(printf 'other/caf\\351')\"");
        git.commit("a name in Latin 1");

        try (Repository repository = open()) {
            RevisionFiles files = repository.files(repository.resolve("HEAD"));
            assertThat(files.list("config")).hasSize(1);
            assertThat(files.read("other/caf\u00e9")).asString().isEqualTo("another file");
            assertThatThrownBy(() -> files.list("other"))
                    .isInstanceOfSatisfying(DeliveryException.class, e -> assertThat(e.problem())
                            .isEqualTo(Problem.BAD_INPUT))
                    .hasMessageContaining("the name of this file is not UTF-8")
                    .hasMessageContaining("other/caf\\351 at revision");
        }
        assertThat(git.changed()).isEmpty();
        assertThatThrownBy(this::changes)
                .isInstanceOfSatisfying(
                        DeliveryException.class, e -> assertThat(e.problem()).isEqualTo(Problem.BAD_INPUT))
                .hasMessageContaining("can't see a tracked file")
                .hasMessageContaining("other/caf\\351");

        shell("git update-index --assume-unchanged \"$(printf 'other/caf\\351')\"");
        assertThat(changes()).isEmpty();
    }

    /** As an agent that is started without a locale sees it. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void aNameThatTheLocaleLacksIsNotTakenForDeleted() throws Exception {
        git.write("config/a", "1").write("config/grün", "2").commit("an umlaut");
        Map<String, String> noLocale = Map.of("LC_ALL", "POSIX");

        assertThat(git.changed()).isEmpty();
        assertThat(changesInAnotherProcess(noLocale))
                .contains("can't see a tracked file")
                .contains("config/gr\\303\\274n")
                .contains("ANSI_X3.4-1968")
                .contains("LC_ALL=C.UTF-8");
        assertThat(changesInAnotherProcess(Map.of("LC_ALL", "C.UTF-8"))).isEqualTo("[]");
    }

    @Test
    void environmentVariablesOfGitChangeNothing() throws Exception {
        git.write("a", "1").commit("first");
        GitTestRepository other = GitTestRepository.init(directory.resolve("other"));
        other.write("a", "other").commit("other");
        git.write("a", "edited");
        Path nowhere = directory.resolve("nowhere");

        assertThat(changesInAnotherProcess(Map.of(
                        "GIT_DIR", other.root().resolve(".git").toString(),
                        "GIT_WORK_TREE", other.root().toString(),
                        "GIT_INDEX_FILE", nowhere.toString(),
                        "GIT_OBJECT_DIRECTORY", nowhere.toString(),
                        "GIT_CEILING_DIRECTORIES", directory.toString(),
                        "GIT_CONFIG_COUNT", "1",
                        "GIT_CONFIG_KEY_0", "core.worktree",
                        "GIT_CONFIG_VALUE_0", nowhere.toString(),
                        "GIT_NAMESPACE", "other")))
                .isEqualTo("[a]");
    }

    private void stage(String path, String content) {
        git.write("staged", content);
        String blob = git.git("hash-object", "-w", "staged").strip();
        git.delete("staged").git("update-index", "--add", "--cacheinfo", "100644," + blob + "," + path);
    }

    private void shell(String command) throws Exception {
        Process process = new ProcessBuilder("sh", "-c", command)
                .directory(git.root().toFile())
                .inheritIO()
                .start();
        assertThat(process.waitFor()).isZero();
    }

    private Repository open() {
        return new GitRepositories().open(git.root());
    }

    private List<String> changes() {
        try (Repository repository = open()) {
            return repository.uncommittedChanges();
        }
    }

    private String changesInAnotherProcess(Map<String, String> environment) throws Exception {
        Path errors = directory.resolve("errors");
        ProcessBuilder java = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Duser.home=" + directory,
                        "-Dstdout.encoding=UTF-8",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        Changes.class.getName(),
                        git.root().toString())
                .redirectError(errors.toFile());
        java.environment().keySet().removeIf(name -> name.startsWith("GIT_") || name.startsWith("LC_"));
        java.environment().put("GIT_CONFIG_NOSYSTEM", "1");
        java.environment().putAll(environment);
        Process process = java.start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue()).as(Files.readString(errors)).isZero();
        return output;
    }

    /** Asks for the changes, in a process of its own. */
    static final class Changes {

        private Changes() {}

        public static void main(String[] arguments) throws IOException {
            try (Repository repository = new GitRepositories().open(Path.of(arguments[0]))) {
                System.out.print(repository.uncommittedChanges());
            } catch (DeliveryException e) {
                System.out.print(e.getMessage() + e.why() + e.hint());
            }
        }
    }
}
