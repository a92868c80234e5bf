package io.jenkins.plugins.lockstep.revision.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.revision.GitTestRepository;
import io.jenkins.plugins.lockstep.revision.Repository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The index in every form that {@code git} writes, sparse checkouts, and operations that stopped half-way. */
class GitIndexTest {

    @TempDir
    Path directory;

    private GitTestRepository git;

    @BeforeEach
    void someFiles() {
        git = GitTestRepository.init(directory.resolve("project"));
        git.write("top", "t\n").write("dir/a", "a\n").write("dir/sub/b", "b\n").write("other/c", "c\n");
        git.write("other/deep/d", "d\n").commit("first");
    }

    @Test
    void aSparseCheckoutOfDirectoriesIsCleanAndItsFilesCount() {
        git.git("sparse-checkout", "set", "--cone", "dir/sub");
        assertThat(git.root().resolve("other")).doesNotExist();
        assertThat(changes()).isEmpty();

        git.write("dir/sub/b", "edited\n").delete("top");
        assertThat(changes()).containsExactly("dir/sub/b", "top");
    }

    @Test
    void aSparseCheckoutByPatternsIsCleanAndItsFilesCount() {
        git.git("sparse-checkout", "set", "--no-cone", "/*", "!other/deep", "!*.c");
        assertThat(git.root().resolve("other/deep")).doesNotExist();
        assertThat(changes()).isEmpty();

        git.delete("other/c");
        assertThat(changes()).containsExactly("other/c");
    }

    @Test
    void aFileThatIsThereAlthoughTheSparseCheckoutLeavesItOutCounts() {
        git.git("sparse-checkout", "set", "--cone", "dir");
        git.write("other/c", "c\n");
        assertThat(changes()).isEmpty();
        git.git("sparse-checkout", "reapply");

        git.write("other/c", "edited\n");
        assertThat(changes()).containsExactly("other/c");

        git.git("sparse-checkout", "set", "--cone", "dir");
        git.git("config", "sparse.expectFilesOutsideOfPatterns", "true");
        git.git("update-index", "--skip-worktree", "other/c");
        assertThat(changes()).isEmpty();
    }

    @Test
    void filesOfARevisionAreWholeInASparseCheckout() {
        git.git("sparse-checkout", "set", "--cone", "dir");

        try (Repository repository = new GitRepositories().open(git.root())) {
            assertThat(repository.files(repository.resolve("HEAD")).read("other/deep/d"))
                    .asString()
                    .isEqualTo("d\n");
        }
    }

    @Test
    void aSplitIndexIsRefusedWithTheCommandThatMendsIt() {
        git.git("config", "core.splitIndex", "true");
        git.git("update-index", "--split-index");

        DeliveryException refusal = refusal();
        assertThat(refusal.why()).isEqualTo("it is a split index, which only Git itself reads");
        git.write("new", "n\n").git("add", "new");
        assertThat(refusal().why()).isEqualTo(refusal.why());
        assertThat(refusal.hint())
                .contains("'git update-index --no-split-index'")
                .contains("'git config core.splitIndex false'");

        git.git("config", "core.splitIndex", "false");
        git.git("update-index", "--no-split-index");
        assertThat(changes()).containsExactly("new");
    }

    @Test
    void aSparseIndexIsRefusedWithTheCommandThatMendsIt() {
        git.git("sparse-checkout", "set", "--cone", "--sparse-index", "dir");

        DeliveryException refusal = refusal();
        assertThat(refusal.why()).isEqualTo("it is a sparse index, which only Git itself reads");
        assertThat(refusal.hint()).contains("'git sparse-checkout reapply --no-sparse-index'");

        git.git("sparse-checkout", "reapply", "--no-sparse-index");
        assertThat(changes()).isEmpty();
    }

    @Test
    void anIndexThatMayBeIgnoredToReadARevisionIsNotLookedAt() {
        git.git("update-index", "--split-index");

        try (Repository repository = new GitRepositories().open(git.root())) {
            assertThat(repository.files(repository.resolve("HEAD")).read("top"))
                    .asString()
                    .isEqualTo("t\n");
        }
    }

    @Test
    void aDamagedIndexIsNamed() throws IOException {
        Path index = git.root().resolve(".git/index");
        byte[] bytes = Files.readAllBytes(index);
        bytes[bytes.length / 2] ^= 1;
        Files.write(index, bytes);

        assertThat(refusal().hint()).contains("git status");
    }

    @Test
    void cachesInTheIndexArePassedOver() {
        git.git("config", "core.untrackedCache", "true");
        git.git("config", "feature.manyFiles", "true");
        git.git("update-index", "--force-untracked-cache", "--index-version", "4");
        git.git("config", "index.threads", "2");
        git.git("update-index", "--really-refresh");
        git.git("status");
        assertThat(changes()).isEmpty();

        git.write("dir/a", "edited\n");
        assertThat(changes()).containsExactly("dir/a");
    }

    @Test
    void aWatchersWordIsNotTakenAndItsCommandNotRun() throws IOException {
        Path hook = git.root().resolve(".git/watcher");
        Files.writeString(hook, "#!/bin/sh\ntouch \"$(dirname \"$0\")/watched\"\nprintf 'token\\0'\n");
        git.executable(".git/watcher", true);
        git.git("config", "core.fsmonitor", hook.toString());
        git.git("update-index", "--fsmonitor");
        git.git("status");
        Path watched = hook.resolveSibling("watched");
        assertThat(watched).exists();
        Files.delete(watched);

        // The hook above tells Git that nothing has changed.
        git.write("dir/a", "edited\n");

        assertThat(here()).containsExactly("dir/a");
        assertThat(watched).doesNotExist();
    }

    @Test
    void conflictsOfEveryKindCount() {
        git.branch("theirs").write("top", "theirs\n").write("both", "theirs\n").delete("dir/a");
        git.write("other/c", "theirs\n").commit("theirs");
        git.checkout("main").write("top", "ours\n").write("both", "ours\n").write("dir/a", "ours\n");
        git.delete("other/c").commit("ours");
        assertThatThrownBy(() -> git.merge("theirs")).isInstanceOf(AssertionError.class);

        assertThat(changes()).containsExactly("both", "dir/a", "other/c", "top");
    }

    @Test
    void aMergeThatWaitsForItsCommitCounts() {
        git.branch("theirs").write("top", "theirs\n").commit("theirs");
        git.checkout("main").write("other/c", "ours\n").commit("ours");
        git.git("merge", "--quiet", "--no-commit", "--no-ff", "theirs");

        assertThat(changes()).containsExactly("top");
    }

    @Test
    void conflictsOfRebaseCherryPickRevertAndStashCount() {
        String first = git.head();
        git.branch("side").write("top", "side\n").commit("side");
        git.checkout("main").write("top", "main\n").commit("main");
        for (String[] command :
                List.of(new String[] {"rebase", "side"}, new String[] {"cherry-pick", "side"}, new String[] {
                    "revert", "--no-edit", first
                })) {
            assertThatThrownBy(() -> git.git(command)).isInstanceOf(AssertionError.class);
            assertThat(changes()).as(command[0]).contains("top");
            git.git(command[0], "--abort");
            assertThat(changes()).isEmpty();
        }

        git.write("top", "stashed\n").git("stash", "--quiet");
        git.write("top", "again\n").commit("again");
        assertThatThrownBy(() -> git.git("stash", "pop")).isInstanceOf(AssertionError.class);
        assertThat(changes()).containsExactly("top");
    }

    private DeliveryException refusal() {
        var refusal = new DeliveryException[1];
        assertThatThrownBy(this::here)
                .isInstanceOfSatisfying(DeliveryException.class, e -> refusal[0] = e)
                .hasMessageContaining("the index of this work tree can't be read")
                .hasMessageContaining(git.root().toString());
        assertThat(refusal[0].problem()).isEqualTo(Problem.BAD_INPUT);
        return refusal[0];
    }

    private List<String> changes() {
        List<String> changes = here();
        assertThat(changes).as("what git status says").isEqualTo(git.changed());
        return changes;
    }

    private List<String> here() {
        try (Repository repository = new GitRepositories().open(git.root())) {
            return repository.uncommittedChanges();
        }
    }
}
