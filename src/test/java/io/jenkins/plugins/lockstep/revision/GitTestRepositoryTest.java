package io.jenkins.plugins.lockstep.revision;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Proves that the fixture gives the same ids on every machine: other tests may then name them. */
class GitTestRepositoryTest {

    @TempDir
    Path directory;

    @Test
    void theSameCallsGiveTheSameIds() {
        GitTestRepository one = GitTestRepository.init(directory.resolve("one"));
        GitTestRepository two = GitTestRepository.init(directory.resolve("two"));
        one.write("a", "1").executable("a", true).commit("first");
        two.write("a", "1").executable("a", true).commit("first");

        assertThat(one.write("b/c", "2").commit("second"))
                .isEqualTo(two.write("b/c", "2").commit("second"))
                .isEqualTo(one.head());
        assertThat(one.git("log", "-1", "--format=%ct").strip())
                .isEqualTo(Long.toString(
                        TestRepository.FIRST_COMMIT.plusSeconds(60).getEpochSecond()));
        assertThat(one.changed()).isEmpty();
        assertThat(one.write("a", "changed").changed()).containsExactly("a");
    }
}
