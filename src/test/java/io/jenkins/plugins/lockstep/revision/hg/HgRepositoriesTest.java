package io.jenkins.plugins.lockstep.revision.hg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.lockstep.MercurialTest;
import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.revision.HgTestRepository;
import io.jenkins.plugins.lockstep.revision.Repository;
import io.jenkins.plugins.lockstep.revision.Revision;
import io.jenkins.plugins.lockstep.revision.RevisionFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The program itself: how often it runs, what it may read, how it ends. Stand-ins for hg are shell scripts. */
@MercurialTest
@DisabledOnOs(OS.WINDOWS)
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class HgRepositoriesTest {

    private static final String MARK = "touch '%s'";

    @TempDir
    Path directory;

    private HgTestRepository project;

    @BeforeEach
    void initialise() {
        project = HgTestRepository.init(directory.resolve("project"));
    }

    @Test
    void oneProcessAnswersWhateverTheNumberOfFilesAndEndsWithTheRepository() throws IOException {
        for (int i = 0; i < 40; i++) {
            project.write("config/file" + i, "content " + i);
        }
        String first = project.commit("first");
        project.write("config/file0", "other").commit("second");
        Path pids = directory.resolve("pids");
        Map<String, String> environment = withProgram("echo $$ >>'" + pids + "'\nexec hg \"$@\"");

        try (Repository repository = open(environment)) {
            assertThat(repository.root()).isEqualTo(project.root());
            assertThat(repository.originUrl()).isEmpty();
            assertThat(pids).doesNotExist();

            Revision head = repository.resolve("HEAD");
            RevisionFiles files = repository.files(head);
            files.list("config")
                    .forEach(file -> assertThat(files.read(file.path())).isNotEmpty());
            repository.resolve("default");
            repository.uncommittedChanges();
            repository.ancestry(first, head.id());
            repository.ancestors(head, 10);
            repository.changedPaths(repository.resolve(first), head);
            assertThat(Files.readAllLines(pids)).hasSize(1);
            assertThat(ProcessHandle.of(Long.parseLong(Files.readAllLines(pids).get(0))))
                    .isPresent();
        }

        assertThat(ProcessHandle.of(Long.parseLong(Files.readAllLines(pids).get(0)))
                        .filter(ProcessHandle::isAlive))
                .isEmpty();
    }

    @Test
    void inARepositoryOfTenThousandCommitsQuestionsStayFew() throws IOException {
        project.hg("debugbuilddag", "+10000");
        project.checkout("tip");
        Path starts = directory.resolve("starts");
        List<String> all = project.hg("log", "--template", "{node}\n").lines().toList();
        Set<String> seen = new TreeSet<>();
        String ambiguous = all.stream()
                .map(id -> id.substring(0, 4))
                .filter(prefix -> !prefix.matches("[0-9]+") && !seen.add(prefix))
                .findFirst()
                .orElseThrow();

        try (Repository repository = open(withProgram("echo x >>'" + starts + "'\nexec hg \"$@\""))) {
            Revision head = repository.resolve("HEAD");
            assertThat(head.id()).isEqualTo(all.get(0));
            assertThat(repository.ancestors(head, 5000)).isEqualTo(all.subList(0, 5000));
            assertThat(repository.resolve(head.id() + "~9999").id()).isEqualTo(all.get(9999));
            assertThat(repository.resolve(all.get(5000).substring(0, 12)).id()).isEqualTo(all.get(5000));
            assertThat(repository.ancestry(all.get(9999), head.id()).relation())
                    .isEqualTo(io.jenkins.plugins.lockstep.revision.Ancestry.Relation.ANCESTOR);
            assertThatThrownBy(() -> repository.resolve(ambiguous))
                    .hasMessageContaining("the short id " + ambiguous + " means more than one commit")
                    .hasMessageContaining(" (r");
            assertThat(Files.readAllLines(starts)).hasSize(1);
        }
    }

    @Test
    void nothingThatAnyConfigurationNamesIsRunOrChangesAnAnswer() throws IOException {
        Path ran = directory.resolve("ran");
        String mark = MARK.formatted(ran);
        Path extension = directory.resolve("hostile.py");
        Files.writeString(extension, "open(" + "r'" + ran + "', 'w').close()\n");
        String hostile =
                """
                [ui]
                editor = %1$s
                merge = %1$s
                verbose = true
                debug = true
                quiet = true
                color = always
                interactive = true
                logtemplate = hostile
                tweakdefaults = true
                relative-paths = true
                [alias]
                log = !%1$s
                cat = !%1$s
                files = !%1$s
                status = !%1$s
                serve = !%1$s
                [defaults]
                log = --verbose
                status = --all
                [hooks]
                pre-log = %1$s
                pre-cat = %1$s
                pre-status = %1$s
                post-files = %1$s
                [extensions]
                hostile = %2$s
                pager =
                eol =
                [pager]
                pager = %1$s
                attend-log = true
                [revsetalias]
                id($1) = none()
                [templatealias]
                node = "hostile"
                [decode]
                ** = %1$s; cat
                [encode]
                ** = %1$s; cat
                [fsmonitor]
                mode = on
                """
                        .formatted(mark, extension);
        String id = project.write("a", "1").commit("first");
        Path home = Files.createDirectories(directory.resolve("home"));
        Files.writeString(home.resolve(".hgrc"), hostile);
        Files.writeString(project.root().resolve(".hg/hgrc"), hostile);
        Files.writeString(project.root().resolve(".hg/hgrc-not-shared"), hostile);
        var environment = new HashMap<>(System.getenv());
        environment.put("HOME", home.toString());
        environment.put("HGRCPATH", home.resolve(".hgrc").toString());
        environment.put("HGPLAINEXCEPT", "alias,color,i18n,revsetalias,templatealias,progress");
        environment.put("HGENCODING", "ascii");
        environment.put("LANGUAGE", "de");
        environment.put("EDITOR", mark);
        environment.put("PAGER", mark);
        environment.put("HG_PENDING", project.root().toString());

        try (Repository repository = open(environment)) {
            Revision head = repository.resolve("default");
            assertThat(head.id()).isEqualTo(id);
            assertThat(repository.files(head).read("a")).asString().isEqualTo("1");
            assertThat(repository.files(head).list("")).hasSize(1);
            assertThat(repository.uncommittedChanges()).isEmpty();
            assertThat(repository.ancestors(head, 5)).containsExactly(id);
            assertThatThrownBy(() -> repository.resolve("nothing-so-named"))
                    .hasMessageContaining("no branch, bookmark, tag or commit is named");
        }
        assertThat(ran).doesNotExist();
    }

    @Test
    void withoutHgTheErrorSaysSoAndWhatToDo() {
        project.write("a", "1").commit("first");

        for (Map<String, String> environment :
                List.of(Map.of("PATH", directory.toString()), Map.of("HG", "/nowhere/hg", "PATH", "/usr/bin"))) {
            assertThatThrownBy(() -> open(environment).resolve("HEAD"))
                    .isInstanceOfSatisfying(DeliveryException.class, e -> {
                        assertThat(e.problem()).isEqualTo(Problem.BAD_INPUT);
                        assertThat(e.hint()).contains("install Mercurial").contains("HG");
                    })
                    .hasMessageContaining("the program hg can't be started");
        }
    }

    @Test
    void aProgramOnARelativePathIsNotRun() throws IOException {
        project.write("a", "1").commit("first");
        Files.move(Path.of(withProgram("exit 1").get("HG")), directory.resolve("hg"));
        String relative = Path.of("").toAbsolutePath().relativize(directory).toString();

        try (Repository repository = open(Map.of("PATH", relative + ":" + System.getenv("PATH")))) {
            assertThat(repository.resolve("HEAD")).isNotNull();
        }
    }

    @Test
    void aProgramThatIsNoMercurialOrAnOldOneIsRefused() throws IOException {
        project.write("a", "1").commit("first");

        assertFailure(withProgram("echo hello there"), "does not speak the protocol");
        assertFailure(withProgram("echo 'cannot load python' >&2; exit 3"), "cannot load python");
        assertFailure(withProgram("exit 0"), "hg ended without an answer");
        // Its help is empty, so it does not know the variable that keeps it from reading .hg/hgrc.
        assertFailure(
                withProgram("printf 'o\\0\\0\\0\\044capabilities: getencoding runcommand'\n"
                        + "printf 'r\\0\\0\\0\\004\\0\\0\\0\\0'\nexec cat >/dev/null"),
                "this Mercurial is too old");
    }

    private void assertFailure(Map<String, String> environment, String words) {
        try (Repository repository = open(environment)) {
            assertThatThrownBy(() -> repository.resolve("HEAD"))
                    .isInstanceOfSatisfying(DeliveryException.class, e -> assertThat(e.problem())
                            .isEqualTo(Problem.BAD_INPUT))
                    .hasMessageContaining(words)
                    .hasMessageContaining(project.root().toString());
        }
    }

    @Test
    void anInterruptEndsTheProcess() throws Exception {
        project.write("a", "1").commit("first");
        Path pid = directory.resolve("pid");
        var environment = withProgram("echo $$ >'" + pid + ".new'; mv '" + pid + ".new' '" + pid + "'\nexec sleep 600");
        var outcome = new ArrayList<Throwable>();
        var interrupted = new ArrayList<Boolean>();
        var waiting = new Thread(() -> {
            try (Repository repository = open(environment)) {
                repository.resolve("HEAD");
            } catch (DeliveryException e) {
                outcome.add(e);
                interrupted.add(Thread.currentThread().isInterrupted());
            }
        });
        waiting.start();
        while (!Files.exists(pid)) {
            Thread.sleep(20);
        }
        Optional<ProcessHandle> process =
                ProcessHandle.of(Long.parseLong(Files.readString(pid).strip()));
        waiting.interrupt();
        waiting.join();

        assertThat(outcome).singleElement().isInstanceOfSatisfying(DeliveryException.class, e -> assertThat(e.problem())
                .isEqualTo(Problem.INTERRUPTED));
        assertThat(interrupted).containsExactly(true);
        process.ifPresent(handle -> handle.onExit().join());
    }

    @Test
    void aRepositoryWithAnUnknownRequirementSaysWhich() throws IOException {
        project.write("a", "1").commit("first");
        Files.writeString(
                project.root().resolve(".hg/requires"),
                Files.readString(project.root().resolve(".hg/requires")) + "teleport\n");

        try (Repository repository = open(System.getenv())) {
            assertThatThrownBy(() -> repository.resolve("HEAD"))
                    .hasMessageContaining("it requires teleport")
                    .extracting(e -> ((DeliveryException) e).hint())
                    .asString()
                    .contains("install a newer Mercurial");
        }
    }

    @Test
    void aDamagedRepositorySaysHowToLookForIt() throws IOException {
        project.write("a", "1").commit("first");
        Files.write(project.root().resolve(".hg/store/00changelog.i"), new byte[] {1, 2, 3, 4, 5});

        try (Repository repository = open(System.getenv())) {
            assertThatThrownBy(() -> repository.resolve("HEAD"))
                    .hasMessageContaining("the Mercurial repository can't be read")
                    .extracting(e -> ((DeliveryException) e).hint())
                    .asString()
                    .contains("hg verify");
        }
    }

    @Test
    void aSharedWorkTreeHasItsOwnHeadAndItsOwnChanges() {
        String first = project.write("a", "1").commit("first");
        String second = project.write("a", "2").commit("second");
        HgTestRepository shared = project.share(directory.resolve("shared"));
        shared.checkout(first).write("a", "changed").write("new", "untracked");

        try (Repository repository = new HgRepositories(System.getenv(), List.of()).open(shared.root())) {
            assertThat(repository.root()).isEqualTo(shared.root());
            assertThat(repository.resolve("HEAD").id()).isEqualTo(first);
            assertThat(repository.resolve("tip").id()).isEqualTo(second);
            assertThat(repository.uncommittedChanges()).containsExactly("a").isEqualTo(shared.changed());
        }
    }

    @Test
    void theOriginIsThePathThatIsTheDefault() throws IOException {
        Path hgrc = project.root().resolve(".hg/hgrc");
        assertThat(origin()).isEmpty();

        Files.writeString(
                hgrc,
                "# a comment\n[ui]\ndefault = no\n[paths]\nother = x\ndefault=https://me:secret@example.com/shop/cart \n"
                        + "default:pushurl = ssh://elsewhere\n");
        assertThat(origin()).containsExactly("https://me:secret@example.com/shop/cart");

        Files.writeString(hgrc, Files.readString(hgrc) + "[hooks]\n[paths]\n%unset default\n");
        assertThat(origin()).isEmpty();
    }

    private List<String> origin() {
        try (Repository repository = open(System.getenv())) {
            return repository.originUrl().stream().toList();
        }
    }

    private Repository open(Map<String, String> environment) {
        return new HgRepositories(environment, List.of()).open(project.root());
    }

    /** The machine's variables, with a shell script for hg. */
    private Map<String, String> withProgram(String script) throws IOException {
        Path program = directory.resolve("stand-in-hg");
        Files.writeString(program, "#!/bin/sh\n" + script + "\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
        var environment = new HashMap<>(System.getenv());
        environment.put("HG", program.toString());
        return environment;
    }
}
