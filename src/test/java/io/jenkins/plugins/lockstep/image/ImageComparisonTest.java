package io.jenkins.plugins.lockstep.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.lockstep.common.Progress;
import io.jenkins.plugins.lockstep.image.jib.OciLayoutImageStore;
import io.jenkins.plugins.lockstep.image.jib.RegistryAccess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageComparisonTest {

    @TempDir
    Path directory;

    private OciLayoutImageStore store;

    @BeforeEach
    void begin() {
        store = new OciLayoutImageStore(
                directory.resolve("images"),
                new RegistryAccess(Map.of(), RegistryLogins.NONE, directory.resolve("cache"), Set.of()));
    }

    @Test
    void aFileThatChangedItsContentOrModeOrIsOnlyInOneIsNamedWithItsLayer() throws Exception {
        StoredImage one = push("a", files(Map.of("/a", "1", "/b", "same", "/gone", "x"), 0644));
        StoredImage other = push("b", files(Map.of("/a", "2", "/b", "same", "/new", "x"), 0755));

        assertThat(differences(one, other))
                .containsExactly(
                        "MODE files /a null",
                        "CONTENT files /a null",
                        "MODE files /b null",
                        "FILE files /gone null",
                        "FILE files /new null");
        ImageDifference mode = compare(one, other, 1).differences().get(0);
        assertThat(mode.stored()).isEqualTo("0644");
        assertThat(mode.built()).isEqualTo("0755");
        assertThat(mode.platform()).isEqualTo("linux/amd64");
        assertThat(compare(one, other, 1).more()).isEqualTo(4);
    }

    @Test
    void inAJarTheEntryIsNamed() throws Exception {
        TestJar jar = new TestJar().with("A.class", "a").with("B.class", "b");
        StoredImage one = push("a", jar(jar, "one"));
        StoredImage other = push("b", jar(jar.with("B.class", "c").with("C.class", "c"), "other"));

        assertThat(differences(one, other))
                .containsExactly("CONTENT jars /lib/own.jar B.class", "FILE jars /lib/own.jar C.class");
    }

    @Test
    void aJarThatDiffersInNothingButItsTimesIsAModuleThatNobodyListed() throws Exception {
        TestJar jar = new TestJar().with("A.class", "a").with("B.class", "b");
        StoredImage one = push("a", jar(jar, "one"));
        StoredImage other = push("b", jar(jar.asFromAnotherMachine(), "other"));

        assertThat(differences(one, other)).containsExactly("ARCHIVE jars /lib/own.jar null");
        assertThat(compare(one, other, 9).differences().get(0).advice()).contains("'modules:'");
    }

    @Test
    void whatIsNoJarButCalledOneIsComparedAsAFile() throws Exception {
        StoredImage one = push("a", files(Map.of("/a.jar", "1"), 0644));
        StoredImage other = push("b", files(Map.of("/a.jar", "2"), 0644));

        assertThat(differences(one, other)).containsExactly("CONTENT files /a.jar null");
    }

    @Test
    void fieldsOfTheConfigurationAndWholeLayersAreNamed() throws Exception {
        ImageLayer layer = files(Map.of("/a", "1"), 0644);
        ImageLayer more = new ImageLayer("more", layer.entries());
        StoredImage one = push(
                "a",
                new ImageSpec(
                        new Base.Scratch(),
                        List.of(layer),
                        null,
                        null,
                        Map.of(),
                        Map.of("org.opencontainers.image.source", "https://a.example.com/x"),
                        null,
                        null,
                        List.of(),
                        List.of("linux/amd64"),
                        TestImage.REVISION.committedAt()));
        StoredImage other = push(
                "b",
                new ImageSpec(
                        new Base.Scratch(),
                        List.of(layer, more),
                        null,
                        null,
                        Map.of(),
                        Map.of("org.opencontainers.image.source", "https://b.example.com/x"),
                        "1000",
                        null,
                        List.of(),
                        List.of("linux/amd64"),
                        TestImage.REVISION.committedAt()));

        assertThat(differences(one, other))
                .containsExactly(
                        "LAYER more null null",
                        "CONFIGURATION null config.Labels.org.opencontainers.image.source null",
                        "CONFIGURATION null config.User null");
        assertThat(compare(one, other, 9).differences().get(1).advice()).contains("'source:'");
    }

    @Test
    void oneImageHasNoDifferences() throws Exception {
        StoredImage one = push("a", files(Map.of("/a", "1"), 0644));

        assertThat(differences(one, one)).isEmpty();
    }

    /** What other tools and other Javas make of the same files is described by hand: it can't be made here. */
    @Test
    void whatNoProcessSeesIsNamedToo() {
        var files = Map.of("/a", new ImageContents.FileFacts("file", 0644, "1", "0:0"));
        Described stored = new Described("linux/amd64", files)
                .with("sha256:a", "sha256:tar", "compressed")
                .with("sha256:b", "sha256:tar-b", "arranged")
                .with("sha256:c", "sha256:tar-c", "same");
        Described built = new Described("linux/amd64", files)
                .with("sha256:c", "sha256:tar-c", "same")
                .with("sha256:A", "sha256:tar", "compressed")
                .with("sha256:B", "sha256:tar-B", "arranged");

        assertThat(differences(stored, built))
                .containsExactly(
                        "COMPRESSION compressed null null", "ARRANGEMENT arranged null null", "LAYER null null null");
        assertThat(differences(stored, new Described("linux/arm64", files)))
                .containsExactly("PLATFORM null null null", "PLATFORM null null null");
    }

    @Test
    void theHistoryIsNamedWhereNothingElseIsDifferent() {
        var one = new Described("linux/amd64", Map.of(), Map.of("history", List.of("a"), "os", "linux"));
        var other = new Described("linux/amd64", Map.of(), Map.of("history", List.of("b"), "os", "linux"));

        assertThat(differences(one, other)).containsExactly("CONFIGURATION null history null");
    }

    private record Described(
            String platform, Map<String, FileFacts> files, Map<String, Object> configuration, List<Layer> layers)
            implements ImageContents {

        Described(String platform, Map<String, FileFacts> files) {
            this(platform, files, Map.of());
        }

        Described(String platform, Map<String, FileFacts> files, Map<String, Object> configuration) {
            this(platform, files, configuration, new ArrayList<>());
        }

        Described with(String digest, String content, String name) {
            layers.add(new Layer(digest, content, name));
            return this;
        }

        @Override
        public List<PlatformImage> images() {
            return List.of(new PlatformImage(platform, configuration, layers));
        }

        @Override
        public Map<String, FileFacts> files(Layer layer) {
            return files;
        }

        @Override
        public Map<String, Map<String, FileFacts>> archives(Layer layer, Set<String> paths) {
            return Map.of();
        }

        @Override
        public void close() {}
    }

    private static List<String> differences(ImageContents one, ImageContents other) {
        return words(ImageComparison.compare(one, other, 100));
    }

    private ImageLayer files(Map<String, String> contents, int mode) throws IOException {
        var entries = new ArrayList<ImageLayer.Entry>();
        for (String path : contents.keySet().stream().sorted().toList()) {
            Path file = directory.resolve("file-" + contents.get(path));
            Files.writeString(file, contents.get(path));
            entries.add(new ImageLayer.Entry(file, path, mode));
        }
        return new ImageLayer("files", entries);
    }

    private ImageLayer jar(TestJar jar, String name) throws IOException {
        Path file = jar.write(directory.resolve(name + ".jar"));
        return new ImageLayer("jars", List.of(new ImageLayer.Entry(file, "/lib/own.jar", 0644)));
    }

    private StoredImage push(String tag, ImageLayer layer) throws InterruptedException {
        return push(
                tag,
                new ImageSpec(
                        new Base.Scratch(),
                        List.of(layer),
                        List.of("/a"),
                        null,
                        Map.of(),
                        Map.of(),
                        null,
                        null,
                        List.of(),
                        List.of("linux/amd64"),
                        TestImage.REVISION.committedAt()));
    }

    private StoredImage push(String tag, ImageSpec spec) throws InterruptedException {
        return store.push(spec, ImageReference.parse("shop/cart:" + tag), Progress.NONE);
    }

    private List<String> differences(StoredImage one, StoredImage other) {
        return words(compare(one, other, 100));
    }

    private static List<String> words(ImageComparison.Result result) {
        return result.differences().stream()
                .map(found -> found.kind() + " " + found.layer() + " " + found.path() + " " + found.entry())
                .toList();
    }

    private ImageComparison.Result compare(StoredImage one, StoredImage other, int most) {
        try (ImageContents before = store.contents(one);
                ImageContents now = store.contents(other)) {
            return ImageComparison.compare(before, now, most);
        }
    }
}
