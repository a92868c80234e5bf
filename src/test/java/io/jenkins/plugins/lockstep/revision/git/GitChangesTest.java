package io.jenkins.plugins.lockstep.revision.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Sha256;
import io.jenkins.plugins.lockstep.revision.GitTestRepository;
import io.jenkins.plugins.lockstep.revision.Repository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Wherever the two may agree, the answer is held against what {@code git status} says. */
class GitChangesTest {

    @TempDir
    Path directory;

    private GitTestRepository git;

    @BeforeEach
    void someFiles() {
        git = GitTestRepository.init(directory.resolve("project"));
        git.write("a", "a\n").write("b", "b\n").write("dir/c", "c\n").write("dir/sub/d", "d\n");
        git.write("run", "#!/bin/sh\n").executable("run", true).link("link", "a");
        git.commit("first");
    }

    @Test
    void aFreshCheckoutHasNone() {
        assertThat(changes()).isEmpty();
    }

    @Test
    void editsDeletionsModesAndStagedFilesAreNamedAndUntrackedOnesAreNot() throws IOException {
        git.write(".gitignore", "*.log\n").commit("ignore");
        git.write("a", "edited\n").delete("dir/c").executable("run", false).executable("b", true);
        git.write("staged", "s")
                .write("untracked", "u")
                .write("dir/x.log", "ignored")
                .write("new/y", "untracked");
        git.git("add", "staged");
        Files.delete(git.root().resolve("link"));
        git.link("link", "b");

        assertThat(changes()).containsExactly("a", "b", "dir/c", "link", "run", "staged");
    }

    @Test
    void whatIsStagedCountsEvenIfTheFileOnDiskIsAsCommitted() {
        git.write("a", "edited\n").git("add", "a");
        git.write("a", "a\n");

        assertThat(changes()).containsExactly("a");
    }

    @Test
    void aFileTakenOutOfTheIndexAloneCounts() {
        git.git("rm", "--quiet", "--cached", "dir/sub/d");

        assertThat(changes()).containsExactly("dir/sub/d");
    }

    @Test
    void aTrackedFileThatIsIgnoredCounts() {
        git.write("kept.log", "1").git("add", "--force", "kept.log");
        git.write(".gitignore", "*.log\ndir/\n").commit("ignore what is tracked");
        git.write("kept.log", "2").write("dir/sub/d", "2");

        assertThat(changes()).containsExactly("dir/sub/d", "kept.log");
    }

    @Test
    void anIntentionToAddCounts() {
        git.write("soon", "s").git("add", "--intent-to-add", "soon");

        assertThat(changes()).containsExactly("soon");
    }

    @Test
    void aFileThatBecameADirectoryAndTheOtherWayRound() {
        git.delete("a").write("a/inside", "1");
        git.delete("dir/sub/d").delete("dir/sub").write("dir/sub", "now a file");

        assertThat(changes()).containsExactly("a", "dir/sub/d");

        git.git("add", "--all");
        assertThat(changes()).containsExactly("a", "a/inside", "dir/sub", "dir/sub/d");
    }

    @Test
    void aConflictCounts() {
        git.branch("other").write("a", "theirs\n").commit("theirs");
        git.checkout("main").write("a", "ours\n").commit("ours");
        assertThatThrownBy(() -> git.merge("other")).isInstanceOf(AssertionError.class);

        assertThat(changes()).containsExactly("a");
    }

    @Test
    void aTouchedFileIsNotChanged() throws IOException {
        for (String path : List.of("a", "dir/c", "run")) {
            Files.setLastModifiedTime(git.root().resolve(path), FileTime.from(Instant.parse("2030-01-01T00:00:00Z")));
        }

        assertThat(changesHere()).isEmpty();
        assertThat(changes()).isEmpty();
    }

    @Test
    void anEditInTheSameInstantAndOfTheSameSizeIsSeen() throws IOException {
        Path file = git.root().resolve("a");
        git.write("a", "1\n").commit("now");
        FileTime time = Files.getLastModifiedTime(file);
        git.write("a", "2\n");
        Files.setLastModifiedTime(file, time);
        // The index is as old as the file: this is what makes the entry suspicious.
        Files.setLastModifiedTime(git.root().resolve(".git/index"), time);

        assertThat(changesHere()).containsExactly("a");
    }

    @Test
    void fileModesAreIgnoredWhereTheConfigurationSaysSo() {
        git.git("config", "core.fileMode", "false");
        git.executable("run", false).executable("a", true);

        assertThat(changes()).isEmpty();
    }

    @Test
    void lineEndsThatGitWouldConvertAreNoChange() throws IOException {
        git.git("config", "core.autocrlf", "true");
        Files.delete(git.root().resolve("a"));
        git.git("checkout", "a");
        assertThat(git.root().resolve("a")).hasContent("a\r\n");
        assertThat(changes()).isEmpty();

        // Another size than the index knows and the same content once converted: git status lists it until the next
        // add,
        // and then there is nothing to commit.
        git.write("a", "a\n").write("b", "b\r\n");
        assertThat(changesHere()).isEmpty();
        git.git("add", "a", "b");
        assertThat(changes()).isEmpty();

        git.write("b", "b\r\nmore\r\n");
        assertThat(changes()).containsExactly("b");
    }

    @Test
    void lineEndsOfAttributesCountAsWell() {
        git.write(".gitattributes", "*.txt text eol=crlf\n*.bin -text\n");
        git.write("t.txt", "1\r\n2\r\n").write("t.bin", "1\r\n2\r\n").commit("attributes");
        git.write("t.txt", "1\n2\n");
        assertThat(changesHere()).isEmpty();
        git.git("add", "t.txt");
        assertThat(changes()).isEmpty();

        git.write("t.bin", "1\n2\n");
        assertThat(changes()).containsExactly("t.bin");
    }

    @Test
    void filesThatTheUserToldGitToLeaveAloneAreNotNamed() {
        git.git("update-index", "--assume-unchanged", "a");
        git.git("update-index", "--skip-worktree", "b");
        git.write("a", "edited").delete("b");

        assertThat(changes()).isEmpty();
    }

    @Test
    void aSparseCheckoutIsClean() {
        git.git("sparse-checkout", "set", "dir/sub");
        assertThat(git.root().resolve("dir/sub/d")).exists();

        assertThat(changes()).isEmpty();
    }

    @Test
    void aRepositoryWithoutCommitsNamesWhatIsStaged() {
        git = GitTestRepository.init(directory.resolve("empty"));
        git.write("a", "1").write("b", "2").git("add", "a");

        assertThat(changes()).containsExactly("a");
    }

    @Test
    void submodulesCountWhereTheirCommitOrTheirTrackedFilesChanged() {
        GitTestRepository library = GitTestRepository.init(directory.resolve("library"));
        library.write("l", "1").commit("library");
        git.submodule("lib", library).commit("with a submodule");
        assertThat(changes()).isEmpty();

        git.write("lib/untracked", "u");
        assertThat(changesHere()).isEmpty();

        git.write("lib/l", "edited");
        assertThat(changes()).containsExactly("lib");

        git.git("-C", "lib", "commit", "--quiet", "--all", "--message", "moved on");
        assertThat(changes()).containsExactly("lib");

        git.git("submodule", "--quiet", "deinit", "--force", "lib");
        assertThat(changes()).isEmpty();

        git.git("clean", "--quiet", "-d", "--force", "--force", "lib");
        Path gone = git.root().resolve("lib");
        assertThat(gone.toFile().delete() || !gone.toFile().exists()).isTrue();
        assertThat(changes()).containsExactly("lib");
    }

    @Test
    void aRepositoryInsideATrackedDirectoryHidesNothing() {
        GitTestRepository.init(git.root().resolve("dir"));

        assertThat(changes()).isEmpty();
    }

    @Test
    void aFilterIsNeverRunAndLargeFilesAreKnownWithoutIt() throws IOException {
        Path trace = directory.resolve("ran");
        String large = "large content\n";
        git.write(
                "big.bin",
                "version https://git-lfs.github.com/spec/v1\noid sha256:" + Sha256.hex(large) + "\nsize "
                        + large.length() + "\n");
        git.write("secret.txt", "committed\n").commit("as the filters would have left them");
        git.write(".gitattributes", "*.bin filter=lfs -text\n*.txt filter=own\n")
                .commit("filters");
        for (String filter : List.of("lfs", "own")) {
            git.git("config", "filter." + filter + ".clean", "touch '" + trace + "'; cat");
        }
        // git status would run the command: not compared here.
        git.write("big.bin", large);
        assertThat(changesHere()).isEmpty();

        git.write("big.bin", "large CONTENT\n").write("secret.txt", "edited\n");
        assertThat(changesHere()).containsExactly("big.bin", "secret.txt");
        assertThat(trace).doesNotExist();
    }

    @Test
    void anIndexOfVersionFourIsRead() {
        git.git("update-index", "--index-version", "4");
        git.write("dir/sub/d", "edited\n");

        assertThat(changes()).containsExactly("dir/sub/d");
    }

    @Test
    void aSplitIndexAndASparseIndexSayHowToGetRidOfThem() {
        git.git("update-index", "--split-index");
        assertThatThrownBy(this::changesHere)
                .hasMessageContaining("the index of this work tree can't be read")
                .extracting(e -> ((DeliveryException) e).hint())
                .asString()
                .contains("git update-index --no-split-index");

        git.git("update-index", "--no-split-index");
        git.git("sparse-checkout", "set", "--sparse-index", "--cone", "none");
        assertThatThrownBy(this::changesHere)
                .hasMessageContaining("the index of this work tree can't be read")
                .extracting(e -> ((DeliveryException) e).hint())
                .asString()
                .contains("git sparse-checkout reapply --no-sparse-index");
    }

    @Test
    void askingWritesNothing() throws IOException {
        Files.setLastModifiedTime(git.root().resolve("a"), FileTime.from(Instant.parse("2030-01-01T00:00:00Z")));
        byte[] index = Files.readAllBytes(git.root().resolve(".git/index"));

        changesHere();

        assertThat(git.root().resolve(".git/index")).hasBinaryContent(index);
    }

    /** Asks first: {@code git status} repairs the index, and with it the case. */
    private List<String> changes() {
        List<String> changes = changesHere();
        assertThat(changes).as("what git status says").isEqualTo(git.changed());
        return changes;
    }

    private List<String> changesHere() {
        try (Repository repository = new GitRepositories().open(git.root())) {
            return repository.uncommittedChanges();
        }
    }
}
