package io.jenkins.plugins.lockstep.revision.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.revision.GitTestRepository;
import io.jenkins.plugins.lockstep.revision.Repository;
import io.jenkins.plugins.lockstep.revision.Revision;
import io.jenkins.plugins.lockstep.revision.RevisionFiles;
import io.jenkins.plugins.lockstep.revision.RevisionFiles.TrackedFile;
import io.jenkins.plugins.lockstep.revision.Vcs;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.assertj.core.api.AbstractThrowableAssert;
import org.eclipse.jgit.lib.AnyObjectId;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectLoader;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GitFilesTest {

    @TempDir
    Path directory;

    private GitTestRepository git;

    @BeforeEach
    void initialise() {
        git = GitTestRepository.init(directory.resolve("project"));
    }

    @Test
    void filesAreThoseOfTheCommitAndNotThoseOnDisk() {
        git.write("config/base/app.properties", "old")
                .write("config/base/sub/x", "x")
                .write("config/base.txt", "t");
        git.write("run", "#!/bin/sh").executable("run", true).commit("first");
        git.write("config/base/app.properties", "new")
                .write("config/base/untracked", "u")
                .delete("run");

        assertThat(list("config/base"))
                .containsExactly(
                        new TrackedFile("config/base/app.properties", false),
                        new TrackedFile("config/base/sub/x", false));
        assertThat(list(""))
                .extracting(TrackedFile::path)
                .containsExactly("config/base.txt", "config/base/app.properties", "config/base/sub/x", "run");
        assertThat(read("config/base/app.properties")).asString().isEqualTo("old");
        assertThat(file("run")).contains(new TrackedFile("run", true));
        assertThat(file("config/base")).isEmpty();
        assertThat(file("nothing")).isEmpty();
        assertThat(list("nothing")).isEmpty();
        assertThat(list("run")).isEmpty();
        assertThat(exists("config/base")).isTrue();
        assertThat(exists("run")).isTrue();
        assertThat(exists("")).isTrue();
        assertThat(exists("config/bas")).isFalse();
    }

    @Test
    void filesOfAListedDirectoryAreReadWithoutLookingEachOfThemUp() throws Exception {
        assertThat(objectsOpenedToReadAll(60) - objectsOpenedToReadAll(20)).isEqualTo(40);
    }

    /** Reads a directory of so many files, and returns how many objects, trees and files, the object database was asked for. */
    private int objectsOpenedToReadAll(int count) throws Exception {
        GitTestRepository many = GitTestRepository.init(directory.resolve("many" + count));
        for (int i = 0; i < count; i++) {
            many.write("config/k" + i, "value " + i);
        }
        String id = many.commit("many");
        var opened = new AtomicInteger();
        try (var repository =
                        FileRepositoryBuilder.create(many.root().resolve(".git").toFile());
                ObjectReader reader = repository.newObjectReader();
                var walk = new RevWalk(reader)) {
            var counting = new ObjectReader.Filter() {
                @Override
                protected ObjectReader delegate() {
                    return reader;
                }

                @Override
                public ObjectReader newReader() {
                    return this;
                }

                @Override
                public ObjectLoader open(AnyObjectId object, int type) throws IOException {
                    opened.incrementAndGet();
                    return super.open(object, type);
                }
            };
            var files = new GitFiles(
                    counting,
                    walk.parseCommit(ObjectId.fromString(id)).getTree(),
                    new Revision(Vcs.GIT, id, Instant.EPOCH),
                    new GitFailures(many.root(), many.root(), false));
            for (TrackedFile file : files.list("config")) {
                assertThat(files.read(file.path()))
                        .asString()
                        .isEqualTo("value " + file.path().substring("config/k".length()));
            }
        }
        return opened.get();
    }

    @Test
    void bytesAreAsCommittedWhateverAttributesAndConfigurationSay() {
        byte[] content = {'a', '\r', '\n', 0, (byte) 0xff, '$', 'I', 'd', '$', '\n'};
        String archived = "$Format:%H$\r\n";
        git.write("bin", content).write("sub", archived).commit("plain");
        git.write(".gitattributes", "* text=auto eol=crlf ident export-subst\n");
        git.git("config", "core.autocrlf", "true");
        git.commitIndex("attributes");

        assertThat(read("bin")).isEqualTo(content);
        assertThat(read("sub")).asString().isEqualTo(archived);
    }

    @Test
    void symbolicLinksAreListedButNotFollowed() {
        git.write("real/file", "1")
                .link("link", "real/file")
                .link("linked", "real")
                .commit("links");

        assertThat(list("")).extracting(TrackedFile::path).contains("link", "linked");
        assertThat(exists("linked/file")).isFalse();
        assertThat(link("link")).contains("real/file");
        assertThat(link("linked")).contains("real");
        assertThat(link("real")).isEmpty();
        assertThat(link("real/file")).isEmpty();
        assertThat(link("nothing")).isEmpty();
        assertThat(with(RevisionFiles::links)).isEqualTo(Map.of("link", "real/file", "linked", "real"));
        refused("link").hasMessageContaining("is a symbolic link").hasMessageContaining("real/file");
        refused("linked/file").hasMessageContaining("'linked' is a symbolic link");
        assertThatThrownBy(() -> list("linked")).hasMessageContaining("is a symbolic link");
    }

    @Test
    void submodulesAreRefused() {
        GitTestRepository library = GitTestRepository.init(directory.resolve("library"));
        String id = library.write("l", "1").commit("library");
        git.submodule("lib", library).commit("with a submodule");

        refused("lib").hasMessageContaining("is a submodule").hasMessageContaining(id);
        refused("lib/l").hasMessageContaining("'lib' is a submodule");
    }

    @Test
    void largeFilePointersAreRefused() {
        git.write(
                "big.bin",
                "version https://git-lfs.github.com/spec/v1\noid sha256:" + "0".repeat(64) + "\nsize 12345\n");
        git.write("about.md", "version https://git-lfs.github.com/spec/v1 is what a pointer begins with\n");
        git.commit("pointer");

        refused("big.bin").hasMessageContaining("kept by Git LFS");
        assertThat(read("about.md")).asString().startsWith("version https://git-lfs");
    }

    @Test
    void whatIsOver64MebibytesIsRefusedAndWhatIsNotIsRead() {
        git.write("most", new byte[64 << 20])
                .write("more", new byte[(64 << 20) + 1])
                .commit("large");

        refused("more").hasMessageContaining("it has 67108865 bytes, and 64 MiB is the most");
        assertThat(read("most")).hasSize(64 << 20);
    }

    @Test
    void whatIsNotThereNamesTheNearest() {
        git.write("deploy/service.yaml", "1").commit("first");

        refused("deploy/servcie.yaml")
                .hasMessageContaining("deploy/servcie.yaml at revision " + git.head())
                .hasMessageContaining("no such file")
                .extracting(e -> ((DeliveryException) e).hint())
                .isEqualTo("did you mean 'deploy/service.yaml'?");
        refused("deploy").hasMessageContaining("this is a directory");
        refused("/deploy/service.yaml").hasMessageContaining("no such file");
    }

    @Test
    void aCommitThatIsNotThereIsRefused() {
        git.write("a", "1").commit("first");
        try (Repository repository = new GitRepositories().open(git.root())) {
            var unknown = new Revision(Vcs.GIT, "1".repeat(40), Instant.EPOCH);
            assertThatThrownBy(() -> repository.files(unknown)).hasMessageContaining("does not have the commit");
        }
    }

    @Test
    void anObjectThatAPartialCloneLeftOnTheServerSaysSo() {
        git.write("a", "old").commit("first");
        git.write("a", "new").commit("second");
        git.git("config", "uploadpack.allowFilter", "true");
        git = git.cloneTo(directory.resolve("partial"), "--filter=blob:none");

        assertThat(read("a")).asString().isEqualTo("new");
        try (Repository repository = new GitRepositories().open(git.root())) {
            RevisionFiles old = repository.files(repository.resolve("HEAD~1"));
            assertThat(old.exists("a")).isTrue();
            assertThatThrownBy(() -> old.read("a"))
                    .hasMessageContaining("partial clone")
                    .extracting(e -> ((DeliveryException) e).hint())
                    .asString()
                    .contains("clone without --filter");
        }
    }

    private List<TrackedFile> list(String path) {
        return with(files -> files.list(path));
    }

    private Optional<TrackedFile> file(String path) {
        return with(files -> files.file(path));
    }

    private Optional<String> link(String path) {
        return with(files -> files.link(path));
    }

    private boolean exists(String path) {
        return with(files -> files.exists(path));
    }

    private byte[] read(String path) {
        return with(files -> files.read(path));
    }

    private <T> T with(Function<RevisionFiles, T> question) {
        try (Repository repository = new GitRepositories().open(git.root())) {
            return question.apply(repository.files(repository.resolve("HEAD")));
        }
    }

    private AbstractThrowableAssert<?, ? extends Throwable> refused(String path) {
        return assertThatThrownBy(() -> read(path))
                .isInstanceOfSatisfying(
                        DeliveryException.class, e -> assertThat(e.problem()).isEqualTo(Problem.BAD_INPUT))
                .hasMessageContaining(path);
    }
}
