package io.jenkins.plugins.lockstep.revision.hg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.lockstep.MercurialTest;
import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.revision.Ancestry;
import io.jenkins.plugins.lockstep.revision.Ancestry.Relation;
import io.jenkins.plugins.lockstep.revision.HgTestRepository;
import io.jenkins.plugins.lockstep.revision.Repository;
import io.jenkins.plugins.lockstep.revision.Revision;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@MercurialTest
class HgResolveTest {

    @TempDir
    Path directory;

    private HgTestRepository project;
    private String first;
    private String second;

    @BeforeEach
    void twoCommits() {
        project = HgTestRepository.init(directory.resolve("project"));
        first = project.write("a", "1").commit("first");
        second = project.write("a", "2").commit("second");
    }

    @Test
    void theCheckedOutCommitHasTwoNamesAndTheNewestOne() {
        project.checkout(first);

        assertThat(resolve("HEAD")).isEqualTo(resolve(".")).isEqualTo(resolve(first));
        assertThat(resolve("tip")).isEqualTo(second);
    }

    @Test
    void bookmarksTagsAndNamedBranchesAreFound() {
        project.branch("mark").tag("local tag");
        project.hg("tag", "v1", "--rev", first);
        String third = project.namedBranch("stable/2.x").write("a", "3").commit("third");
        project.namedBranch("größe, (1)").write("a", "4").commit("fourth");

        assertThat(resolve("v1")).isEqualTo(first);
        assertThat(resolve("local tag")).isEqualTo(second);
        assertThat(resolve("stable/2.x")).isEqualTo(third);
        assertThat(resolve("größe, (1)")).isEqualTo(project.head());
        assertThat(resolve("mark")).isEqualTo(project.head());
        assertThat(resolve("mark^")).isEqualTo(third);
    }

    @Test
    void aLocalNumberIsRefusedEvenIfItIsTheBeginningOfAnId() {
        try (Repository repository = open()) {
            assertThat(List.of("0", "1", "12345", "-1", "2147483647"))
                    .allSatisfy(number -> assertThatThrownBy(() -> repository.resolve(number))
                            .hasMessageContaining("may be a local revision number")
                            .hasMessageContaining("each clone counts its commits for itself"));
        }
    }

    @Test
    void theLanguageOfRevisionSetsIsNotRead() {
        List<String> expressions = List.of(
                "all()",
                "branch(default)",
                "0::tip",
                "tip:0",
                "max(all())",
                "first('a')",
                "re:x",
                "not tip",
                "tip and tip",
                "default^^{}",
                "p1(.)",
                "\"tip\"",
                "..",
                "^tip");
        try (Repository repository = open()) {
            assertThat(expressions).allSatisfy(expression -> assertThatThrownBy(() -> repository.resolve(expression))
                    .isInstanceOfSatisfying(
                            DeliveryException.class, e -> assertThat(e.hint()).contains("hg log"))
                    .hasMessageContaining("can't be the name of a commit"));
        }
    }

    @Test
    void aBranchWithSeveralHeadsIsAmbiguousUntilOneIsClosed() {
        project.checkout(first);
        String other = project.write("b", "1").commit("other head");

        refused("default")
                .hasMessageContaining("the branch default has 2 heads")
                .hasMessageContaining(second.substring(0, 12) + " (second)")
                .hasMessageContaining(other.substring(0, 12) + " (other head)");

        project.commitTracked("close", "--close-branch");
        assertThat(resolve("default")).isEqualTo(second);
        project.checkout(second).commitTracked("close as well", "--close-branch");
        refused("default").hasMessageContaining("has 2 heads");
    }

    @Test
    void aNameOfSeveralKindsIsAmbiguousWhereTheCommitsDiffer() {
        project.hg("tag", "--local", "--rev", first, "release");
        project.hg("bookmark", "--rev", second, "release");

        refused("release")
                .hasMessageContaining("the bookmark release is " + second.substring(0, 12))
                .hasMessageContaining("the tag release is " + first.substring(0, 12));
        project.hg("bookmark", "--force", "--rev", first, "release");
        assertThat(resolve("release")).isEqualTo(first);
    }

    @Test
    void whatIsHiddenIsTakenByItsFullIdAlone() {
        project.write("a", "3");
        project.hg("commit", "--amend", "--message", "better", "--config", "experimental.evolution=all");
        String better = project.head();

        refused(second.substring(0, 12))
                .hasMessageContaining("is hidden")
                .extracting(e -> ((DeliveryException) e).hint())
                .asString()
                .contains(second);
        assertThat(resolve(second)).isEqualTo(second);
        assertThat(resolve("default")).isEqualTo(better);
        try (Repository repository = open()) {
            Revision hidden = repository.resolve(second);
            assertThat(repository.files(hidden).read("a")).asString().isEqualTo("2");
            assertThat(repository.ancestors(hidden, 5)).containsExactly(second, first);
            assertThat(repository.changedPaths(hidden, repository.resolve("HEAD")))
                    .containsExactly("a");
            assertThat(repository.ancestry(second, better)).isEqualTo(new Ancestry(Relation.DIVERGED, first));
        }
    }

    @Test
    void aSecretCommitIsOneLikeAnother() {
        project.write("a", "3");
        String secret = project.commitTracked("secret", "--secret");

        assertThat(resolve("HEAD")).isEqualTo(secret).isEqualTo(resolve(secret.substring(0, 12)));
    }

    @Test
    void aCloneWithoutAWorkTreeSaysSo() {
        HgTestRepository clone = project.cloneTo(directory.resolve("clone"), "--noupdate");
        project = clone;

        refused("HEAD").hasMessageContaining("HEAD names no commit").hasMessageContaining("nothing is checked out");
        assertThat(resolve("default")).isEqualTo(second);
        assertThat(clone.changed()).isEmpty();
    }

    @Test
    void anUnknownNameNamesTheKinds() {
        refused("nowhere").hasMessageContaining("no branch, bookmark, tag or commit is named 'nowhere'");
        refused("defualt").extracting(e -> ((DeliveryException) e).hint()).isEqualTo("did you mean 'default'?");
        refused("null").hasMessageContaining("is named 'null'");
    }

    @Test
    void historiesWithNothingInCommonAreUnrelated() {
        project.checkout("null");
        String other = project.write("b", "1").commit("other root");

        try (Repository repository = open()) {
            assertThat(repository.ancestry(other, second)).isEqualTo(Ancestry.of(Relation.UNRELATED));
        }
    }

    private Repository open() {
        return new HgRepositories(System.getenv(), List.of()).open(project.root());
    }

    private String resolve(String expression) {
        try (Repository repository = open()) {
            return repository.resolve(expression).id();
        }
    }

    private AbstractThrowableAssert<?, ? extends Throwable> refused(String expression) {
        return assertThatThrownBy(() -> resolve(expression))
                .isInstanceOfSatisfying(
                        DeliveryException.class, e -> assertThat(e.problem()).isEqualTo(Problem.BAD_INPUT));
    }
}
