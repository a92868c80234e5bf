package io.jenkins.plugins.lockstep.revision.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.revision.GitTestRepository;
import io.jenkins.plugins.lockstep.revision.Repository;
import io.jenkins.plugins.lockstep.revision.RevisionFiles;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a filter committed in place of the content, with a filter that does what the real one does. */
class GitPlaceholdersTest {

    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource({
        "printf '\\0GITCRYPT\\0'; tr a-z n-za-m, encrypted by git-crypt, commit it plain",
        "cat >/dev/null; echo /annex/objects/SHA256E-s5--0, kept by git-annex, git annex unannex"
    })
    void whatTheCommitHoldsInPlaceOfTheContentIsRefused(String clean, String what, String hint) {
        GitTestRepository git = GitTestRepository.init(directory.resolve("project"));
        git.git("config", "filter.own.clean", clean);
        git.write(".gitattributes", "config/secret.yaml filter=own\n")
                .write("config/secret.yaml", "password\n")
                .commit("filtered");
        assertThat(git.changed()).isEmpty();

        try (Repository repository = new GitRepositories().open(git.root())) {
            RevisionFiles files = repository.files(repository.resolve("HEAD"));
            assertThatThrownBy(() -> files.read("config/secret.yaml"))
                    .isInstanceOfSatisfying(DeliveryException.class, e -> assertThat(e.problem())
                            .isEqualTo(Problem.BAD_INPUT))
                    .hasMessageContaining("config/secret.yaml at revision " + git.head())
                    .hasMessageContaining(what)
                    .satisfies(e -> assertThat(((DeliveryException) e).hint()).contains(hint));
            // Fresh from the checkout, so that no filter is needed to tell.
            assertThat(repository.uncommittedChanges()).isEmpty();
        }
    }

    @Test
    void aFilterThatExpandsNothingLeavesItsFilesReadable() {
        GitTestRepository git = GitTestRepository.init(directory.resolve("project"));
        git.git("config", "filter.own.clean", "tr a-z A-Z");
        git.write(".gitattributes", "a filter=own\n").write("a", "text\n").commit("filtered");

        try (Repository repository = new GitRepositories().open(git.root())) {
            assertThat(repository.files(repository.resolve("HEAD")).read("a"))
                    .asString()
                    .isEqualTo("TEXT\n");
        }
    }
}
