package io.jenkins.plugins.lockstep.revision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.revision.Ancestry.Relation;
import io.jenkins.plugins.lockstep.revision.RevisionFiles.TrackedFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.stream.Stream;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every version control system does alike, held against real repositories of it. */
abstract class RepositoryContract<S extends TestRepository<S>> {

    @TempDir
    Path directory;

    private S project;
    private String first;
    private String second;

    /** Makes an empty repository. */
    abstract S init(Path root);

    abstract RepositorySystem system();

    @BeforeEach
    void twoCommits() {
        project = init(directory.resolve("project"));
        first = project.write("a", "1").commit("first");
        second = project.write("a", "2").commit("second");
    }

    @Test
    void aRevisionHasItsFullIdAndItsOwnTime() {
        assertThat(resolve("HEAD"))
                .isEqualTo(new Revision(system().vcs(), second, Instant.parse("2026-01-02T03:05:05Z")));
        String third = project.at(Instant.parse("2036-05-06T07:08:09Z"))
                .write("a", "3")
                .commit("third");
        assertThat(resolve(third).committedAt()).isEqualTo("2036-05-06T07:08:09Z");
    }

    @Test
    void idsBranchesAndTagsAreFound() {
        project.tag("v1").branch("feature/x");
        // Of a commit whose id does not begin with decimal digits alone, which could be a local number.
        assertThat(Stream.of(second, second.substring(0, 12), "v1", "feature/x", "HEAD"))
                .allSatisfy(name -> assertThat(resolve(name).id()).isEqualTo(second));
        assertThat(Stream.of(first, first.substring(0, 12), first.toUpperCase(Locale.ROOT)))
                .allSatisfy(name -> assertThat(resolve(name).id()).isEqualTo(first));
    }

    @Test
    void stepsBackAreTaken() {
        project.checkout(first).branch("side");
        String side = project.write("b", "b").commit("side");
        project.checkout(second);
        String merge = project.merge(side);

        assertThat(resolve("HEAD").id()).isEqualTo(merge);
        assertThat(resolve("HEAD~").id()).isEqualTo(second);
        assertThat(resolve("HEAD^2").id()).isEqualTo(side);
        assertThat(resolve("HEAD^2~1").id()).isEqualTo(first);
        assertThat(resolve("side~1").id()).isEqualTo(first);
        assertThat(resolve(merge.substring(0, 12) + "^^").id()).isEqualTo(first);
        assertThat(resolve("HEAD^0").id()).isEqualTo(merge);
        refused("HEAD^3").hasMessageContaining("there is no commit HEAD^3").hasMessageContaining("has 2 parents");
        refused("HEAD~9").hasMessageContaining("there is no commit HEAD~9");
    }

    @Test
    void whatIsNoNameIsRefused() {
        List<String> expressions = List.of(
                "", " ", "-x", "--all", "a..b", "HEAD..main", ":/first", "main:a", "ma*n", "a\u001bb", "main\n");
        try (Repository repository = system().open(project.root())) {
            assertThat(expressions).allSatisfy(expression -> assertThatThrownBy(() -> repository.resolve(expression))
                    .isInstanceOf(DeliveryException.class)
                    .hasMessageContaining("can't be the name of a commit")
                    .message()
                    .doesNotContain("\u001b", "\n"));
        }
    }

    @Test
    void anUnknownNameNamesTheNearestAndTheRepository() {
        project.branch("production");

        refused("prodution")
                .hasMessageContaining("commit is named 'prodution'")
                .hasMessageContaining(project.root().toString())
                .extracting(e -> ((DeliveryException) e).hint())
                .isEqualTo("did you mean 'production'?");
        refused("zzzzzzzzzz")
                .extracting(e -> ((DeliveryException) e).hint())
                .asString()
                .startsWith("known here: ")
                .contains("production");
    }

    @Test
    void anIdThatIsTooShortOrUnknownSaysSo() {
        refused("abc").hasMessageContaining("a short id needs at least 4 digits");
        refused("0".repeat(40)).hasMessageContaining("does not have the commit 0000");
        refused("f".repeat(40)).hasMessageContaining("does not have the commit ffff");
        refused("00000000").hasMessageContaining("no commit's id starts with it");
        refused("ffffffff").hasMessageContaining("no commit's id starts with it");
    }

    @Test
    void anEmptyRepositorySaysSo() {
        project = init(directory.resolve("empty"));

        refused("HEAD").hasMessageContaining("the repository has no commits yet");
        refused("main")
                .extracting(e -> ((DeliveryException) e).hint())
                .asString()
                .contains("commit first");
        assertThat(changes()).isEmpty();
        assertThat(ancestry(first, second)).isEqualTo(Ancestry.of(Relation.UNKNOWN));
    }

    @Test
    void aRepositoryIsFoundFromASubDirectoryAndSpelledAsTyped() throws IOException {
        project.write("deploy/app/a.yaml", "a").commit("third");
        Path alias = Files.createSymbolicLink(directory.resolve("alias"), project.root());
        Path inner = Files.createSymbolicLink(
                directory.resolve("inner"), project.root().resolve("deploy"));

        assertThat(rootFrom(project.root().resolve("deploy/app"))).isEqualTo(project.root());
        assertThat(rootFrom(alias.resolve("deploy"))).isEqualTo(alias);
        assertThat(rootFrom(inner)).isEqualTo(project.root().toRealPath());
    }

    private Path rootFrom(Path start) {
        try (Repository repository = system().open(start)) {
            return repository.root();
        }
    }

    @Test
    void noRepositorySaysWhereItLooked() {
        assertThatThrownBy(() -> system().open(directory))
                .isInstanceOf(DeliveryException.class)
                .hasMessageContaining(directory.toString())
                .hasMessageContaining("not inside a")
                .hasMessageContaining("holds " + system().marker());
        assertThatThrownBy(() -> system().open(directory.resolve("nowhere"))).hasMessageContaining("no such directory");
    }

    @Test
    void filesAreThoseOfTheCommitAndNotThoseOnDisk() {
        project.write("config/base/app.properties", "old")
                .write("config/base/sub/x", "x")
                .write("config/base.txt", "t")
                .delete("a");
        project.write("run", "#!/bin/sh").executable("run", true).commit("third");
        project.write("config/base/app.properties", "new")
                .write("config/base/untracked", "u")
                .delete("run");

        assertThat(list("config/base"))
                .containsExactly(
                        new TrackedFile("config/base/app.properties", false),
                        new TrackedFile("config/base/sub/x", false));
        assertThat(list(""))
                .extracting(TrackedFile::path)
                .containsExactly("config/base.txt", "config/base/app.properties", "config/base/sub/x", "run");
        assertThat(read("config/base/app.properties")).asString().isEqualTo("old");
        assertThat(file("run")).contains(new TrackedFile("run", true));
        assertThat(file("config/base")).isEmpty();
        assertThat(file("nothing")).isEmpty();
        assertThat(list("nothing")).isEmpty();
        assertThat(list("run")).isEmpty();
        assertThat(Stream.of("config/base", "run", "")).allMatch(path -> exists(path));
        assertThat(Stream.of("config/bas", "/run", "run/", "config/")).noneMatch(path -> exists(path));
    }

    @Test
    void bytesAndNamesAreAsCommitted() {
        byte[] content = {'a', '\r', '\n', 0, (byte) 0xff, '$', 'I', 'd', '$', '\n'};
        List<String> names = List.of(
                " leading",
                "glob:*",
                "grün/straße.txt",
                "path:x",
                "re:.*",
                "set:all()",
                "two words",
                "日本",
                "~",
                "$HOME");
        project.write("empty", "").write("bin", content);
        names.forEach(name -> project.write(name, "content of " + name));
        project.commit("odd names");

        assertThat(read("bin")).isEqualTo(content);
        assertThat(read("empty")).isEmpty();
        assertThat(names).allSatisfy(name -> assertThat(read(name)).asString().isEqualTo("content of " + name));
        assertThat(list("")).extracting(TrackedFile::path).containsAll(names);
    }

    @Test
    void symbolicLinksAreListedButNotFollowed() {
        project.write("real/file", "1")
                .link("link", "real/file")
                .link("linked", "real")
                .commit("links");

        assertThat(list("")).extracting(TrackedFile::path).contains("link", "linked");
        assertThat(exists("linked/file")).isFalse();
        assertThat(link("link")).contains("real/file");
        assertThat(link("real/file")).isEmpty();
        assertThat(link("nothing")).isEmpty();
        Map<String, String> links = files(RevisionFiles::links);
        assertThat(links).containsOnly(Map.entry("link", "real/file"), Map.entry("linked", "real"));
        notRead("link").hasMessageContaining("is a symbolic link").hasMessageContaining("real/file");
        notRead("linked/file").hasMessageContaining("'linked' is a symbolic link");
        assertThatThrownBy(() -> list("linked")).hasMessageContaining("is a symbolic link");
    }

    @Test
    void pointersToLargeFilesAreRefused() {
        project.write(
                "big.bin",
                "version https://git-lfs.github.com/spec/v1\noid sha256:" + "0".repeat(64) + "\nsize 12345\n");
        project.write(
                "hg.bin",
                "version https://git-lfs.github.com/spec/v1\noid sha256:" + "0".repeat(64)
                        + "\nsize 12345\nx-is-binary 1\n");
        project.write("about.md", "version https://git-lfs.github.com/spec/v1 is what a pointer begins with\n");
        project.commit("pointer");

        notRead("big.bin").hasMessageContaining("kept by Git LFS");
        notRead("hg.bin").hasMessageContaining("kept by Git LFS");
        assertThat(read("about.md")).asString().startsWith("version https://git-lfs");
    }

    @Test
    void whatIsOver64MebibytesIsRefusedAndWhatIsNotIsRead() {
        project.write("most", new byte[64 << 20])
                .write("more", new byte[(64 << 20) + 1])
                .commit("large");

        notRead("more").hasMessageContaining("it has 67108865 bytes, and 64 MiB is the most");
        assertThat(read("most")).hasSize(64 << 20);
    }

    @Test
    void whatIsNotThereNamesTheNearest() {
        project.write("deploy/service.yaml", "1").commit("third");

        notRead("deploy/servcie.yaml")
                .hasMessageContaining("deploy/servcie.yaml at revision " + project.head())
                .hasMessageContaining("no such file")
                .extracting(e -> ((DeliveryException) e).hint())
                .isEqualTo("did you mean 'deploy/service.yaml'?");
        notRead("deploy").hasMessageContaining("this is a directory");
        notRead("/deploy/service.yaml").hasMessageContaining("no such file");
    }

    @Test
    void aCommitThatIsNotThereIsRefused() {
        var unknown = new Revision(system().vcs(), "1".repeat(40), Instant.EPOCH);
        try (Repository repository = system().open(project.root())) {
            Revision head = repository.resolve("HEAD");
            assertThatThrownBy(() -> repository.files(unknown)).hasMessageContaining("does not have the commit");
            assertThatThrownBy(() -> repository.recent(unknown, 5)).hasMessageContaining("does not have the commit");
            assertThatThrownBy(() -> repository.ancestors(unknown, 5)).hasMessageContaining("does not have the commit");
            assertThatThrownBy(() -> repository.changedPaths(head, unknown))
                    .hasMessageContaining("does not have the commit");
        }
    }

    @Test
    void editsDeletionsModesAndAddedFilesAreChangesAndUntrackedOnesAreNot() throws IOException {
        project.write("b", "b\n")
                .write("dir/c", "c\n")
                .write("run", "#!/bin/sh\n")
                .executable("run", true);
        project.link("link", "a").commit("third");
        assertThat(changes()).isEmpty();
        project.write("a", "edited\n").delete("dir/c").executable("run", false).executable("b", true);
        project.write("untracked", "u").delete("link").link("link", "b");

        assertThat(changes()).containsExactly("a", "b", "dir/c", "link", "run");
    }

    @Test
    void aTouchedFileIsNotChangedAndAnEditRightAfterACommitIs() throws IOException {
        Path file = project.root().resolve("a");
        Files.setLastModifiedTime(file, FileTime.from(Instant.parse("2030-01-01T00:00:00Z")));
        assertThat(changes()).isEmpty();

        project.write("a", "3").commit("third");
        project.write("a", "4");
        assertThat(changes()).containsExactly("a");
    }

    @Test
    void aLineOfCommitsIsAncestorAndDescendant() {
        String third = project.write("a", "3").commit("third");

        assertThat(ancestry(first, third)).isEqualTo(Ancestry.of(Relation.ANCESTOR));
        assertThat(ancestry(third, first)).isEqualTo(Ancestry.of(Relation.DESCENDANT));
        assertThat(ancestry(second, second)).isEqualTo(Ancestry.of(Relation.SAME));
    }

    @Test
    void clocksThatWentBackwardsDoNotMatter() {
        String old = project.at(TestRepository.FIRST_COMMIT.minusSeconds(999_999))
                .write("a", "4")
                .commit("back in time");
        String older = project.at(TestRepository.FIRST_COMMIT.minusSeconds(9_999_999))
                .write("a", "5")
                .commit("further");

        assertThat(ancestry(second, older)).isEqualTo(Ancestry.of(Relation.ANCESTOR));
        assertThat(ancestry(older, old)).isEqualTo(Ancestry.of(Relation.DESCENDANT));
    }

    @Test
    void branchesDivergeAtTheirNewestCommonAncestor() {
        String third = project.write("a", "3").commit("third");
        project.checkout(second).branch("side");
        String side = project.write("b", "1").commit("side");

        assertThat(ancestry(side, third)).isEqualTo(new Ancestry(Relation.DIVERGED, second));

        project.checkout(third);
        String merge = project.merge(side);
        assertThat(ancestry(side, merge)).isEqualTo(Ancestry.of(Relation.ANCESTOR));
        assertThat(ancestors(10)).containsExactly(merge, side, third, second, first);
    }

    @Test
    void whatOnlyOneContainsIsCountedAndTheNewestNamed() {
        String third = project.write("a", "3").commit("third\n\nand more about it");
        project.checkout(second).branch("side");
        String side = project.write("b", "1").commit("side");
        project.checkout(third);
        String merge = project.merge(side);

        CommitRange lost = only(merge, second, 2);

        assertThat(lost.count()).isEqualTo(3);
        assertThat(lost.newest()).extracting(CommitRange.Commit::id).containsExactly(merge, side);
        assertThat(only(third, side, 5).newest()).containsExactly(new CommitRange.Commit(third, "third"));
        assertThat(only(side, merge, 5)).isEqualTo(CommitRange.NONE);
        assertThat(only(first, first, 5)).isEqualTo(CommitRange.NONE);
        assertThat(only(third, first, 0)).isEqualTo(new CommitRange(2, List.of()));
        assertThat(only("1".repeat(40), second, 5)).isEqualTo(CommitRange.NONE);
        assertThat(only("short", second, 5)).isEqualTo(CommitRange.NONE);
    }

    private CommitRange only(String one, String two, int most) {
        try (Repository repository = system().open(project.root())) {
            return repository.only(one, two, most);
        }
    }

    @Test
    void idsThatAreNotThereAreUnknown() {
        String nowhere = "1".repeat(40);

        assertThat(ancestry(nowhere, second)).isEqualTo(Ancestry.of(Relation.UNKNOWN));
        assertThat(ancestry(second, nowhere)).isEqualTo(Ancestry.of(Relation.UNKNOWN));
        assertThat(ancestry(nowhere, nowhere)).isEqualTo(Ancestry.of(Relation.UNKNOWN));
        assertThat(ancestry("short", second)).isEqualTo(Ancestry.of(Relation.UNKNOWN));
        assertThat(ancestry("0".repeat(40), second)).isEqualTo(Ancestry.of(Relation.UNKNOWN));
        assertThat(ancestry("f".repeat(40), second)).isEqualTo(Ancestry.of(Relation.UNKNOWN));
    }

    @Test
    void ancestorsComeNewestFirstAndNoMoreThanAsked() {
        String third = project.write("a", "3").commit("third");

        assertThat(ancestors(10)).containsExactly(third, second, first);
        assertThat(ancestors(2)).containsExactly(third, second);
        assertThat(ancestors(0)).isEmpty();
    }

    @Test
    void recentCommitsSayWhoWhenAndWhatNewestFirst() {
        project.checkout(second).branch("side");
        String side = project.write("b", "1").commit("side\n\nand more about it");
        project.checkout(second);
        String third = project.write("a", "3").commit("third: wächst");
        String merge = project.merge(side);

        RecentCommits recent = recent(10);

        assertThat(recent.commits())
                .extracting(RecentCommits.Commit::id)
                .containsExactlyInAnyOrder(merge, third, side, second, first)
                .startsWith(merge);
        assertThat(recent.find(merge).orElseThrow().parents()).containsExactly(third, side);
        assertThat(recent.find(first).orElseThrow().parents()).isEmpty();
        RecentCommits.Commit described = recent.find(third).orElseThrow();
        assertThat(described.parents()).containsExactly(second);
        assertThat(described.subject()).isEqualTo("third: wächst");
        assertThat(described.author()).isNotBlank().doesNotContain("@", "<");
        assertThat(described.at()).isAfter(recent.find(side).orElseThrow().at());
        assertThat(recent.find(side).orElseThrow().subject()).isEqualTo("side");
        assertThat(recent.find(first).orElseThrow().at()).isEqualTo(TestRepository.FIRST_COMMIT);
        assertThat(recent.between(second, third).orElseThrow())
                .extracting(RecentCommits.Commit::id)
                .containsExactly(third);
        assertThat(recent.between(third, merge).orElseThrow())
                .extracting(RecentCommits.Commit::id)
                .containsExactlyInAnyOrder(merge, side);
        assertThat(recent.between(merge, third).orElseThrow()).isEmpty();
        assertThat(recent.between("1".repeat(40), third)).isEmpty();
        assertThat(recent(2).commits()).hasSize(2);
        assertThat(recent(0).commits()).isEmpty();
    }

    @Test
    void addedChangedMovedAndDeletedPathsAreNamedWhateverLiesBetween() {
        String from = project.write("kept", "1")
                .write("changed/file", "1")
                .write("there-and-back", "1")
                .write("deleted", "1")
                .write("moved", "text")
                .write("mode", "1")
                .commit("from");
        project.write("passing", "1").write("there-and-back", "2").commit("between");
        String to = project.delete("passing")
                .write("there-and-back", "1")
                .write("changed/file", "2")
                .delete("deleted")
                .delete("moved")
                .write("moved-here", "text")
                .executable("mode", true)
                .write("added", "1")
                .commit("to");

        assertThat(changedPaths(from, to))
                .containsExactly("added", "changed/file", "deleted", "mode", "moved", "moved-here");
        assertThat(changedPaths(to, from)).isEqualTo(changedPaths(from, to));
        assertThat(changedPaths(to, to)).isEmpty();
    }

    @Test
    void manyThreadsReadOneRepositoryAtOnce() throws Exception {
        for (int i = 0; i < 5; i++) {
            project.write("dir/file" + i, "content " + i).commit("commit " + i);
        }
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            Callable<String> reading = () -> {
                var all = new StringBuilder();
                for (int round = 0; round < 3; round++) {
                    try (Repository repository = system().open(project.root())) {
                        var revision = repository.resolve("HEAD~" + round);
                        var files = repository.files(revision);
                        all.append(revision).append(repository.uncommittedChanges());
                        files.list("dir").forEach(file -> all.append(new String(files.read(file.path()))));
                    }
                }
                return all.toString();
            };
            var results = new ArrayList<Future<String>>();
            for (int i = 0; i < 4; i++) {
                results.add(threads.submit(reading));
            }
            String expected = reading.call();
            for (Future<String> result : results) {
                assertThat(result.get()).isEqualTo(expected);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private Revision resolve(String expression) {
        try (Repository repository = system().open(project.root())) {
            return repository.resolve(expression);
        }
    }

    private AbstractThrowableAssert<?, ? extends Throwable> refused(String expression) {
        return assertThatThrownBy(() -> resolve(expression))
                .isInstanceOfSatisfying(
                        DeliveryException.class, e -> assertThat(e.problem()).isEqualTo(Problem.BAD_INPUT));
    }

    private <T> T files(Function<RevisionFiles, T> question) {
        try (Repository repository = system().open(project.root())) {
            return question.apply(repository.files(repository.resolve("HEAD")));
        }
    }

    private Optional<TrackedFile> file(String path) {
        return files(files -> files.file(path));
    }

    private Optional<String> link(String path) {
        return files(files -> files.link(path));
    }

    private boolean exists(String path) {
        return files(files -> files.exists(path));
    }

    private List<TrackedFile> list(String path) {
        return files(files -> files.list(path));
    }

    private byte[] read(String path) {
        return files(files -> files.read(path));
    }

    private AbstractThrowableAssert<?, ? extends Throwable> notRead(String path) {
        return assertThatThrownBy(() -> read(path))
                .isInstanceOfSatisfying(
                        DeliveryException.class, e -> assertThat(e.problem()).isEqualTo(Problem.BAD_INPUT))
                .hasMessageContaining(path);
    }

    /** Asks first: the system's own command may repair what it keeps about files, and with it the case. */
    private List<String> changes() {
        try (Repository repository = system().open(project.root())) {
            List<String> changes = repository.uncommittedChanges();
            assertThat(changes).as("what the system itself says").isEqualTo(project.changed());
            return changes;
        }
    }

    private Ancestry ancestry(String one, String two) {
        try (Repository repository = system().open(project.root())) {
            return repository.ancestry(one, two);
        }
    }

    private List<String> ancestors(int most) {
        try (Repository repository = system().open(project.root())) {
            return repository.ancestors(repository.resolve("HEAD"), most);
        }
    }

    private RecentCommits recent(int most) {
        try (Repository repository = system().open(project.root())) {
            return repository.recent(repository.resolve("HEAD"), most);
        }
    }

    private List<String> changedPaths(String from, String to) {
        try (Repository repository = system().open(project.root())) {
            return repository.changedPaths(repository.resolve(from), repository.resolve(to));
        }
    }
}
