package io.jenkins.plugins.lockstep.revision.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.revision.GitTestRepository;
import io.jenkins.plugins.lockstep.revision.Repository;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What may be typed for a revision beyond a plain name: what is read is what {@code git rev-parse} reads. */
class GitExpressionsTest {

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
        git.annotatedTag("v1", first);
        git.git("tag", "-a", "-m", "of a tag", "v1-signed-off", "v1");
        git.git("tag", "-a", "-m", "of a tree", "files", "HEAD^{tree}");
        git.git("tag", "-a", "-m", "of that tag", "files-again", "files");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "@",
                "@~1",
                "@^",
                "HEAD^{commit}",
                "main^{commit}",
                "main^{}",
                "v1^{}",
                "v1^{commit}",
                "v1-signed-off",
                "v1-signed-off^{}",
                "v1-signed-off^0",
                "HEAD~1^{commit}",
                "main^{}~1",
                "HEAD~0",
                "refs/heads/main",
                "heads/main",
                "tags/v1"
            })
    void isWhatGitSaysItIs(String expression) {
        assertThat(resolve(expression))
                .isEqualTo(git.git("rev-parse", expression + "^{commit}").strip());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "feature/ünï-код",
                "fix#12",
                "a+b",
                "release@2",
                "a{b}",
                "100%",
                "it's",
                "say\"so\"",
                "$HOME",
                "a;b",
                "a&b",
                "a|b",
                "a,b=c",
                "(x)",
                "!important",
                "é",
                "日本"
            })
    void aNameWithOddCharactersIsANameLikeAnyOther(String name) {
        git.branch(name);
        git.git("tag", "t-" + name, first);
        for (int round = 0; round < 2; round++) {
            assertThat(resolve(name)).isEqualTo(second);
            assertThat(resolve("t-" + name)).isEqualTo(first);
            assertThat(resolve(name + "~1")).isEqualTo(first);
            git.packRefs();
        }
    }

    @Test
    void aBranchThatIsNamedLikeAnOptionNeedsItsFullName() {
        git.git("update-ref", "refs/heads/-x", first);

        refused("-x", "that is an option");
        assertThat(resolve("refs/heads/-x")).isEqualTo(first);
    }

    @Test
    void aBranchThatIsNamedLikeAFullIdIsTheId() {
        git.git("update-ref", "refs/heads/" + first, second);

        assertThat(resolve(first)).isEqualTo(first);
        assertThat(resolve("heads/" + first)).isEqualTo(second);
    }

    @Test
    void aBranchOrTagThatIsNamedHeadIsNotHead() {
        git.git("update-ref", "refs/heads/HEAD", first);
        git.git("update-ref", "refs/tags/HEAD", first);

        assertThat(resolve("HEAD")).isEqualTo(second);
        assertThat(resolve("heads/HEAD")).isEqualTo(first);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    main..HEAD           | that is a set of commits                   | name one commit
                    main...HEAD          | that is a set of commits                   | name one commit
                    ^main                | that is a set of commits                   | name one commit
                    HEAD^@               | that is a set of commits                   | name one commit
                    HEAD^!               | that is a set of commits                   | name one commit
                    :/first              | that searches messages                     | 'git rev-parse' turns any expression into a full id
                    HEAD^{/first}        | that searches messages                     | 'git rev-parse' turns any expression into a full id
                    HEAD@{1}             | that asks this clone's own records         | 'git rev-parse' turns any expression into a full id
                    @{upstream}          | that asks this clone's own records         | 'git rev-parse' turns any expression into a full id
                    main@{yesterday}     | that asks this clone's own records         | 'git rev-parse' turns any expression into a full id
                    HEAD^{tree}          | that asks for something else than a commit | leave '^{...}' out
                    v1^{tag}             | that asks for something else than a commit | leave '^{...}' out
                    HEAD:lockstep.yaml   | that names a file of a commit              | leave out the colon and what follows it
                    --all                | that is an option                          | name a commit
                    """)
    void theRestOfTheLanguageIsRefusedWithWhatItIs(String expression, String why, String hint) {
        DeliveryException refusal = refused(expression, "can't be the name of a commit");
        assertThat(refusal.why()).startsWith(why).contains("a full or short id, a branch, a tag or HEAD");
        assertThat(refusal.hint()).isEqualTo(hint);
    }

    @Test
    void whatIsNearlyRightSaysWhatIs() {
        assertThat(refused("head", "no branch, tag or commit is named 'head'").hint())
                .isEqualTo("did you mean 'HEAD'?");
        assertThat(refused("MAIN", "no branch").hint()).isEqualTo("did you mean 'main'?");
        String described = git.git("describe", "--abbrev=9", "HEAD").strip();
        assertThat(described).isEqualTo("v1-1-g" + second.substring(0, 9));
        assertThat(refused(described, "no branch, tag or commit").hint())
                .isEqualTo("give the id alone: " + second.substring(0, 9));
        assertThat(refused(described + "-dirty", "no branch, tag or commit").hint())
                .isEqualTo("give the id alone: " + second.substring(0, 9));
    }

    @Test
    void aTagOfATagOfATreeSaysWhatItIs() {
        for (String name : List.of("files", "files-again", "files^{}", "files^{commit}")) {
            assertThat(refused(name, "names no commit").why()).isEqualTo("it names a tree");
        }
    }

    private String resolve(String expression) {
        try (Repository repository = new GitRepositories().open(git.root())) {
            return repository.resolve(expression).id();
        }
    }

    private DeliveryException refused(String expression, String text) {
        var refusal = new DeliveryException[1];
        assertThatThrownBy(() -> resolve(expression))
                .isInstanceOfSatisfying(DeliveryException.class, e -> refusal[0] = e)
                .hasMessageContaining(text);
        assertThat(refusal[0].problem()).isEqualTo(Problem.BAD_INPUT);
        return refusal[0];
    }
}
