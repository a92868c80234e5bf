package io.jenkins.plugins.lockstep.revision.hg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.lockstep.MercurialTest;
import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.revision.GitTestRepository;
import io.jenkins.plugins.lockstep.revision.HgTestRepository;
import io.jenkins.plugins.lockstep.revision.Repository;
import io.jenkins.plugins.lockstep.revision.git.GitRepositories;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Wherever the two may agree, the answer is held against what {@code hg status} says. */
@MercurialTest
class HgChangesTest {

    @TempDir
    Path directory;

    private HgTestRepository project;

    @BeforeEach
    void someFiles() {
        project = HgTestRepository.init(directory.resolve("project"));
        project.write("a", "a\n").write("b", "b\n").write("dir/c", "c\n").write("dir/sub/d", "d\n");
        project.commit("first");
    }

    @Test
    void whatIsToBeAddedRemovedForgottenOrMovedCounts() {
        project.write("new", "n").write("untracked", "u");
        project.hg("add", "new");
        project.hg("remove", "--quiet", "a");
        project.hg("forget", "b");
        project.hg("move", "--quiet", "dir/c", "dir/moved");

        assertThat(changes()).containsExactly("a", "b", "dir/c", "dir/moved", "new");
    }

    @Test
    void aTrackedFileThatIsIgnoredCounts() {
        project.write(".hgignore", "syntax: glob\n*.log\ndir\n").write("kept.log", "1");
        project.hg("add", "kept.log");
        project.commit("ignore what is tracked");
        project.write("kept.log", "2").write("dir/sub/d", "2").write("other.log", "ignored");

        assertThat(changes()).containsExactly("dir/sub/d", "kept.log");
    }

    @Test
    void aFileThatBecameADirectoryCounts() {
        project.delete("a").write("a/inside", "1");

        assertThat(changes()).containsExactly("a");
    }

    @Test
    void namesAreRelativeToTheRootWhereverItWasOpened() {
        project.write("dir/sub/d", "edited");

        try (Repository repository = open(project.root().resolve("dir/sub"))) {
            assertThat(repository.uncommittedChanges()).containsExactly("dir/sub/d");
        }
    }

    @Test
    void anUncommittedMergeIsRefusedEvenIfNoFileDiffers() {
        String main = project.head();
        project.checkout("null");
        String side = project.write("z", "1").commit("side");
        project.checkout(main);
        project.hg("merge", "--quiet", side);

        assertThatThrownBy(this::changesHere)
                .isInstanceOfSatisfying(
                        DeliveryException.class, e -> assertThat(e.problem()).isEqualTo(Problem.UNCOMMITTED_CHANGES))
                .hasMessageContaining("a merge is not committed yet")
                .hasMessageContaining(main)
                .hasMessageContaining(side);
        try (Repository repository = open(project.root())) {
            assertThat(repository.resolve("HEAD").id()).isEqualTo(main);
        }
        project.commitTracked("merge");
        assertThat(changes()).isEmpty();
    }

    @Test
    void aConflictCounts() {
        String base = project.head();
        String ours = project.write("a", "ours\n").commit("ours");
        project.checkout(base).write("a", "theirs\n").commit("theirs");
        assertThatThrownBy(() -> project.merge(ours)).isInstanceOf(AssertionError.class);

        assertThatThrownBy(this::changesHere).hasMessageContaining("a merge is not committed yet");
    }

    @Test
    void aRepositoryWithoutCommitsNamesWhatIsAdded() {
        project = HgTestRepository.init(directory.resolve("empty"));
        project.write("a", "1").write("b", "2").hg("add", "a");

        assertThat(changes()).containsExactly("a");
    }

    @Test
    void subrepositoriesCountWhereTheirCommitOrTheirTrackedFilesChanged() throws IOException {
        HgTestRepository library = HgTestRepository.init(project.root().resolve("lib"));
        library.write("l", "1").commit("library");
        project.write(".hgsub", "lib = lib\n").hg("add", ".hgsub");
        project.commit("with a sub-repository");
        assertThat(changes()).isEmpty();

        library.write("untracked", "u");
        assertThat(changesHere()).isEmpty();

        library.write("l", "edited");
        assertThat(changesHere()).containsExactly("lib");

        library.commit("moved on");
        assertThat(changesHere()).containsExactly("lib");

        Files.move(project.root().resolve("lib"), directory.resolve("elsewhere"));
        assertThat(changesHere()).containsExactly("lib");
        assertThat(project.root().resolve("lib")).doesNotExist();
    }

    @Test
    void aSubrepositoryOfGitIsReadAsGit() {
        GitTestRepository library = GitTestRepository.init(project.root().resolve("lib"));
        library.write("l", "1").commit("library");
        project.write(".hgsub", "lib = [git]lib\n").hg("add", ".hgsub");
        project.hg("commit", "--message", "with a sub-repository", "--config", "subrepos.git:allowed=true");
        assertThat(changesHere()).isEmpty();

        library.write("l", "edited");
        assertThat(changesHere()).containsExactly("lib");
        library.commit("moved on");
        assertThat(changesHere()).containsExactly("lib");
    }

    /** Asks first: {@code hg status} notes the times of files, and with it the case is gone. */
    private List<String> changes() {
        List<String> changes = changesHere();
        assertThat(changes).as("what hg status says").isEqualTo(project.changed());
        return changes;
    }

    private List<String> changesHere() {
        try (Repository repository = open(project.root())) {
            return repository.uncommittedChanges();
        }
    }

    private static Repository open(Path place) {
        return new HgRepositories(System.getenv(), List.of(new GitRepositories())).open(place);
    }
}
