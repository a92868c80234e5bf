package io.jenkins.plugins.lockstep.image.jib;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.common.Progress;
import io.jenkins.plugins.lockstep.common.Sha256;
import io.jenkins.plugins.lockstep.common.document.Json;
import io.jenkins.plugins.lockstep.image.Base;
import io.jenkins.plugins.lockstep.image.BootApplication;
import io.jenkins.plugins.lockstep.image.ImageAssembly;
import io.jenkins.plugins.lockstep.image.ImageDefinition;
import io.jenkins.plugins.lockstep.image.ImageFacts;
import io.jenkins.plugins.lockstep.image.ImageReference;
import io.jenkins.plugins.lockstep.image.ImageSpec;
import io.jenkins.plugins.lockstep.image.StoredImage;
import io.jenkins.plugins.lockstep.image.TestJar;
import io.jenkins.plugins.lockstep.revision.Revision;
import io.jenkins.plugins.lockstep.revision.Vcs;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OciLayoutImageStoreTest {

    @TempDir
    Path directory;

    private Path layout;
    private OciLayoutImageStore store;

    @BeforeEach
    void create() {
        layout = directory.resolve("images");
        store = new OciLayoutImageStore(layout, ImageFixture.access(directory.resolve("cache")));
    }

    @Test
    void whatWasPushedIsFoundByTagAndByDigestWithItsLabels() throws Exception {
        ImageReference reference = ImageFixture.reference("registry.example.com/shop/cart");

        StoredImage pushed = store.push(image("one"), reference, Progress.NONE);

        assertThat(store.find(reference)).contains(pushed);
        assertThat(store.find(new ImageReference(reference.repository(), null, pushed.digest())))
                .hasValueSatisfying(found -> assertThat(found.revision()).contains(ImageFixture.REVISION));
        assertThat(pushed.labels()).containsEntry("team", "shop");
    }

    @Test
    void whatWasNeverPushedIsNotThere() throws Exception {
        assertThat(store.find(ImageFixture.reference("shop/cart"))).isEmpty();

        StoredImage pushed = store.push(image("one"), ImageFixture.reference("shop/cart"), Progress.NONE);

        assertThat(store.find(ImageReference.parse("shop/cart:other"))).isEmpty();
        assertThat(store.find(ImageReference.parse("shop/basket@" + pushed.digest())))
                .isEmpty();
        assertThat(store.find(ImageReference.parse("shop/cart@sha256:" + "0".repeat(64))))
                .isEmpty();
    }

    @Test
    void theDirectoryIsAnOciImageLayoutThatOtherToolsCanRead() throws Exception {
        StoredImage pushed = store.push(image("one"), ImageFixture.reference("shop/cart"), Progress.NONE);

        assertThat(layout.resolve("oci-layout")).hasContent("{\"imageLayoutVersion\":\"1.0.0\"}");
        assertThat(Json.read(Files.readString(layout.resolve("index.json"))))
                .isEqualTo(Map.of(
                        "schemaVersion",
                        2,
                        "mediaType",
                        "application/vnd.oci.image.index.v1+json",
                        "manifests",
                        List.of(Map.of(
                                "mediaType",
                                "application/vnd.oci.image.manifest.v1+json",
                                "digest",
                                pushed.digest(),
                                "size",
                                (int) Files.size(blob(pushed.digest())),
                                "annotations",
                                Map.of("org.opencontainers.image.ref.name", "shop/cart:" + ImageFixture.REVISION)))));
        try (Stream<Path> blobs = Files.list(layout.resolve("blobs/sha256"))) {
            assertThat(blobs).hasSize(3).allSatisfy(blob -> assertThat(blob)
                    .hasFileName(Sha256.hex(Files.readAllBytes(blob))));
        }
        try (Stream<Path> left = Files.list(layout)) {
            assertThat(left.map(path -> path.getFileName().toString()))
                    .containsExactlyInAnyOrder("oci-layout", "index.json", "blobs", ".lock");
        }
    }

    @Test
    void theConfigurationIsWhatTheSpecificationSays() throws Exception {
        StoredImage pushed = store.push(image("one"), ImageFixture.reference("shop/cart"), Progress.NONE);

        Map<?, ?> configuration = configuration(pushed);

        assertThat(configuration.get("created")).isEqualTo("2026-11-23T07:40:00Z");
        assertThat(configuration.get("os")).isEqualTo("linux");
        assertThat(configuration.get("architecture")).isEqualTo("amd64");
        assertThat(configuration.get("config"))
                .isEqualTo(Map.of(
                        "Env", List.of("GREETING=hello"),
                        "Entrypoint", List.of("/opt/run.sh"),
                        "ExposedPorts", Map.of("8080/tcp", Map.of()),
                        "Labels", Map.of(StoredImage.REVISION_LABEL, ImageFixture.REVISION, "team", "shop"),
                        "User", "1000",
                        "WorkingDir", "/opt",
                        "Volumes", Map.of()));
        assertThat(files(pushed))
                .isEqualTo(new TreeMap<>(
                        Map.of("opt/", "755 1970-01-01T00:00:01Z", "opt/run.sh", "755 1970-01-01T00:00:01Z")));
    }

    @Test
    void manyRepositoriesAndTagsShareOneLayoutAndATagCanMove() throws Exception {
        StoredImage first = store.push(image("one"), ImageReference.parse("shop/cart:a"), Progress.NONE);
        store.push(image("one"), ImageReference.parse("shop/basket:a"), Progress.NONE);
        StoredImage second = store.push(image("two"), ImageReference.parse("shop/cart:b"), Progress.NONE);
        StoredImage moved = store.push(image("two"), ImageReference.parse("shop/cart:a"), Progress.NONE);

        assertThat(second.digest()).isNotEqualTo(first.digest());
        assertThat(moved.digest()).isEqualTo(second.digest());
        assertThat(store.find(ImageReference.parse("shop/cart:a"))).contains(moved);
        assertThat(store.find(ImageReference.parse("shop/cart:b"))).contains(second);
        assertThat(store.find(ImageReference.parse("shop/basket:a")).map(StoredImage::digest))
                .contains(first.digest());
    }

    @Test
    void anImageWithAMissingOrCutBlobIsGone() throws Exception {
        ImageReference reference = ImageFixture.reference("shop/cart");
        StoredImage pushed = store.push(image("one"), reference, Progress.NONE);
        Path layer = blob(layers(pushed).get(0));
        byte[] content = Files.readAllBytes(layer);

        Files.write(layer, new byte[] {1});
        assertThat(store.find(reference)).isEmpty();
        Files.delete(layer);
        assertThat(store.find(reference)).isEmpty();

        assertThat(store.push(image("one"), reference, Progress.NONE)).isEqualTo(pushed);
        assertThat(layer).hasBinaryContent(content);
        assertThat(store.find(reference)).isPresent();
    }

    @Test
    void anIndexThatIsNoneIsSaidSo() throws Exception {
        Files.createDirectories(layout);
        Files.writeString(layout.resolve("index.json"), "[]");

        assertThatExceptionOfType(DeliveryException.class)
                .isThrownBy(() -> store.find(ImageFixture.reference("shop/cart")))
                .satisfies(refused -> {
                    assertThat(refused.problem()).isEqualTo(Problem.BAD_INPUT);
                    assertThat(refused.where()).isEqualTo(layout.toString());
                });
    }

    @Test
    void pushesAtOneTimeAllArrive() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Callable<StoredImage>> pushes = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                ImageSpec image = image("script " + i % 5);
                ImageReference reference = ImageReference.parse("shop/cart:" + i);
                // Each with a store of its own, as separate builds have.
                pushes.add(() -> new OciLayoutImageStore(layout, ImageFixture.access(directory.resolve("cache")))
                        .push(image, reference, Progress.NONE));
            }
            for (Future<StoredImage> pushed : threads.invokeAll(pushes)) {
                assertThat(store.find(pushed.get().reference().withDigest(null)))
                        .contains(pushed.get());
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void aBuildLeavesNoThreadAndNoTemporaryFileBehind() throws Exception {
        store.push(image("one"), ImageFixture.reference("shop/cart"), Progress.NONE);

        assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .doesNotContain("lockstep-image");
        try (Stream<Path> left = Files.list(directory.resolve("cache"))) {
            assertThat(left.filter(path -> path.getFileName().toString().startsWith("layers-")))
                    .isEmpty();
        }
    }

    @Test
    void anInterruptedBuildStopsAndLeavesNoTag() throws Exception {
        ImageSpec image = image("one");
        Thread.currentThread().interrupt();

        assertThatExceptionOfType(InterruptedException.class)
                .isThrownBy(() -> store.push(image, ImageFixture.reference("shop/cart"), Progress.NONE));

        assertThat(Thread.interrupted()).isFalse();
        assertThat(store.find(ImageFixture.reference("shop/cart"))).isEmpty();
    }

    @Test
    void severalPlatformsAreOneIndexWhoseManifestsSayWhatTheyAreFor() throws Exception {
        ImageReference reference = ImageFixture.reference("shop/cart");
        ImageSpec spec = ImageFixture.on(image("one"), "linux/amd64", "linux/arm64/v8", "linux/arm/v7");

        StoredImage pushed = store.push(spec, reference, Progress.NONE);

        assertThat(store.find(reference)).contains(pushed);
        assertThat(pushed.revision()).contains(ImageFixture.REVISION);
        Map<?, ?> index = (Map<?, ?>) Json.read(Files.readString(blob(pushed.digest())));
        assertThat(index.get("mediaType")).isEqualTo("application/vnd.oci.image.index.v1+json");
        List<?> manifests = (List<?>) index.get("manifests");
        assertThat(manifests.stream()
                        .<Object>map(manifest -> ((Map<?, ?>) manifest).get("platform"))
                        .toList())
                .isEqualTo(List.of(
                        Map.of("os", "linux", "architecture", "amd64"),
                        Map.of("os", "linux", "architecture", "arm64", "variant", "v8"),
                        Map.of("os", "linux", "architecture", "arm", "variant", "v7")));
        assertThat(manifests).allSatisfy(manifest -> {
            Map<?, ?> descriptor = (Map<?, ?>) manifest;
            assertThat(Files.size(blob(String.valueOf(descriptor.get("digest")))))
                    .isEqualTo(((Number) descriptor.get("size")).longValue());
        });
        // One layer for all, a configuration and a manifest for each, the index.
        try (Stream<Path> blobs = Files.list(layout.resolve("blobs/sha256"))) {
            assertThat(blobs).hasSize(1 + 3 + 3 + 1);
        }
    }

    @Test
    void anIndexHasTheManifestThatThePlatformAloneHas() throws Exception {
        StoredImage alone = store.push(image("one"), ImageReference.parse("shop/cart:alone"), Progress.NONE);

        StoredImage both = store.push(
                ImageFixture.on(image("one"), "linux/arm64", "linux/amd64"),
                ImageReference.parse("shop/cart:both"),
                Progress.NONE);
        StoredImage elsewhere = new OciLayoutImageStore(
                        directory.resolve("other"), ImageFixture.access(directory.resolve("other cache")))
                .push(
                        ImageFixture.on(image("one"), "linux/arm64", "linux/amd64"),
                        ImageReference.parse("shop/cart:both"),
                        Progress.NONE);

        assertThat(Files.readString(blob(both.digest()))).contains(alone.digest());
        assertThat(elsewhere).isEqualTo(both);
    }

    @Test
    void anIndexOfWhichOnePlatformIsIncompleteIsGone() throws Exception {
        ImageReference reference = ImageFixture.reference("shop/cart");
        StoredImage pushed =
                store.push(ImageFixture.on(image("one"), "linux/amd64", "linux/arm64"), reference, Progress.NONE);
        List<?> manifests = (List<?>) ((Map<?, ?>) Json.read(Files.readString(blob(pushed.digest())))).get("manifests");

        Files.delete(blob(String.valueOf(((Map<?, ?>) manifests.get(1)).get("digest"))));

        assertThat(store.find(reference)).isEmpty();
        assertThat(store.push(ImageFixture.on(image("one"), "linux/amd64", "linux/arm64"), reference, Progress.NONE))
                .isEqualTo(pushed);
        assertThat(store.find(reference)).contains(pushed);
    }

    @Test
    void aVariantAloneNeedsAnIndexToSayIt() throws Exception {
        StoredImage pushed = store.push(
                ImageFixture.on(image("one"), "linux/arm/v6"), ImageFixture.reference("shop/cart"), Progress.NONE);

        assertThat(Files.readString(blob(pushed.digest()))).contains("\"variant\":\"v6\"");
    }

    @Test
    void aPlatformThatIsThereTwiceIsRefused() throws Exception {
        ImageSpec twice = ImageFixture.on(image("one"), "linux/amd64", "linux/amd64");

        assertThatExceptionOfType(DeliveryException.class)
                .isThrownBy(() -> store.push(twice, ImageFixture.reference("shop/cart"), Progress.NONE))
                .satisfies(refused -> assertThat(refused.problem()).isEqualTo(Problem.BAD_INPUT));
    }

    @Test
    void twoClonesWhoseJarsDifferInTimesOrderAndCompressionGiveOneDigest() throws Exception {
        TestJar jar = BootApplication.pack(directory.resolve("work"));
        Path here = jar.write(directory.resolve("here/target/cart.jar"));
        Path there = jar.asFromAnotherMachine().write(directory.resolve("there/target/cart.jar"));
        assertThat(Files.mismatch(here, there)).isNotEqualTo(-1);

        StoredImage one = pushJar(directory.resolve("here"), "shop/cart:here");
        StoredImage other = pushJar(directory.resolve("there"), "shop/cart:there");

        assertThat(other.digest()).isEqualTo(one.digest());
        // Three of dependencies, the loader, the application.
        assertThat(layers(one)).hasSize(5);
    }

    @Test
    void twoJarsOfOnePathAndTimeAreNotMistakenForEachOther() throws Exception {
        BootApplication.pack(directory.resolve("work"))
                .with("BOOT-INF/classes/build.txt", "1")
                .write(directory.resolve("target/cart.jar"));
        StoredImage one = pushJar(directory, "shop/cart:1");
        BootApplication.pack(directory.resolve("work"))
                .with("BOOT-INF/classes/build.txt", "2")
                .write(directory.resolve("target/cart.jar"));
        StoredImage two = pushJar(directory, "shop/cart:2");

        assertThat(two.digest()).isNotEqualTo(one.digest());
        // Dependencies and loader did not change, so their layers did not.
        assertThat(layers(two).subList(0, 4)).isEqualTo(layers(one).subList(0, 4));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theSpringBootApplicationRunsFromTheFilesOfItsImage(boolean war) throws Exception {
        Path work = directory.resolve("work");
        (war ? BootApplication.packWar(work) : BootApplication.pack(work)).write(directory.resolve("target/cart.jar"));
        StoredImage image = pushJar(directory, "shop/cart:1");
        Path root = directory.resolve("root");
        unpack(image, root);
        Files.createDirectories(root.resolve("config"));
        Files.writeString(root.resolve("config/application.properties"), "greeting=good morning\nserver.port=0\n");
        Map<?, ?> config = (Map<?, ?>) configuration(image).get("config");
        assertThat(config.get("WorkingDir")).isEqualTo("/");
        List<String> command = new ArrayList<>();
        for (Object word : (List<?>) config.get("Entrypoint")) {
            command.add(word.equals("/app") ? root.resolve("app").toString() : String.valueOf(word));
        }
        command.set(0, Path.of(System.getProperty("java.home"), "bin", "java").toString());

        ProcessBuilder builder =
                new ProcessBuilder(command).directory(root.toFile()).redirectErrorStream(true);
        builder.environment().put("REVISION", ImageFixture.REVISION);
        Process application = builder.start();
        try (BufferedReader output = application.inputReader()) {
            String answer = HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(URI.create("http://localhost:" + port(output) + "/"))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
            assertThat(answer).isEqualTo("good morning " + ImageFixture.REVISION + "\n");
        } finally {
            application.destroyForcibly();
        }
    }

    private static String port(BufferedReader output) throws IOException {
        var all = new StringBuilder();
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            if (line.startsWith("listening on ")) {
                return line.substring("listening on ".length());
            }
            all.append(line).append('\n');
        }
        throw new AssertionError("the application ended: " + all);
    }

    private StoredImage pushJar(Path project, String reference) throws InterruptedException {
        var revision = new Revision(Vcs.GIT, ImageFixture.REVISION, Instant.parse("2026-11-23T07:40:00Z"));
        var definition = new ImageDefinition(
                "cart",
                ImageReference.parse("shop/cart"),
                Base.SCRATCH,
                ImageDefinition.Application.of("target/cart.jar"),
                List.of(),
                null,
                null,
                Map.of(),
                null,
                null,
                List.of(8080),
                List.of("linux/amd64"),
                Map.of());
        try (var assembly =
                ImageAssembly.open(definition, project, new ImageFacts(revision, null, null, path -> false))) {
            return store.push(assembly.spec(), ImageReference.parse(reference), Progress.NONE);
        }
    }

    private ImageSpec image(String content) throws IOException {
        return ImageFixture.image(directory.resolve("sources-" + content.hashCode()), Base.SCRATCH, content);
    }

    private Path blob(Object digest) {
        return layout.resolve("blobs/sha256").resolve(digest.toString().substring("sha256:".length()));
    }

    private List<String> layers(StoredImage image) throws IOException {
        return ((List<?>) manifest(image).get("layers"))
                .stream()
                        .map(layer -> String.valueOf(((Map<?, ?>) layer).get("digest")))
                        .toList();
    }

    private Map<?, ?> manifest(StoredImage image) throws IOException {
        return (Map<?, ?>) Json.read(Files.readString(blob(image.digest())));
    }

    private Map<?, ?> configuration(StoredImage image) throws IOException {
        Object digest = ((Map<?, ?>) manifest(image).get("config")).get("digest");
        return (Map<?, ?>) Json.read(Files.readString(blob(digest)));
    }

    private Map<String, String> files(StoredImage image) throws IOException {
        Map<String, String> files = new TreeMap<>();
        for (String layer : layers(image)) {
            try (var tar = new TarArchiveInputStream(new GZIPInputStream(Files.newInputStream(blob(layer))))) {
                for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                    assertThat(entry.getLongUserId() + ":" + entry.getLongGroupId())
                            .isEqualTo("0:0");
                    files.put(
                            entry.getName(),
                            Integer.toOctalString(entry.getMode() & 07777) + " "
                                    + entry.getLastModifiedTime().toInstant());
                }
            }
        }
        return files;
    }

    private void unpack(StoredImage image, Path root) throws IOException {
        for (String layer : layers(image)) {
            try (var tar = new TarArchiveInputStream(new GZIPInputStream(Files.newInputStream(blob(layer))))) {
                for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                    Path target = root.resolve(entry.getName());
                    if (entry.isDirectory()) {
                        Files.createDirectories(target);
                    } else {
                        Files.copy(tar, target);
                    }
                }
            }
        }
    }
}
