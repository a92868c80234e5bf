package io.jenkins.plugins.lockstep.revision.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.config.ConfigSource;
import io.jenkins.plugins.lockstep.config.ConfigurationReader;
import io.jenkins.plugins.lockstep.manifest.ManifestReader;
import io.jenkins.plugins.lockstep.revision.GitTestRepository;
import io.jenkins.plugins.lockstep.revision.Repository;
import io.jenkins.plugins.lockstep.revision.RevisionFiles;
import io.jenkins.plugins.lockstep.revision.RevisionFiles.TrackedFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A repository in another one: as a submodule, behind a linked work tree, or just lying there. */
class GitSubmodulesTest {

    @TempDir
    Path directory;

    private final GitRepositories finder = new GitRepositories();
    private GitTestRepository library;
    private GitTestRepository git;
    private String recorded;

    @BeforeEach
    void aProjectWithASubmodule() {
        library = GitTestRepository.init(directory.resolve("library"));
        recorded = library.write("deploy/app.yaml", "kind: Service\n")
                .write("config/a", "1\n")
                .commit("library");
        git = GitTestRepository.init(directory.resolve("project"));
        git.write("top", "t\n").submodule("shared/lib", library).commit("with a submodule");
    }

    @Test
    void itIsListedAsOneEntryAndNothingInItIsAnswered() {
        try (Repository repository = finder.open(git.root())) {
            RevisionFiles files = repository.files(repository.resolve("HEAD"));

            assertThat(files.list("shared")).containsExactly(new TrackedFile("shared/lib", false));
            assertThat(files.exists("shared/lib")).isTrue();
            assertThat(files.exists("shared/lib/config/a")).isFalse();
            assertThat(files.file("shared/lib/config/a")).isEmpty();
            refused(() -> files.list("shared/lib"), "shared/lib at revision", "this is a submodule");
            refused(() -> files.list("shared/lib/config"), "'shared/lib' is a submodule", recorded);
            refused(() -> files.read("shared/lib/config/a"), "'shared/lib' is a submodule", recorded);
        }
    }

    @Test
    void configurationAndManifestsInItAreRefused() {
        try (Repository repository = finder.open(git.root())) {
            RevisionFiles files = repository.files(repository.resolve("HEAD"));
            for (String path : List.of("shared/lib", "shared/lib/deploy", "shared/lib/deploy/app.yaml")) {
                refused(() -> new ManifestReader().read(files, path), path, "is a submodule", recorded);
            }
            for (String path : List.of("shared/lib", "shared/lib/config", "shared")) {
                refused(
                        () -> new ConfigurationReader().read(List.of(source(path)), files, ""),
                        "shared/lib",
                        "is a submodule");
            }
        }
    }

    private static ConfigSource source(String path) {
        return new ConfigSource(path, false, List.of(), "staging", "lockstep.yaml:1");
    }

    @Test
    void anotherCommitThanTheRecordedOneIsAChange() {
        library.write("config/a", "2\n").commit("moved on");
        git.git("-C", "shared/lib", "-c", "protocol.file.allow=always", "fetch", "--quiet");
        git.git("-C", "shared/lib", "checkout", "--quiet", "origin/main");
        assertThat(changes()).containsExactly("shared/lib");

        git.git("-C", "shared/lib", "checkout", "--quiet", recorded);
        assertThat(changes()).isEmpty();
    }

    @Test
    void aChangeInASubmoduleOfASubmoduleCounts() {
        GitTestRepository outer = GitTestRepository.init(directory.resolve("outer"));
        outer.write("o", "o").submodule("project", git).commit("outer");
        outer.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "update", "--init", "--recursive");
        assertThat(changesIn(outer)).isEmpty();

        outer.write("project/shared/lib/config/a", "edited\n");
        assertThat(changesIn(outer)).containsExactly("project");
    }

    @Test
    void whatIsStagedOrUnmergedInASubmoduleCounts() {
        git.write("shared/lib/config/a", "2\n").git("-C", "shared/lib", "add", "config/a");

        assertThat(changes()).containsExactly("shared/lib");
    }

    @Test
    void aSubmoduleThatLostItsGitDirectoryIsNamed() {
        git.write("shared/lib/.git", "gitdir: ../nowhere\n");

        refused(
                this::here,
                "lost its Git directory",
                git.root().resolve("shared/lib/.git").toString());
    }

    @Test
    void theProjectMayLiveInTheSubmodule() {
        Path inside = git.root().resolve("shared/lib");
        assertThat(inside.resolve(".git")).isRegularFile();

        try (Repository repository = finder.open(inside.resolve("deploy"))) {
            assertThat(repository.root()).isEqualTo(inside);
            assertThat(repository.resolve("HEAD").id()).isEqualTo(recorded);
            assertThat(repository.originUrl()).contains(library.root().toString());
            git.write("shared/lib/config/a", "2\n");
            assertThat(repository.uncommittedChanges()).containsExactly("config/a");
        }
    }

    @Test
    void aLinkedWorkTreeOfASubmoduleIsReadOnItsOwn() throws IOException {
        Path linked = directory.resolve("linked");
        git.git("-C", "shared/lib", "worktree", "add", "--quiet", "-b", "side", linked.toString());
        Files.writeString(linked.resolve("config/a"), "edited\n");

        try (Repository repository = finder.open(linked.resolve("config"))) {
            // The submodule's core.worktree, which names the place in the project, does not count here.
            assertThat(repository.root()).isEqualTo(linked);
            assertThat(repository.resolve("side").id()).isEqualTo(recorded);
            assertThat(repository.uncommittedChanges()).containsExactly("config/a");
        }
        assertThat(changes()).isEmpty();
    }

    @Test
    void aLinkedWorkTreeOfTheProjectHasASubmoduleOfItsOwn() {
        GitTestRepository linked = git.worktree(directory.resolve("linked"));
        assertThat(changesIn(linked)).isEmpty();

        linked.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "update", "--init");
        assertThat(changesIn(linked)).isEmpty();
        try (Repository repository = finder.open(linked.root().resolve("shared/lib"))) {
            assertThat(repository.root()).isEqualTo(linked.root().resolve("shared/lib"));
            assertThat(repository.resolve("HEAD").id()).isEqualTo(recorded);
        }

        linked.write("shared/lib/config/a", "edited\n");
        assertThat(changesIn(linked)).containsExactly("shared/lib");
        assertThat(changes()).isEmpty();
    }

    @Test
    void aSubmoduleThatIsNotCheckedOutIsNoRepositoryOfItsOwn() {
        GitTestRepository clone = git.cloneTo(directory.resolve("clone"));
        assertThat(clone.root().resolve("shared/lib")).isEmptyDirectory();

        assertThat(changesIn(clone)).isEmpty();
        // As in Git: what is found from there is the project.
        try (Repository repository = finder.open(clone.root().resolve("shared/lib"))) {
            assertThat(repository.root()).isEqualTo(clone.root());
        }
    }

    @Test
    void aRepositoryThatIsCommittedWithoutBeingASubmoduleIsTreatedAsOne() {
        GitTestRepository nested = GitTestRepository.init(git.root().resolve("nested"));
        String id = nested.write("n", "1\n").commit("nested");
        git.git("-c", "advice.addEmbeddedRepo=false", "add", "nested");
        git.commitIndex("embedded");
        assertThat(changes()).isEmpty();

        nested.write("n", "2\n");
        assertThat(changes()).containsExactly("nested");
        try (Repository repository = finder.open(git.root())) {
            RevisionFiles files = repository.files(repository.resolve("HEAD"));
            refused(() -> files.read("nested/n"), "'nested' is a submodule", id);
        }
    }

    @Test
    void aRepositoryThatJustLiesThereIsNoneOfTheProjectsBusiness() {
        GitTestRepository nested = GitTestRepository.init(git.root().resolve("nested"));
        nested.write("n", "1\n").commit("nested");
        nested.write("n", "2\n");

        assertThat(changes()).isEmpty();
    }

    private static void refused(ThrowingCallable question, String... texts) {
        assertThatThrownBy(question)
                .isInstanceOfSatisfying(
                        DeliveryException.class, e -> assertThat(e.problem()).isEqualTo(Problem.BAD_INPUT))
                .hasMessageContainingAll(texts);
    }

    private List<String> changes() {
        return changesIn(git);
    }

    private List<String> here() {
        try (Repository repository = finder.open(git.root())) {
            return repository.uncommittedChanges();
        }
    }

    private List<String> changesIn(GitTestRepository each) {
        try (Repository repository = finder.open(each.root())) {
            List<String> changes = repository.uncommittedChanges();
            assertThat(changes).as("what git status says").isEqualTo(each.changed());
            return changes;
        }
    }
}
