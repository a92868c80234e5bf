package io.jenkins.plugins.lockstep.revision.git;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.lockstep.revision.GitTestRepository;
import io.jenkins.plugins.lockstep.revision.Repository;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GitChangedPathsTest {

    @TempDir
    Path directory;

    private GitTestRepository git;

    @BeforeEach
    void create() {
        git = GitTestRepository.init(directory.resolve("project"));
    }

    @Test
    void addedChangedMovedAndDeletedPathsAreNamedWhateverLiesBetween() {
        String from = git.write("kept", "1")
                .write("changed/file", "1")
                .write("deleted", "1")
                .write("moved", "text")
                .write("mode", "1")
                .commit("from");
        git.write("passing", "1").commit("between");
        String to = git.delete("passing")
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

    private List<String> changedPaths(String from, String to) {
        try (Repository repository = new GitRepositories().open(git.root())) {
            return repository.changedPaths(repository.resolve(from), repository.resolve(to));
        }
    }
}
