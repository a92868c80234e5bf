package io.jenkins.plugins.lockstep.revision.git;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.lockstep.revision.Ancestry;
import io.jenkins.plugins.lockstep.revision.Ancestry.Relation;
import io.jenkins.plugins.lockstep.revision.GitTestRepository;
import io.jenkins.plugins.lockstep.revision.Repository;
import io.jenkins.plugins.lockstep.revision.TestRepository;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GitAncestryTest {

    @TempDir
    Path directory;

    private GitTestRepository git;
    private String first;
    private String second;
    private String third;

    @BeforeEach
    void threeCommits() {
        git = GitTestRepository.init(directory.resolve("project"));
        first = git.write("a", "1").commit("first");
        second = git.write("a", "2").commit("second");
        third = git.write("a", "3").commit("third");
    }

    @Test
    void aLineOfCommitsIsAncestorAndDescendant() {
        assertThat(ancestry(first, third)).isEqualTo(Ancestry.of(Relation.ANCESTOR));
        assertThat(ancestry(third, first)).isEqualTo(Ancestry.of(Relation.DESCENDANT));
        assertThat(ancestry(second, second)).isEqualTo(Ancestry.of(Relation.SAME));
    }

    @Test
    void clocksThatWentBackwardsDoNotMatter() {
        String old = git.at(TestRepository.FIRST_COMMIT.minusSeconds(999_999))
                .write("a", "4")
                .commit("back in time");
        String older = git.at(TestRepository.FIRST_COMMIT.minusSeconds(9_999_999))
                .write("a", "5")
                .commit("further");

        assertThat(ancestry(third, older)).isEqualTo(Ancestry.of(Relation.ANCESTOR));
        assertThat(ancestry(older, old)).isEqualTo(Ancestry.of(Relation.DESCENDANT));
    }

    @Test
    void branchesDivergeAtTheirNewestCommonAncestor() {
        git.checkout(second).branch("side");
        String side = git.write("b", "1").commit("side");

        assertThat(ancestry(side, third)).isEqualTo(new Ancestry(Relation.DIVERGED, second));

        git.checkout("main");
        String merge = git.merge("side");
        assertThat(ancestry(side, merge)).isEqualTo(Ancestry.of(Relation.ANCESTOR));
    }

    @Test
    void historiesWithNothingInCommonAreUnrelated() {
        git.git("checkout", "--quiet", "--orphan", "other");
        String other = git.commit("other root");

        assertThat(ancestry(other, third)).isEqualTo(Ancestry.of(Relation.UNRELATED));
    }

    @Test
    void idsThatAreNotThereAreUnknown() {
        String nowhere = "1".repeat(40);

        assertThat(ancestry(nowhere, third)).isEqualTo(Ancestry.of(Relation.UNKNOWN));
        assertThat(ancestry(third, nowhere)).isEqualTo(Ancestry.of(Relation.UNKNOWN));
        assertThat(ancestry(nowhere, nowhere)).isEqualTo(Ancestry.of(Relation.UNKNOWN));
        assertThat(ancestry("short", third)).isEqualTo(Ancestry.of(Relation.UNKNOWN));
    }

    @Test
    void aShallowCloneIsSureOfWhatItSees() {
        git = git.cloneTo(directory.resolve("shallow"), "--depth=2");

        assertThat(ancestry(second, third)).isEqualTo(Ancestry.of(Relation.ANCESTOR));
        assertThat(ancestry(third, second)).isEqualTo(Ancestry.of(Relation.DESCENDANT));
        assertThat(ancestry(first, third)).isEqualTo(Ancestry.of(Relation.UNKNOWN));
    }

    @Test
    void aShallowCloneThatHasTheForkIsSureOfIt() {
        git.branch("side");
        String side = git.write("b", "1").commit("side");
        git.checkout("main");
        String fourth = git.write("a", "4").commit("fourth");
        git = git.cloneTo(directory.resolve("shallow"), "--depth=2", "--no-single-branch");

        assertThat(ancestry(side, fourth)).isEqualTo(new Ancestry(Relation.DIVERGED, third));
    }

    @Test
    void aShallowCloneThatLacksTheForkCannotTell() {
        git.checkout(first).branch("side");
        String side = git.write("b", "1").commit("side");
        git.checkout("main");
        git = git.cloneTo(directory.resolve("shallow"), "--depth=1", "--no-single-branch");

        assertThat(ancestry(side, third)).isEqualTo(Ancestry.of(Relation.UNKNOWN));
    }

    @Test
    void anAncestorBehindTheCutIsNotCalledDiverged() {
        // The clone has second as a tip of its own, and third without its parents: it can't know that one is the
        // other's.
        git.git("branch", "old", second);
        git = git.cloneTo(directory.resolve("shallow"), "--depth=1", "--no-single-branch");

        assertThat(ancestry(second, third)).isEqualTo(Ancestry.of(Relation.UNKNOWN));
    }

    @Test
    void ancestorsComeNewestFirstAndNoMoreThanAsked() {
        assertThat(ancestors(10)).containsExactly(third, second, first);
        assertThat(ancestors(2)).containsExactly(third, second);
        assertThat(ancestors(0)).isEmpty();
    }

    @Test
    void ancestorsOfAMergeAreInOrderOfTheirTime() {
        git.checkout(second).branch("side");
        String side = git.write("b", "1").commit("side");
        git.checkout("main");
        String merge = git.merge("side");

        assertThat(ancestors(10)).containsExactly(merge, side, third, second, first);
    }

    private Ancestry ancestry(String one, String two) {
        try (Repository repository = new GitRepositories().open(git.root())) {
            return repository.ancestry(one, two);
        }
    }

    private List<String> ancestors(int most) {
        try (Repository repository = new GitRepositories().open(git.root())) {
            return repository.ancestors(repository.resolve("HEAD"), most);
        }
    }
}
