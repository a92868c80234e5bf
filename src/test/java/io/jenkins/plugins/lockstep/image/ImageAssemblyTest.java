package io.jenkins.plugins.lockstep.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.revision.Revision;
import io.jenkins.plugins.lockstep.revision.Vcs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageAssemblyTest {

    private static final Revision REVISION =
            new Revision(Vcs.GIT, "0123456789abcdef0123456789abcdef01234567", Instant.parse("2026-11-23T07:40:00Z"));
    private static final ImageFacts FACTS = new ImageFacts(REVISION, null, null, path -> false);

    @TempDir
    Path directory;

    @Test
    void labelsNameTheCommitItsTimeTheVersionAndTheSource() throws IOException {
        write("run.sh", "#!/bin/sh");
        var facts = new ImageFacts(REVISION, "1.2", "https://example.com/shop/cart", path -> false);

        assertThat(labels(Map.of("team", "shop"), facts))
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "org.opencontainers.image.revision", REVISION.id(),
                        "org.opencontainers.image.created", "2026-11-23T07:40:00Z",
                        "org.opencontainers.image.version", "1.2",
                        "org.opencontainers.image.source", "https://example.com/shop/cart",
                        "team", "shop"));
    }

    @Test
    void theVersionIsTheRevisionWhereNobodySaysOtherwiseAndNoSourceIsMadeUp() throws IOException {
        write("run.sh", "#!/bin/sh");

        assertThat(labels(Map.of(), FACTS))
                .containsEntry("org.opencontainers.image.version", REVISION.id())
                .doesNotContainKey("org.opencontainers.image.source");
    }

    @Test
    void theProjectFileCanNotClaimAnotherRevision() throws IOException {
        write("run.sh", "#!/bin/sh");

        assertThat(labels(Map.of(StoredImage.REVISION_LABEL, "f".repeat(40)), FACTS))
                .containsEntry(StoredImage.REVISION_LABEL, REVISION.id());
    }

    @Test
    void aTreeIsSortedAndItsModesComeFromTheCommitNotTheDisk() throws IOException {
        write("site/z.txt", "z");
        write("site/bin/start", "#!/bin/sh");
        write("site/a.txt", "a");
        Files.createDirectories(directory.resolve("site/empty"));
        assertThat(directory.resolve("site/a.txt").toFile().setExecutable(true, false))
                .isTrue();
        CommittedFiles executable = path -> path.endsWith(Path.of("bin", "start"));

        assertThat(entries(List.of(layer("site", "/srv", null)), executable))
                .containsExactly(
                        "755 /srv",
                        "644 /srv/a.txt",
                        "755 /srv/bin",
                        "755 /srv/bin/start",
                        "755 /srv/empty",
                        "644 /srv/z.txt");
    }

    @Test
    void aModeIsForEveryFileAndNotForDirectories() throws IOException {
        write("site/a.txt", "a");

        assertThat(entries(List.of(layer("site", "/srv", 0600)), path -> true))
                .containsExactly("755 /srv", "600 /srv/a.txt");
    }

    @ParameterizedTest
    @CsvSource({"/opt/start, /opt/start", "/opt/, /opt/run.sh", "/, /run.sh"})
    void aFileGoesToItsPathOrIntoADirectoryThatEndsInASlash(String to, String expected) throws IOException {
        write("run.sh", "#!/bin/sh");

        assertThat(entries(List.of(layer("run.sh", to, null)), path -> false)).containsExactly("644 " + expected);
    }

    @Test
    void aPathWrittenOnWindowsIsReadEverywhere() throws IOException {
        write("target/site/a.txt", "a");

        assertThat(entries(List.of(layer(".\\target\\site", "/srv", null)), path -> false))
                .containsExactly("755 /srv", "644 /srv/a.txt");
    }

    @Test
    void aTreeCanBeTheRootOfTheImage() throws IOException {
        write("root/etc/motd", "hello");

        assertThat(entries(List.of(layer("root", "/", null)), path -> false))
                .containsExactly("755 /etc", "644 /etc/motd");
    }

    @ParameterizedTest
    @ValueSource(strings = {"opt/start", "/opt/../start", "/opt//start", "/./start", "/opt\\start", "", "/opt/.."})
    void aPathInTheImageThatIsNotAbsoluteAndPlainIsRefused(String to) throws IOException {
        write("run.sh", "#!/bin/sh");

        assertRefused(() -> open(layer("run.sh", to, null)), "image cart: layers[0].to", "not an absolute, plain path");
    }

    @Test
    void aMissingFileIsRefusedByTheFieldThatNamesIt() throws IOException {
        write("run.sh", "#!/bin/sh");

        assertRefused(
                () -> open(layer("run.sh", "/run.sh", null), layer("target/app", "/app", null)),
                "image cart: layers[1].from",
                "there is no ");
    }

    @Test
    void anAbsolutePathOfTheMachineIsRefused() {
        assertRefused(
                () -> open(layer(directory.toAbsolutePath().toString(), "/app", null)),
                "image cart: layers[0].from",
                "absolute path");
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void aSymbolicLinkStandsForWhatItLeadsTo() throws IOException {
        write("site/a.txt", "a");
        write("shared/b/b.txt", "b");
        write("shared/b/start", "#!/bin/sh");
        link("site/file", "a.txt");
        link("site/chain", "file");
        link("site/tree", "../linked");
        link("linked", "shared/b");
        CommittedFiles executable = path -> path.equals(directory.resolve("shared/b/start"));

        assertThat(entries(List.of(layer("site", "/srv", null)), executable))
                .containsExactly(
                        "755 /srv",
                        "644 /srv/a.txt",
                        "644 /srv/chain",
                        "644 /srv/file",
                        "755 /srv/tree",
                        "644 /srv/tree/b.txt",
                        "755 /srv/tree/start");
        assertThat(entries(List.of(layer("linked/b.txt", "/srv/", null)), executable))
                .containsExactly("644 /srv/b.txt");
    }

    @ParameterizedTest
    @DisabledOnOs(OS.WINDOWS)
    @CsvSource({
        "../../elsewhere, outside the repository",
        "/etc/hostname,   the absolute path /etc/hostname",
        "nothing,         which is not there",
        "link,            leads to itself",
        "../site,         a directory that it is in itself"
    })
    void aLinkThatCanNotBeTheSameInEveryCloneIsRefusedByName(String target, String why) throws IOException {
        write("site/a.txt", "a");
        link("site/link", target);

        assertRefused(
                () -> open(layer("site", "/srv", null)),
                "image cart: layers[0].from",
                directory.resolve("site/link") + " is a symbolic link that can't be followed",
                why);
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void aBaseInAFileIsNotReadThroughALinkOutOfTheRepository() throws IOException {
        write("run.sh", "#!/bin/sh");
        link("base.tar", "/etc/hostname");

        assertRefused(
                () -> ImageAssembly.open(on("base.tar"), directory, FACTS).close(),
                "image cart: base",
                directory.resolve("base.tar") + " is a symbolic link that can't be followed",
                "the absolute path /etc/hostname");
    }

    @Test
    void aLinkThatTheSystemCouldOnlyWriteAsAFileGivesTheSameEntries() throws IOException {
        write("site/a.txt", "a");
        write("site/link", "tree");
        write("site/tree", "../shared");
        write("site/looks-like-one", "a.txt");
        write("shared/b.txt", "b");
        var committed = new CommittedFiles() {
            @Override
            public boolean isExecutable(Path file) {
                return false;
            }

            @Override
            public Optional<String> link(Path file) {
                Path path = directory.relativize(file);
                return path.equals(Path.of("site", "link"))
                        ? Optional.of("tree")
                        : path.equals(Path.of("site", "tree")) ? Optional.of("../shared") : Optional.empty();
            }
        };

        assertThat(entries(List.of(layer("site", "/srv", null)), committed))
                .containsExactly(
                        "755 /srv",
                        "644 /srv/a.txt",
                        "755 /srv/link",
                        "644 /srv/link/b.txt",
                        "644 /srv/looks-like-one",
                        "755 /srv/tree",
                        "644 /srv/tree/b.txt");
    }

    @Test
    void aProgramOfLinuxIsExecutableWhereNothingSaysOtherwise() throws IOException {
        write("server", "\u007fELF and so on");
        write("almost", "\u007fEL");

        assertThat(entries(
                        List.of(layer("server", "/a", null), layer("server", "/b", 0640), layer("almost", "/c", null)),
                        path -> false))
                .containsExactly("755 /a", "640 /b", "644 /c");
    }

    @Test
    void anEntrypointThatNobodyMayRunIsRefusedBeforeAPodFindsOut() throws IOException {
        write("run.sh", "#!/bin/sh");
        ImageDefinition definition = definition(List.of(layer("run.sh", "/run.sh", null)), Map.of());

        assertRefused(
                () -> ImageAssembly.open(starting(definition, "/run.sh"), directory, FACTS)
                        .close(),
                "image cart: entrypoint",
                "can't start /run.sh",
                "mode 0644");
        ImageAssembly.open(starting(definition, "/bin/sh"), directory, FACTS).close();
        ImageAssembly.open(
                        starting(definition, "/run.sh"), directory, new ImageFacts(REVISION, null, null, path -> true))
                .close();
    }

    @Test
    void aPointerInPlaceOfAFileIsRefusedByName() throws IOException {
        write("site/index.html", "<html>");
        write(
                "site/big.bin",
                "version https://git-lfs.github.com/spec/v1\noid sha256:" + "0".repeat(64) + "\nsize 12345\n");

        assertRefused(
                () -> open(layer("site", "/srv", null)), "image cart: layers[0].from", "big.bin is a Git LFS pointer");

        write("site/big.bin", "\0GITCRYPT\0...");
        assertRefused(
                () -> open(layer("site", "/srv", null)),
                "image cart: layers[0].from",
                "big.bin is encrypted by git-crypt");
    }

    @Test
    void twoDifferentFilesOnOnePathAreRefused() throws IOException {
        write("one", "1");
        write("two", "2");

        assertRefused(
                () -> open(layer("one", "/app/x", null), layer("two", "/app/x", null)),
                "image cart",
                "two different files want to be at /app/x");
    }

    @Test
    void aFileBelowAnotherFileIsRefused() throws IOException {
        write("one", "1");

        assertRefused(
                () -> open(layer("one", "/app", null), layer("one", "/app/x", null)),
                "image cart",
                "two different files want to be at /app");
    }

    @Test
    void theSameFileTwiceIsThereOnce() throws IOException {
        write("a/x", "same");
        write("b/x", "same");

        assertThat(entries(List.of(layer("a", "/app", null), layer("b", "/app", null)), path -> false))
                .containsExactly("755 /app", "644 /app/x");
    }

    @Test
    void anImageOfNothingIsRefused() {
        assertRefused(() -> open(), "image cart", "nothing says what the image holds");
    }

    private Map<String, String> labels(Map<String, String> own, ImageFacts facts) {
        ImageDefinition definition = definition(List.of(layer("run.sh", "/run.sh", null)), own);
        try (var assembly = ImageAssembly.open(definition, directory, facts)) {
            return assembly.spec().labels();
        }
    }

    private List<String> entries(List<ImageDefinition.Layer> layers, CommittedFiles committed) {
        var facts = new ImageFacts(REVISION, null, null, committed);
        try (var assembly = ImageAssembly.open(definition(layers, Map.of()), directory, facts)) {
            return assembly.spec().layers().stream()
                    .flatMap(layer -> layer.entries().stream())
                    .map(entry -> Integer.toOctalString(entry.mode()) + " " + entry.target())
                    .toList();
        }
    }

    private void open(ImageDefinition.Layer... layers) {
        ImageAssembly.open(definition(List.of(layers), Map.of()), directory, FACTS)
                .close();
    }

    private void link(String path, String target) throws IOException {
        Files.createSymbolicLink(directory.resolve(path), Path.of(target));
    }

    private static ImageDefinition on(String base) {
        return new ImageDefinition(
                "cart",
                ImageReference.parse("registry.example.com/shop/cart"),
                base,
                null,
                List.of(layer("run.sh", "/run.sh", null)),
                null,
                null,
                Map.of(),
                null,
                null,
                List.of(),
                List.of("linux/amd64"),
                Map.of());
    }

    private static ImageDefinition starting(ImageDefinition image, String program) {
        return new ImageDefinition(
                image.name(),
                image.repository(),
                image.base(),
                null,
                image.layers(),
                List.of(program),
                null,
                Map.of(),
                null,
                null,
                List.of(),
                image.platforms(),
                Map.of());
    }

    private static void assertRefused(ThrowingCallable opening, String where, String what, String why) {
        assertRefused(opening, where, what);
        assertThatExceptionOfType(DeliveryException.class)
                .isThrownBy(opening)
                .satisfies(refused -> assertThat(refused.why()).contains(why));
    }

    private static void assertRefused(ThrowingCallable opening, String where, String what) {
        assertThatExceptionOfType(DeliveryException.class).isThrownBy(opening).satisfies(refused -> {
            assertThat(refused.problem()).isEqualTo(Problem.BAD_INPUT);
            assertThat(refused.where()).isEqualTo(where);
            assertThat(refused.what()).contains(what);
            assertThat(refused.hint()).isNotBlank();
        });
    }

    private static ImageDefinition.Layer layer(String from, String to, Integer mode) {
        return new ImageDefinition.Layer(from, to, mode);
    }

    private static ImageDefinition definition(List<ImageDefinition.Layer> layers, Map<String, String> labels) {
        return new ImageDefinition(
                "cart",
                ImageReference.parse("registry.example.com/shop/cart"),
                Base.SCRATCH,
                null,
                layers,
                null,
                null,
                Map.of(),
                null,
                null,
                List.of(),
                List.of("linux/amd64"),
                labels);
    }

    private void write(String path, String content) throws IOException {
        Path file = directory.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }
}
