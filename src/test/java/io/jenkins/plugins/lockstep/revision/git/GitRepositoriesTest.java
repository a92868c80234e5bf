package io.jenkins.plugins.lockstep.revision.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.revision.GitTestRepository;
import io.jenkins.plugins.lockstep.revision.Repository;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class GitRepositoriesTest {

    @TempDir
    Path directory;

    private final GitRepositories finder = new GitRepositories();
    private GitTestRepository git;

    @BeforeEach
    void initialise() {
        git = GitTestRepository.init(directory.resolve("project"));
    }

    @Test
    void aRepositoryIsFoundFromASubDirectory() {
        git.write("deploy/app/a.yaml", "a").commit("first");

        try (Repository repository = finder.open(git.root().resolve("deploy/app"))) {
            assertThat(repository.root()).isEqualTo(git.root());
        }
    }

    @Test
    void theRootIsSpelledAsTheUserSpelledIt() throws IOException {
        git.write("sub/a", "a").commit("first");
        Path alias = Files.createSymbolicLink(directory.resolve("alias"), git.root());

        try (Repository repository = finder.open(alias.resolve("sub"))) {
            assertThat(repository.root()).isEqualTo(alias);
        }
    }

    @Test
    void aLinkIntoARepositoryFindsTheRealRoot() throws IOException {
        git.write("sub/a", "a").commit("first");
        Path alias =
                Files.createSymbolicLink(directory.resolve("alias"), git.root().resolve("sub"));

        try (Repository repository = finder.open(alias)) {
            assertThat(repository.root()).isEqualTo(git.root().toRealPath());
        }
    }

    @Test
    void noRepositorySaysWhereItLooked() {
        assertThatThrownBy(() -> finder.open(directory))
                .isInstanceOf(DeliveryException.class)
                .hasMessageContaining(directory.toString())
                .hasMessageContaining("not inside a Git repository");
        assertThatThrownBy(() -> finder.open(directory.resolve("nowhere"))).hasMessageContaining("no such directory");
    }

    @Test
    void aBareRepositoryGivesRevisionsButNoWorkTree() {
        String id = git.write("a", "a").commit("first");
        GitTestRepository bare = git.cloneTo(directory.resolve("bare.git"), "--bare");

        try (Repository repository = finder.open(bare.root())) {
            var revision = repository.resolve("main");
            assertThat(revision.id()).isEqualTo(id);
            assertThat(repository.files(revision).read("a")).asString().isEqualTo("a");
            assertThatThrownBy(repository::root).hasMessageContaining("no work tree");
            assertThatThrownBy(repository::uncommittedChanges).hasMessageContaining("no work tree");
        }
    }

    @Test
    void aLinkedWorkTreeHasItsOwnHeadAndItsOwnChanges() {
        String first = git.write("a", "1").commit("first");
        String second = git.write("a", "2").commit("second");
        git.packRefs();
        GitTestRepository linked = git.worktree(directory.resolve("linked"), "-b", "feature", first);
        linked.write("a", "changed").write("new", "untracked");

        try (Repository repository = finder.open(linked.root());
                Repository main = finder.open(git.root())) {
            assertThat(repository.root()).isEqualTo(linked.root());
            assertThat(repository.resolve("HEAD").id()).isEqualTo(first);
            assertThat(repository.resolve("main").id()).isEqualTo(second);
            assertThat(repository.resolve("feature").id()).isEqualTo(first);
            assertThat(repository.uncommittedChanges()).containsExactly("a").isEqualTo(linked.changed());
            assertThat(main.resolve("HEAD").id()).isEqualTo(second);
            assertThat(main.uncommittedChanges()).isEmpty();
        }
    }

    @Test
    void aLinkedWorkTreeOfABareRepositoryHasAWorkTree() {
        git.write("a", "1").commit("first");
        GitTestRepository bare = git.cloneTo(directory.resolve("bare.git"), "--bare");
        GitTestRepository linked = bare.worktree(directory.resolve("linked"), "main");
        linked.write("a", "changed");

        try (Repository repository = finder.open(linked.root())) {
            assertThat(repository.root()).isEqualTo(linked.root());
            assertThat(repository.uncommittedChanges()).containsExactly("a").isEqualTo(linked.changed());
        }
    }

    @Test
    void aWorkTreesOwnConfigurationCounts() {
        git.write("run", "1").executable("run", true).commit("first");
        GitTestRepository linked = git.worktree(directory.resolve("linked"));
        git.git("config", "extensions.worktreeConfig", "true");
        linked.git("config", "--worktree", "core.fileMode", "false");
        linked.executable("run", false);

        try (Repository repository = finder.open(linked.root())) {
            assertThat(repository.uncommittedChanges())
                    .isEqualTo(linked.changed())
                    .isEmpty();
        }
    }

    @Test
    void aWorkTreeThatLostItsGitDirectorySaysHowToMendIt() {
        git.write("a", "1").commit("first");
        GitTestRepository linked = git.worktree(directory.resolve("linked"));
        linked.write(".git", "gitdir: /nowhere/at/all\n");

        assertThatThrownBy(() -> finder.open(linked.root()))
                .hasMessageContaining("lost its Git directory")
                .hasMessageContaining("/nowhere/at/all")
                .extracting(e -> ((DeliveryException) e).hint())
                .asString()
                .contains("git worktree repair");
    }

    @Test
    void aSubmoduleIsARepositoryOfItsOwn() {
        GitTestRepository library = GitTestRepository.init(directory.resolve("library"));
        String id = library.write("l", "l").commit("library");
        git.submodule("lib", library).commit("with a submodule");

        try (Repository repository = finder.open(git.root().resolve("lib"))) {
            assertThat(repository.root()).isEqualTo(git.root().resolve("lib"));
            assertThat(repository.resolve("HEAD").id()).isEqualTo(id);
            assertThat(repository.uncommittedChanges()).isEmpty();
        }
    }

    @Test
    void aRepositoryWithSha256IdsIsRefused() {
        GitTestRepository other = GitTestRepository.init(directory.resolve("other"), "--object-format=sha256");

        assertThatThrownBy(() -> finder.open(other.root())).hasMessageContaining("its ids are sha256");
    }

    @Test
    void aRepositoryThatNeedsAnUnknownExtensionIsRefused() {
        git.git("config", "core.repositoryFormatVersion", "1");
        git.git("config", "extensions.teleport", "true");

        assertThatThrownBy(() -> finder.open(git.root())).hasMessageContaining("it needs the extension 'teleport'");
    }

    @Test
    void aBrokenConfigurationIsNamed() {
        git.write(".git/config", "[core\n");

        assertThatThrownBy(() -> finder.open(git.root()))
                .isInstanceOf(DeliveryException.class)
                .hasMessageContaining("can't be parsed");
    }

    @Test
    void objectsOfAlternatesAreFound() {
        String id = git.write("a", "1").commit("first");
        GitTestRepository shared = GitTestRepository.init(directory.resolve("shared"));
        shared.write(".git/objects/info/alternates", git.root().resolve(".git/objects") + "\n");
        shared.git("update-ref", "refs/heads/main", id);

        try (Repository repository = finder.open(shared.root())) {
            assertThat(repository.resolve(id.substring(0, 8)).id()).isEqualTo(id);
            assertThat(repository.files(repository.resolve("HEAD")).read("a"))
                    .asString()
                    .isEqualTo("1");
        }
    }

    @Test
    void theOriginIsTheRemoteOfTheBranchOrElseOrigin() {
        git.write("a", "1").commit("first");
        assertThat(origin()).isEmpty();

        git.git("remote", "add", "origin", "https://me:secret@example.com/shop/cart.git");
        git.git("remote", "add", "fork", "git@example.com:me/cart.git");
        assertThat(origin()).containsExactly("https://me:secret@example.com/shop/cart.git");

        git.git("config", "branch.main.remote", "fork");
        assertThat(origin()).containsExactly("git@example.com:me/cart.git");

        git.git("config", "branch.main.remote", ".");
        assertThat(origin()).containsExactly("https://me:secret@example.com/shop/cart.git");

        git.git("checkout", "--quiet", "--detach");
        assertThat(origin()).containsExactly("https://me:secret@example.com/shop/cart.git");
    }

    private List<String> origin() {
        try (Repository repository = finder.open(git.root())) {
            return repository.originUrl().stream().toList();
        }
    }

    @Test
    void manyThreadsReadOneRepositoryAtOnce() throws Exception {
        for (int i = 0; i < 20; i++) {
            git.write("dir/file" + i, "content " + i).commit("commit " + i);
        }
        git.git("gc", "--quiet");
        git.write("dir/file0", "loose").commit("loose");
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            Callable<String> reading = () -> {
                var all = new StringBuilder();
                for (int round = 0; round < 10; round++) {
                    try (Repository repository = finder.open(git.root())) {
                        var revision = repository.resolve("HEAD~" + round);
                        var files = repository.files(revision);
                        all.append(revision).append(repository.uncommittedChanges());
                        files.list("dir").forEach(file -> all.append(new String(files.read(file.path()))));
                    }
                }
                return all.toString();
            };
            var results = new ArrayList<Future<String>>();
            for (int i = 0; i < 8; i++) {
                results.add(threads.submit(reading));
            }
            String expected = reading.call();
            for (Future<String> result : results) {
                assertThat(result.get()).isEqualTo(expected);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void closingLeavesNoFileOpen() throws IOException {
        git.write("a", "1").commit("first");
        git.git("gc", "--quiet");

        try (Repository repository = finder.open(git.root())) {
            repository.files(repository.resolve("HEAD")).read("a");
            assertThat(openFiles()).isNotEmpty();
        }

        assertThat(openFiles()).isEmpty();
    }

    private List<String> openFiles() throws IOException {
        File[] descriptors = new File("/proc/self/fd").listFiles();
        assertThat(descriptors).isNotNull();
        return Stream.of(descriptors)
                .map(descriptor -> {
                    try {
                        return Files.readSymbolicLink(descriptor.toPath()).toString();
                    } catch (IOException e) {
                        return "closed meanwhile";
                    }
                })
                .filter(target -> target.startsWith(directory.toString()))
                .toList();
    }
}
