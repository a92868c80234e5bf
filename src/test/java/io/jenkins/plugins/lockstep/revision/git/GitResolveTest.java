package io.jenkins.plugins.lockstep.revision.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.revision.GitTestRepository;
import io.jenkins.plugins.lockstep.revision.Repository;
import io.jenkins.plugins.lockstep.revision.Revision;
import io.jenkins.plugins.lockstep.revision.Vcs;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Locale;
import java.util.stream.Stream;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GitResolveTest {

    @TempDir
    Path directory;

    private GitTestRepository git;
    private String first;
    private String second;

    @BeforeEach
    void twoCommits() {
        git = GitTestRepository.init(directory.resolve("project"));
        first = git.write("a", "1").commit("first");
        second = git.write("a", "2").commit("second");
    }

    @Test
    void aRevisionHasItsFullIdAndTheCommittersTime() {
        assertThat(resolve("HEAD")).isEqualTo(new Revision(Vcs.GIT, second, Instant.parse("2026-01-02T03:05:05Z")));
    }

    @Test
    void aTimeAfter2038IsRight() {
        git.at(Instant.parse("2040-05-06T07:08:09Z")).write("a", "3").commit("third");

        assertThat(resolve("HEAD").committedAt()).isEqualTo("2040-05-06T07:08:09Z");
    }

    @Test
    void idsBranchesAndTagsAreFoundLooseAndPacked() {
        git.tag("v1").branch("feature/x");
        git.annotatedTag("v2", first);
        git.git("tag", "-a", "-m", "a tag of a tag", "v3", "v2");
        git.git("update-ref", "refs/remotes/origin/main", first);
        for (int round = 0; round < 2; round++) {
            assertThat(Stream.of(first, first.substring(0, 4), first.substring(0, 12), "v2", "v3", "tags/v2"))
                    .allSatisfy(name -> assertThat(resolve(name).id()).isEqualTo(first));
            assertThat(Stream.of("origin/main", "remotes/origin/main", "refs/remotes/origin/main"))
                    .allSatisfy(name -> assertThat(resolve(name).id()).isEqualTo(first));
            assertThat(Stream.of("main", "heads/main", "refs/heads/main", "v1", "feature/x", "refs/tags/v1"))
                    .allSatisfy(name -> assertThat(resolve(name).id()).isEqualTo(second));
            assertThat(resolve(first.toUpperCase(Locale.ROOT)).id()).isEqualTo(first);
            git.packRefs();
            git.git("gc", "--quiet");
        }
    }

    @Test
    void theIdOfATagObjectIsItsCommit() {
        String tag = git.annotatedTag("v1", first);

        assertThat(resolve(tag).id()).isEqualTo(first);
        assertThat(resolve(tag.substring(0, 10)).id()).isEqualTo(first);
    }

    @Test
    void aDetachedHeadIsResolved() {
        git.checkout(first);

        assertThat(resolve("HEAD").id()).isEqualTo(first);
    }

    @Test
    void stepsBackAreTaken() {
        git.checkout(first).branch("side");
        String side = git.write("b", "b").commit("side");
        git.checkout("main");
        String merge = git.merge("side");

        assertThat(resolve("HEAD~").id()).isEqualTo(second);
        assertThat(resolve("HEAD^2").id()).isEqualTo(side);
        assertThat(resolve("HEAD^2~1").id()).isEqualTo(first);
        assertThat(resolve("main~2").id()).isEqualTo(first);
        assertThat(resolve(merge.substring(0, 10) + "^^").id()).isEqualTo(first);
        assertThat(resolve("HEAD^0").id()).isEqualTo(merge);
        refused("HEAD^3").hasMessageContaining("there is no commit HEAD^3").hasMessageContaining("has 2 parents");
        refused("HEAD~9").hasMessageContaining("has 0 parents");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "-x",
                "--all",
                "HEAD@{1}",
                "@{u}",
                "main:a",
                ":/first",
                "HEAD^{/first}",
                "HEAD^{tree}",
                "a..b",
                "HEAD..main",
                "^main",
                "HEAD^@",
                "HEAD^!",
                "../../etc/passwd",
                "ma*n",
                "a b",
                "main\n",
                "a\u001bb",
                "HEAD~99999999999"
            })
    void whatIsNoNameIsRefused(String expression) {
        refused(expression)
                .hasMessageContaining("can't be the name of a commit")
                .message()
                .doesNotContain("\u001b", "\n");
    }

    @Test
    void anAmbiguousShortIdListsItsCommits() {
        // The fixture's ids are fixed, so two messages could be sought that give the same first seven digits.
        String one = emptyCommit("message 2045");
        String other = emptyCommit("message 12099");
        assertThat(one.substring(0, 7)).isEqualTo(other.substring(0, 7));

        refused(one.substring(0, 7))
                .hasMessageContaining(one.substring(0, 12) + " (message 2045)")
                .hasMessageContaining(other.substring(0, 12) + " (message 12099)");
        assertThat(resolve(one.substring(0, 12)).id()).isEqualTo(one);
    }

    private String emptyCommit(String message) {
        git.git("hash-object", "-t", "tree", "-w", "/dev/null");
        return git.git("commit-tree", "-m", message, "4b825dc642cb6eb9a060e54bf8d69288fbee4904")
                .strip();
    }

    @Test
    void aNameOfABranchAndATagWithDifferentCommitsIsAmbiguous() {
        git.branch("release");
        git.git("tag", "release", first);

        refused("release")
                .hasMessageContaining("the tag release is " + first.substring(0, 12))
                .hasMessageContaining("the branch release is " + second.substring(0, 12))
                .extracting(e -> ((DeliveryException) e).hint())
                .isEqualTo("say refs/tags/release or refs/heads/release");
        assertThat(resolve("tags/release").id()).isEqualTo(first);
        assertThat(resolve("heads/release").id()).isEqualTo(second);
    }

    @Test
    void aNameOfABranchAndATagWithOneCommitIsFine() {
        git.branch("release").tag("release");

        assertThat(resolve("release").id()).isEqualTo(second);
    }

    @Test
    void aNameThatIsAlsoAShortIdIsTheName() {
        git.git("tag", second.substring(0, 6), first);

        assertThat(resolve(second.substring(0, 6)).id()).isEqualTo(first);
    }

    @Test
    void anUnknownNameNamesTheNearestAndTheRepository() {
        git.branch("production");
        git.git("update-ref", "refs/remotes/origin/staging", first);

        refused("prodution")
                .hasMessageContaining("no branch, tag or commit is named 'prodution'")
                .hasMessageContaining(git.root().toString())
                .extracting(e -> ((DeliveryException) e).hint())
                .isEqualTo("did you mean 'production'?");
        refused("staging").extracting(e -> ((DeliveryException) e).hint()).isEqualTo("did you mean 'origin/staging'?");
        refused("zzzzzzzzzz")
                .extracting(e -> ((DeliveryException) e).hint())
                .isEqualTo("known here: main, origin/staging, production");
    }

    @Test
    void anIdThatIsTooShortOrUnknownSaysSo() {
        refused("abc").hasMessageContaining("a short id needs at least 4 digits");
        refused("0".repeat(40)).hasMessageContaining("does not have the commit 0000");
        refused("0000000").hasMessageContaining("no commit's id starts with it");
    }

    @Test
    void whatIsNoCommitSaysWhatItIs() {
        git.git("tag", "files", "HEAD^{tree}");
        git.annotatedTag("content", "HEAD:a");
        String blob = git.git("rev-parse", "HEAD:a").strip();

        refused("files").hasMessageContaining("the tag files names no commit: it names a tree");
        refused("content").hasMessageContaining("it names a blob");
        refused(blob).hasMessageContaining("it names a blob");
        refused(blob.substring(0, 12)).hasMessageContaining("it names a blob");
    }

    @Test
    void anEmptyRepositorySaysSo() {
        git = GitTestRepository.init(directory.resolve("empty"));

        refused("HEAD").hasMessageContaining("the repository has no commits yet");
        refused("main")
                .extracting(e -> ((DeliveryException) e).hint())
                .asString()
                .contains("commit first");
    }

    @Test
    void aBranchWithoutCommitsSaysSo() {
        git.git("checkout", "--quiet", "--orphan", "fresh");

        refused("HEAD").hasMessageContaining("the checked-out branch has no commits yet");
        assertThat(resolve("main").id()).isEqualTo(second);
    }

    @Test
    void aShallowCloneSaysWhatItLacks() {
        git = git.cloneTo(directory.resolve("shallow"), "--depth=1");

        assertThat(resolve("HEAD").id()).isEqualTo(second);
        refused(first).hasMessageContaining("it is a shallow clone");
        refused("HEAD~1")
                .hasMessageContaining("in this shallow clone")
                .extracting(e -> ((DeliveryException) e).hint())
                .asString()
                .contains("git fetch --unshallow");
    }

    private Revision resolve(String expression) {
        try (Repository repository = new GitRepositories().open(git.root())) {
            return repository.resolve(expression);
        }
    }

    private AbstractThrowableAssert<?, ? extends Throwable> refused(String expression) {
        return assertThatThrownBy(() -> resolve(expression))
                .isInstanceOfSatisfying(
                        DeliveryException.class, e -> assertThat(e.problem()).isEqualTo(Problem.BAD_INPUT));
    }
}
