package io.jenkins.plugins.lockstep.revision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.lockstep.MercurialTest;
import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.revision.git.GitRepositories;
import io.jenkins.plugins.lockstep.revision.hg.HgRepositories;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@MercurialTest
class NearestRepositoryTest {

    @TempDir
    Path directory;

    @Test
    void theNearestIsOpenedWhicheverSystemItIsOf() {
        HgTestRepository outer = HgTestRepository.init(directory.resolve("outer"));
        String hg = outer.write("sub/a", "1").commit("outer");
        GitTestRepository inner = GitTestRepository.init(directory.resolve("outer/inner"));
        String git = inner.write("b", "1").commit("inner");
        HgTestRepository.init(directory.resolve("outer/inner/third"))
                .write("deep/c", "1")
                .commit("third");

        assertThat(headAt("outer/sub", null)).isEqualTo(new Head(Vcs.MERCURIAL, hg));
        assertThat(headAt("outer/inner", null)).isEqualTo(new Head(Vcs.GIT, git));
        assertThat(headAt("outer/inner/third/deep", null).vcs()).isEqualTo(Vcs.MERCURIAL);
        assertThat(headAt("outer/inner", "mercurial")).isEqualTo(new Head(Vcs.MERCURIAL, hg));
    }

    @Test
    void aBareGitRepositoryIsFoundToo() {
        GitTestRepository git = GitTestRepository.init(directory.resolve("project"));
        String id = git.write("a", "1").commit("first");
        git.cloneTo(directory.resolve("bare.git"), "--bare");

        assertThat(headAt("bare.git", null)).isEqualTo(new Head(Vcs.GIT, id));
    }

    @Test
    void whereADirectoryIsBothSomebodyHasToSayWhich() {
        GitTestRepository git = GitTestRepository.init(directory.resolve("project"));
        HgTestRepository hg = HgTestRepository.init(directory.resolve("project"));
        git.write(".gitignore", ".hg\n").write("a", "1");
        String gitId = git.commit("git");
        hg.hg("add", "a");
        String hgId = hg.commitTracked("hg");

        assertThatThrownBy(() -> headAt("project", null))
                .isInstanceOfSatisfying(DeliveryException.class, e -> assertThat(e.hint())
                        .isEqualTo("set LOCKSTEP_VCS=git or LOCKSTEP_VCS=mercurial"))
                .hasMessageContaining("this is a Git and a Mercurial repository at once");
        assertThat(headAt("project", "git")).isEqualTo(new Head(Vcs.GIT, gitId));
        assertThat(headAt("project", "mercurial")).isEqualTo(new Head(Vcs.MERCURIAL, hgId));
    }

    @Test
    void noRepositorySaysWhatItLookedFor() {
        assertThatThrownBy(() -> headAt(".", null))
                .hasMessageContaining("this is not inside a Git or Mercurial repository")
                .hasMessageContaining(directory.toString())
                .hasMessageContaining("holds .git or .hg");
        assertThatThrownBy(() -> headAt(".", "git")).hasMessageContaining("this is not inside a Git repository");
        assertThatThrownBy(() -> headAt("nowhere", null)).hasMessageContaining("no such directory");
    }

    @Test
    void aMistypedSystemGetsTheNearestWord() {
        assertThatThrownBy(() -> headAt(".", "mercural"))
                .isInstanceOfSatisfying(DeliveryException.class, e -> {
                    assertThat(e.problem()).isEqualTo(Problem.BAD_USAGE);
                    assertThat(e.hint()).isEqualTo("did you mean 'mercurial'?");
                })
                .hasMessageContaining("LOCKSTEP_VCS");
    }

    private record Head(Vcs vcs, String id) {}

    private Head headAt(String place, @Nullable String choice) {
        var git = new GitRepositories();
        var finder = NearestRepository.of(
                List.of(git, new HgRepositories(System.getenv(), List.of(git))), "LOCKSTEP_VCS", choice);
        try (Repository repository = finder.open(directory.resolve(place))) {
            Revision head = repository.resolve("HEAD");
            return new Head(head.vcs(), head.id());
        }
    }
}
