package io.jenkins.plugins.lockstep.revision.hg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.lockstep.MercurialTest;
import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.revision.HgTestRepository;
import io.jenkins.plugins.lockstep.revision.Repository;
import io.jenkins.plugins.lockstep.revision.RevisionFiles;
import io.jenkins.plugins.lockstep.revision.RevisionFiles.TrackedFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@MercurialTest
class HgFilesTest {

    @TempDir
    Path directory;

    private HgTestRepository project;

    @BeforeEach
    void initialise() {
        project = HgTestRepository.init(directory.resolve("project"));
    }

    @Test
    void noFilterConvertsWhatWasCommitted() throws Exception {
        byte[] content = "one\r\n$Id$\ntwo\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        project.write("text", content)
                .write(".hgeol", "[patterns]\n** = native\n")
                .commit("mixed line ends");
        Files.writeString(
                project.root().resolve(".hg/hgrc"),
                "[extensions]\neol =\nkeyword =\n[keyword]\n** =\n[decode]\n** = tr a-z A-Z\n[encode]\n** = tr a-z A-Z\n");

        assertThat(read("text")).isEqualTo(content);
    }

    @Test
    void subrepositoriesAreListedAndRefused() {
        HgTestRepository library = HgTestRepository.init(project.root().resolve("lib"));
        String id = library.write("l", "1").commit("library");
        project.write("a", "1").write(".hgsub", "lib = lib\n").commit("with a sub-repository");

        assertThat(list("")).extracting(TrackedFile::path).containsExactly(".hgsub", ".hgsubstate", "a", "lib");
        refused("lib").hasMessageContaining("is a sub-repository").hasMessageContaining(id);
        refused("lib/l").hasMessageContaining("'lib' is a sub-repository");
        assertThatThrownBy(() -> list("lib")).hasMessageContaining("is a sub-repository");
    }

    @Test
    void aChangeOfASubrepositoryIsAChangedPath() {
        HgTestRepository library = HgTestRepository.init(project.root().resolve("lib"));
        library.write("l", "1").commit("library");
        String from = project.write("a", "1").write(".hgsub", "lib = lib\n").commit("with a sub-repository");
        library.write("l", "2").commit("moved on");
        String to = project.commitTracked("newer library", "--subrepos");

        try (Repository repository = open()) {
            assertThat(repository.changedPaths(repository.resolve(from), repository.resolve(to)))
                    .containsExactly(".hgsubstate", "lib");
        }
    }

    @Test
    void aRepositoryThatRequiresAnExtensionThatIsOffSaysWhichAndWhatToDo() {
        project.write("big", "large content");
        project.hg("add", "--large", "big", "--config", "extensions.largefiles=");
        project.hg(
                "commit",
                "--message",
                "large",
                "--config",
                "extensions.largefiles=",
                "--config",
                "largefiles.usercache=" + directory.resolve("cache"));

        assertThatThrownBy(() -> list(""))
                .hasMessageContaining("can't read this kind of Mercurial repository")
                .hasMessageContaining("it requires largefiles")
                .extracting(e -> ((DeliveryException) e).hint())
                .asString()
                .contains("hg lfconvert --to-normal");
    }

    @Test
    void standinsOfLargeFilesAreRefusedUnderBothNames() {
        // What a conversion without the extension leaves behind.
        project.write(".hglf/data/big", "0".repeat(40) + "\n")
                .write("data/small", "1")
                .commit("standin");

        assertThat(list("data")).extracting(TrackedFile::path).containsExactly("data/big", "data/small");
        refused("data/big").hasMessageContaining("kept by Mercurial's extension largefiles");
        refused(".hglf/data/big").hasMessageContaining("kept by Mercurial's extension largefiles");
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aNameThatIsNotUtf8IsRefusedWhereItWouldBeShipped() throws Exception {
        project.write("config/a", "1").write("other/b", "1");
        assertThat(new ProcessBuilder("sh", "-c", "printf 1 >\"config/$(printf 'caf\\351')\"")
                        .directory(project.root().toFile())
                        .start()
                        .waitFor())
                .isZero();
        String from = project.commit("latin-1");
        String to = project.write("other/b", "2").commit("more");

        assertThatThrownBy(() -> list("config"))
                .hasMessageContaining("the name of this file is not UTF-8")
                .hasMessageContaining("config/caf\u00e9");
        assertThat(list("other")).hasSize(1);
        try (Repository repository = open()) {
            assertThat(repository.changedPaths(repository.resolve(from), repository.resolve(to)))
                    .containsExactly("other/b");
            assertThat(repository.uncommittedChanges()).isEmpty();
        }
    }

    @Test
    void aFileThatWasRenamedIsReadWithoutItsHistory() {
        project.write("old", "text\n").commit("first");
        project.hg("move", "--quiet", "old", "new");
        project.commitTracked("moved");

        assertThat(read("new")).asString().isEqualTo("text\n");
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void filesThatAreReadOneAfterTheOtherCostAFewQuestions() throws Exception {
        assertThat(questionsToReadAll(60)).isEqualTo(questionsToReadAll(20));
        assertThat(questionsToReadAll(ReadAhead.MOST_FILES + 60)).isEqualTo(questionsToReadAll(20) + 2);
    }

    /** Reads a directory of so many files, and returns how many commands {@code hg} was given. */
    private long questionsToReadAll(int count) throws Exception {
        HgTestRepository many = HgTestRepository.init(directory.resolve("many" + System.nanoTime()));
        for (int i = 0; i < count; i++) {
            many.write(String.format("config/k%03d", i), "value " + i);
        }
        many.write("other", "file").commit("many");
        Path log = directory.resolve("hg.log");
        Files.deleteIfExists(log);
        Path noting = Files.writeString(
                directory.resolve("noting-hg"),
                "#!/bin/sh\ncase \"$*\" in *cmdserver*) tee -a " + log + " | hg \"$@\" ;; *) exec hg \"$@\" ;; esac\n");
        assertThat(noting.toFile().setExecutable(true)).isTrue();
        var environment = new HashMap<>(System.getenv());
        environment.put("HG", noting.toString());
        try (Repository repository = new HgRepositories(environment, List.of()).open(many.root())) {
            RevisionFiles files = repository.files(repository.resolve("tip"));
            List<TrackedFile> listed = files.list("config");
            assertThat(listed).hasSize(count);
            for (int i = 0; i < count; i++) {
                assertThat(files.read(listed.get(i).path()))
                        .asString(StandardCharsets.UTF_8)
                        .isEqualTo("value " + i);
            }
        }
        return new String(Files.readAllBytes(log), StandardCharsets.ISO_8859_1).split("runcommand\n", -1).length - 1L;
    }

    @Test
    void whatIsReadAheadIsWhatWasCommitted() throws Exception {
        var contents = new TreeMap<String, byte[]>();
        contents.put("c/a", new byte[] {0, 1, 0, 0});
        contents.put("c/b", new byte[0]);
        contents.put("c/d e/ü.txt", "path: c/x\n".getBytes(StandardCharsets.UTF_8));
        contents.put("c/large", new byte[5 << 20]);
        contents.put("c/m", "m".getBytes(StandardCharsets.UTF_8));
        contents.put("c/n", new byte[3 << 20]);
        contents.put("c/o", new byte[3 << 20]);
        contents.put("c/p", "p".getBytes(StandardCharsets.UTF_8));
        contents.put("d", "beyond".getBytes(StandardCharsets.UTF_8));
        contents.forEach(project::write);
        project.commit("of all sorts");

        try (Repository repository = open()) {
            RevisionFiles files = repository.files(repository.resolve("tip"));
            for (String listed : List.of("c", "", "c")) {
                List<TrackedFile> found = files.list(listed);
                assertThat(found).isNotEmpty();
                for (TrackedFile file : found) {
                    assertThat(files.read(file.path())).as(file.path()).isEqualTo(contents.get(file.path()));
                }
                assertThat(files.read("c/a")).as("again").isEqualTo(contents.get("c/a"));
            }
        }
    }

    private Repository open() {
        return new HgRepositories(System.getenv(), List.of()).open(project.root());
    }

    private List<TrackedFile> list(String path) {
        return with(files -> files.list(path));
    }

    private byte[] read(String path) {
        return with(files -> files.read(path));
    }

    private <T> T with(Function<RevisionFiles, T> question) {
        try (Repository repository = open()) {
            return question.apply(repository.files(repository.resolve("HEAD")));
        }
    }

    private org.assertj.core.api.AbstractThrowableAssert<?, ? extends Throwable> refused(String path) {
        return assertThatThrownBy(() -> read(path))
                .isInstanceOf(DeliveryException.class)
                .hasMessageContaining(path);
    }
}
