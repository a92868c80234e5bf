package io.jenkins.plugins.lockstep.revision.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.revision.Ancestry.Relation;
import io.jenkins.plugins.lockstep.revision.GitTestRepository;
import io.jenkins.plugins.lockstep.revision.Repository;
import io.jenkins.plugins.lockstep.revision.RevisionFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.util.List;
import java.util.stream.Stream;
import org.eclipse.jgit.internal.storage.file.FileRepository;
import org.eclipse.jgit.util.FileUtils;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How a repository keeps its objects and references, and what in it could put something else in their place. */
class GitStorageTest {

    @TempDir
    Path directory;

    private final GitRepositories finder = new GitRepositories();
    private GitTestRepository git;
    private String first;
    private String second;

    @BeforeEach
    void twoCommits() {
        git = GitTestRepository.init(directory.resolve("project"));
        first = git.write("a", "1\n").commit("first");
        second = git.write("a", "2\n").commit("second");
    }

    @Test
    void referencesInAReftableAreRead() throws IOException {
        git.tag("v1").annotatedTag("v2", first);
        git.branch("feature/x").checkout("main");
        // The git of many machines can't make one yet: JGit turns the references into one.
        try (var repository = new FileRepository(git.root().resolve(".git").toFile())) {
            repository.convertRefStorage("reftable", true, false);
        }
        assertThat(git.root().resolve(".git/reftable/tables.list")).isNotEmptyFile();
        // As Git leaves the files, for older Gits that look there.
        FileUtils.delete(git.root().resolve(".git/refs").toFile(), FileUtils.RECURSIVE);
        git.write(".git/refs/heads", "this repository uses the reftable format\n");
        Files.deleteIfExists(git.root().resolve(".git/packed-refs"));
        Files.writeString(git.root().resolve(".git/HEAD"), "ref: refs/heads/.invalid\n");

        try (Repository repository = finder.open(git.root())) {
            assertThat(Stream.of("HEAD", "main", "v1", "feature/x"))
                    .allSatisfy(
                            name -> assertThat(repository.resolve(name).id()).isEqualTo(second));
            assertThat(repository.resolve("v2").id()).isEqualTo(first);
            assertThat(repository.files(repository.resolve("v2")).read("a"))
                    .asString()
                    .isEqualTo("1\n");
            assertThat(repository.uncommittedChanges()).isEmpty();
        }
    }

    @Test
    void aLinkedWorkTreeOfAReftableIsRefused() throws IOException {
        GitTestRepository linked = git.worktree(directory.resolve("linked"));
        try (var repository = new FileRepository(git.root().resolve(".git").toFile())) {
            repository.convertRefStorage("reftable", true, false);
        }

        assertThatThrownBy(() -> finder.open(linked.root()))
                .hasMessageContaining("linked work tree of a repository whose references are a reftable")
                .satisfies(e -> assertThat(((DeliveryException) e).hint()).contains("main work tree"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    2 |                              | its format is version 2, and 1 is the newest known
                    0 | extensions.refStorage=files  | its format is version 0, which has no extension 'refstorage'
                    0 | extensions.objectFormat=sha1 | its format is version 0, which has no extension 'objectformat'
                    1 | extensions.refStorage=files  | it says extensions.refStorage = files
                    1 | extensions.refStorage=etcd   | its references are kept as 'etcd'
                    1 | extensions.teleport=true     | it needs the extension 'teleport'
                    1 | extensions.objectFormat=sha256 | its ids are sha256
                    """)
    void aFormatThatGitWouldRefuseIsRefused(String version, String setting, String why) throws IOException {
        String[] parts = setting == null ? new String[0] : setting.split("=");
        // By hand: a newer Git would refuse to write it.
        Files.writeString(
                git.root().resolve(".git/config"),
                "[core]\n\trepositoryformatversion = " + version + "\n"
                        + (parts.length == 0
                                ? ""
                                : "[extensions]\n\t" + parts[0].substring("extensions.".length()) + " = " + parts[1]
                                        + "\n"));

        assertThatThrownBy(() -> finder.open(git.root()))
                .isInstanceOfSatisfying(
                        DeliveryException.class, e -> assertThat(e.problem()).isEqualTo(Problem.BAD_INPUT))
                .hasMessageContaining("can't read this kind of Git repository")
                .satisfies(e -> assertThat(((DeliveryException) e).why()).containsIgnoringCase(why));
    }

    @Test
    void anExtensionThatGitPassesOverIsPassedOver() {
        git.git("config", "extensions.teleport", "true");

        assertThat(head()).isEqualTo(second);

        git.git("config", "core.repositoryFormatVersion", "1");
        git.git("config", "--file", ".git/config", "--unset", "extensions.teleport");
        git.git("config", "extensions.preciousObjects", "true");
        git.git("config", "extensions.objectFormat", "sha1");
        assertThat(head()).isEqualTo(second);
    }

    @Test
    void replacedObjectsAreReadAsTheyWere() {
        String replacement = git.write("a", "other\n").commit("not what was there");
        git.checkout("main").git("reset", "--quiet", "--hard", second);
        git.git("replace", first, replacement);
        git.git("replace", git.git("rev-parse", second + ":a").strip(), hash("evil\n"));
        assertThat(git.git("show", second + ":a")).isEqualTo("evil\n");

        try (Repository repository = finder.open(git.root())) {
            assertThat(read(repository, second)).isEqualTo("2\n");
            assertThat(read(repository, first)).isEqualTo("1\n");
            assertThat(repository.ancestry(first, second).relation()).isEqualTo(Relation.ANCESTOR);
            assertThat(repository.ancestors(repository.resolve(second), 9)).containsExactly(second, first);
        }
    }

    private String hash(String content) {
        git.write("content", content);
        String id = git.git("hash-object", "-w", "content").strip();
        git.delete("content");
        return id;
    }

    @Test
    void graftsChangeNoHistory() {
        git.write(".git/info/grafts", second + "\n");
        assertThat(git.git("rev-list", "HEAD").lines()).containsExactly(second);

        try (Repository repository = finder.open(git.root())) {
            assertThat(repository.ancestors(repository.resolve("HEAD"), 9)).containsExactly(second, first);
            assertThat(repository.ancestry(first, second).relation()).isEqualTo(Relation.ANCESTOR);
        }
    }

    @Test
    void clonesThatBorrowObjectsAreRead() {
        git.git("gc", "--quiet");
        GitTestRepository shared = clone("shared", "--shared");
        GitTestRepository borrowed = clone("borrowed", "--reference=" + git.root());
        assertThat(borrowed.root().resolve(".git/objects/info/alternates")).exists();
        // And one that borrows from one that borrows.
        GitTestRepository chained = clone("chained", "--reference=" + shared.root());

        assertThat(List.of(shared, borrowed, chained)).allSatisfy(each -> {
            try (Repository repository = finder.open(each.root())) {
                assertThat(repository.resolve(first.substring(0, 8)).id()).isEqualTo(first);
                assertThat(read(repository, "HEAD")).isEqualTo("2\n");
                assertThat(repository.uncommittedChanges()).isEmpty();
            }
        });
    }

    @Test
    void aCloneWhoseLenderIsGoneNamesIt() throws IOException {
        GitTestRepository shared = clone("shared", "--shared");
        Path objects = git.root().resolve(".git/objects");
        Files.move(git.root(), directory.resolve("moved"));

        assertThatThrownBy(() -> {
                    try (Repository repository = finder.open(shared.root())) {
                        repository.resolve("HEAD");
                    }
                })
                .isInstanceOfSatisfying(
                        DeliveryException.class, e -> assertThat(e.problem()).isEqualTo(Problem.BAD_INPUT))
                .hasMessageContaining("lacks an object")
                .hasMessageContaining(objects.toString())
                .satisfies(e -> assertThat(((DeliveryException) e).hint()).contains("objects/info/alternates"));
    }

    private GitTestRepository clone(String name, String option) {
        git.git(
                "clone",
                "--quiet",
                option,
                git.root().toString(),
                directory.resolve(name).toString());
        return GitTestRepository.init(directory.resolve(name));
    }

    @Test
    void objectsInEveryKindOfPackAreRead() {
        for (int i = 0; i < 5; i++) {
            git.write("f" + i, "content " + i + "\n").commit("commit " + i);
            git.git("repack", "--quiet", "-d");
        }
        git.git("multi-pack-index", "write", "--bitmap");
        git.git("commit-graph", "write", "--reachable", "--split", "--changed-paths");
        git.git("repack", "--quiet", "-d", "--geometric=2", "--write-midx");
        git.git("repack", "--quiet", "-a", "-d", "--cruft");

        try (Repository repository = finder.open(git.root())) {
            assertThat(repository.ancestors(repository.resolve("HEAD"), 99)).hasSize(7);
            assertThat(repository.ancestry(first, git.head()).relation()).isEqualTo(Relation.ANCESTOR);
            RevisionFiles files = repository.files(repository.resolve("HEAD"));
            assertThat(files.list("")).hasSize(6).allSatisfy(file -> assertThat(files.read(file.path()))
                    .isNotEmpty());
        }
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void aRepositoryOfAnotherUserIsReadSinceNothingInItIsRun() throws IOException {
        assumeThat(System.getProperty("user.name"))
                .as("root alone can give files away")
                .isEqualTo("root");
        UserPrincipal nobody =
                git.root().getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("nobody");
        try (Stream<Path> paths = Files.walk(git.root())) {
            for (Path path : paths.toList()) {
                Files.setOwner(path, nobody);
            }
        }
        assertThatThrownBy(() -> git.git("status")).hasMessageContaining("dubious ownership");

        try (Repository repository = finder.open(git.root())) {
            assertThat(read(repository, "HEAD")).isEqualTo("2\n");
            assertThat(repository.uncommittedChanges()).isEmpty();
        }
    }

    /** A power cut leaves empty ones. */
    @ParameterizedTest
    @ValueSource(strings = {"", "garbage\n"})
    void aReferenceThatIsDamagedIsNamedAndTheOthersAreRead(String content) {
        git.write(".git/refs/heads/broken", content);
        assertThat(head()).isEqualTo(second);
        damaged("broken", "refs/heads/broken");

        git.write(".git/HEAD", "ref: refs/heads/broken\n");
        damaged("HEAD", "refs/heads/broken");
        damaged("@~1", "refs/heads/broken");
    }

    private void damaged(String name, String reference) {
        try (Repository repository = finder.open(git.root())) {
            assertThatThrownBy(() -> repository.resolve(name))
                    .isInstanceOfSatisfying(DeliveryException.class, e -> assertThat(e.problem())
                            .isEqualTo(Problem.BAD_INPUT))
                    .hasMessageContaining("the reference " + reference + " is damaged")
                    .satisfies(e -> assertThat(((DeliveryException) e).hint()).contains("git fsck"));
        }
    }

    @Test
    void includedConfigurationCounts() {
        git.write(".git/more", "[core]\n\tautocrlf = true\n");
        git.git("config", "include.path", "more");
        git.write("a", "2\r\n");
        try (Repository repository = finder.open(git.root())) {
            assertThat(repository.uncommittedChanges()).isEmpty();
        }
    }

    /** The documented difference: it can make Lockstep refuse, never ship something else. */
    @Test
    void conditionallyIncludedConfigurationDoesNotCount() {
        git.write(".git/more", "[core]\n\tautocrlf = true\n");
        git.git("config", "includeIf.onbranch:main.path", "more");
        git.write("a", "2\r\n");
        assertThat(git.git("config", "core.autocrlf").strip()).isEqualTo("true");

        try (Repository repository = finder.open(git.root())) {
            assertThat(repository.uncommittedChanges()).containsExactly("a");
            assertThat(read(repository, "HEAD")).isEqualTo("2\n");
        }
    }

    private static String read(Repository repository, String revision) {
        return new String(repository.files(repository.resolve(revision)).read("a"));
    }

    private String head() {
        try (Repository repository = finder.open(git.root())) {
            return repository.resolve("HEAD").id();
        }
    }
}
