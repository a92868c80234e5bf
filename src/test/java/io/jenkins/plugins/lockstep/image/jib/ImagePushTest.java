package io.jenkins.plugins.lockstep.image.jib;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.lockstep.ClusterTest;
import io.jenkins.plugins.lockstep.TestBed;
import io.jenkins.plugins.lockstep.WatchedRegistry;
import io.jenkins.plugins.lockstep.common.DirectoryTree;
import io.jenkins.plugins.lockstep.common.Progress;
import io.jenkins.plugins.lockstep.image.Base;
import io.jenkins.plugins.lockstep.image.ImageAssembly;
import io.jenkins.plugins.lockstep.image.ImageComparison;
import io.jenkins.plugins.lockstep.image.ImageDefinition;
import io.jenkins.plugins.lockstep.image.ImageLayer;
import io.jenkins.plugins.lockstep.image.ImageReference;
import io.jenkins.plugins.lockstep.image.ImageSpec;
import io.jenkins.plugins.lockstep.image.StoredImage;
import io.jenkins.plugins.lockstep.image.TestImage;
import io.jenkins.plugins.lockstep.image.TestJar;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a push asks of a real registry and what it sends, to the request and to the byte. */
@ClusterTest(kubernetes = false)
class ImagePushTest {

    private static final String HEAD = "HEAD .*/blobs/sha256:.*";
    private static final String SENT = "PATCH .*/blobs/uploads/.*";

    @TempDir
    private Path directory;

    private final String path = "lockstep-test/" + UUID.randomUUID();
    private WatchedRegistry registry;
    private RegistryImageStore store;

    @BeforeEach
    void open() throws IOException {
        registry = new WatchedRegistry(TestBed.registry());
        store = new RegistryImageStore(ImageFixture.access(directory.resolve("cache")));
    }

    @AfterEach
    void close() throws IOException {
        registry.close();
    }

    @Test
    void theSameImageAgainIsTwoRequestsThenOneAndNothingIsSent() throws Exception {
        StoredImage pushed = push("1", image(8, "one"));
        registry.forget();

        assertThat(store.find(tag("1"))).contains(pushed);

        assertThat(registry.requests()).hasSize(2).allMatch(request -> request.startsWith("GET /v2/" + path + "/"));
        registry.forget();
        assertThat(store.find(tag("1"))).contains(pushed);
        assertThat(registry.requests()).containsExactly("GET /v2/" + path + "/manifests/1");
    }

    @Test
    void aKeptConfigurationThatIsDamagedIsReadAgainAndOneThatCannotBeKeptIsNoFailure() throws Exception {
        StoredImage pushed = push("1", image(1, "one"));
        store.find(tag("1"));
        Path found = directory.resolve("cache/found");
        try (var kept = Files.newDirectoryStream(found, "[0-9a-f]*")) {
            for (Path file : kept) {
                Files.writeString(file, "{}");
            }
        }
        registry.forget();

        assertThat(store.find(tag("1"))).contains(pushed);
        assertThat(registry.requests()).hasSize(2);

        DirectoryTree.delete(found);
        Files.writeString(found, "not a directory");
        assertThat(store.find(tag("1"))).contains(pushed);
    }

    @Test
    void aDigestOfARegistryThatIsNoneLeadsToNoFile() throws Exception {
        Path outside = Files.writeString(directory.resolve("outside"), "text");
        FileTime before = FileTime.from(Instant.now().minus(Duration.ofDays(3)));
        Files.setLastModifiedTime(outside, before);
        var found = new FoundDocuments(Files.createDirectories(directory.resolve("documents")));
        Files.createDirectories(directory.resolve("documents/found"));

        assertThat(found.get("sha256:../../outside")).isEmpty();
        found.put("sha256:../../outside", "other");

        assertThat(Files.getLastModifiedTime(outside)).as("not even looked at").isEqualTo(before);
        assertThat(outside).hasContent("text");
    }

    @Test
    void whatNobodyAskedForInNinetyDaysIsRemoved() throws Exception {
        Path kept = directory.resolve("kept");
        var texts = new CachedTexts(kept);
        for (String name : List.of("old", "used", "new")) {
            texts.put(name, name);
        }
        FileTime before = FileTime.from(Instant.now().minus(Duration.ofDays(91)));
        for (String name : List.of("old", "used", ".tidied")) {
            Files.setLastModifiedTime(kept.resolve(name), before);
        }

        assertThat(texts.get("used")).contains("used");
        texts.put("another", "another");

        assertThat(texts.get("old")).isEmpty();
        assertThat(List.of("used", "new", "another")).allMatch(name -> Files.exists(kept.resolve(name)));
    }

    @Test
    void oneLayerThatChangedIsSentWithConfigurationAndManifestAndNothingElseIsAskedFor() throws Exception {
        StoredImage before = push("1", image(8, "one"));
        registry.forget();

        StoredImage now = push("2", image(8, "two"));

        assertThat(registry.requests()).contains("GET /v2/" + path + "/manifests/" + before.digest());
        assertThat(count(HEAD)).as("what is small and new is not asked for").isZero();
        assertThat(count("POST .*")).isEqualTo(2);
        assertThat(count(SENT)).isEqualTo(2);
        assertThat(count("PUT .*/blobs/uploads/.*")).isEqualTo(2);
        assertThat(registry.requests()).hasSize(1 + 1 + 2 * 3 + 1).first().isEqualTo("GET /v2/");
        assertThat(registry.requests()).last().isEqualTo("PUT /v2/" + path + "/manifests/2");
        // Each of the eight other layers has 64 KB that can't be compressed.
        assertThat(registry.bytesUp()).isLessThan(32 * 1024);
        assertThat(differences(before, now)).isEqualTo(List.of("/opt/run.sh"));
    }

    @Test
    void oneDependencyThatChangedSendsATenthOfAllAtMost() throws Exception {
        push("1", TestImage.open(jar(3), directory));
        long all = registry.bytesUp();
        registry.forget();

        push("2", TestImage.open(jar(4), directory));

        assertThat(all).isGreaterThan(40_000_000);
        assertThat(registry.bytesUp()).isLessThan(all / 10);
    }

    @Test
    void whatTheRegistryHasIsNotSentByAnotherMachine() throws Exception {
        StoredImage pushed = push("1", image(8, "one"));
        registry.forget();
        store = new RegistryImageStore(ImageFixture.access(directory.resolve("other cache")));

        StoredImage again = push("2", image(8, "one"));

        assertThat(again.digest()).isEqualTo(pushed.digest());
        assertThat(count(HEAD)).isEqualTo(10);
        assertThat(count(SENT)).isZero();
    }

    @Test
    void anImageThatWasDeletedSinceIsNoProofOfItsLayers() throws Exception {
        StoredImage before = push("1", image(8, "one"));
        store.delete(before);
        registry.forget();

        push("2", image(8, "two"));

        assertThat(count(HEAD)).isEqualTo(10);
    }

    /** No registry can be made to lose a layer of an image that it has: the tunnel answers in its place. */
    @Test
    void aRegistryThatLostALayerIsAskedForEach() throws Exception {
        push("1", image(8, "one"));
        registry.forget();
        var struck = new AtomicBoolean();
        String lost = "{\"errors\":[{\"code\":\"MANIFEST_BLOB_UNKNOWN\",\"message\":\"blob unknown\"}]}";
        registry.answerAt(
                request -> request.matches("PUT .*/manifests/.*") && struck.compareAndSet(false, true),
                "HTTP/1.1 404 Not Found\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: "
                        + lost.length() + "\r\n\r\n" + lost);

        StoredImage pushed = push("2", image(8, "two"));

        assertThat(struck).isTrue();
        assertThat(count(HEAD)).isEqualTo(10);
        assertThat(count(SENT)).isEqualTo(2);
        assertThat(store.find(tag("2"))).contains(pushed);
    }

    @Test
    void aFileIsKnownByItsContentAndNotByItsTimeAndSize() throws Exception {
        StoredImage before = push("1", image(2, "one"));
        Path script = directory.resolve("sources/run.sh");
        FileTime time = Files.getLastModifiedTime(script);

        ImageSpec changed = image(2, "two");
        Files.setLastModifiedTime(script, time);
        StoredImage now = push("2", changed);

        assertThat(differences(before, now)).isEqualTo(List.of("/opt/run.sh"));
    }

    @Test
    void anImageOnABaseIsPushedWithoutFetchingTheBasesLayers() throws Exception {
        push("base", image(3, "base"));
        var access = ImageFixture.access(directory.resolve("other cache"));
        ImageSpec onBase = ImageFixture.image(directory.resolve("top"), registry.name() + "/" + path + ":base", "top");
        registry.forget();

        new RegistryImageStore(access).push(onBase, tag("1"), Progress.NONE);

        // The base's configuration, once for its platform and once to build on it.
        assertThat(count("GET .*/blobs/sha256:.*")).isEqualTo(2);
        assertThat(count(SENT)).isEqualTo(2);
        assertThat(count(HEAD)).isEqualTo(4 + 2);
    }

    @Test
    void whatThisProcessHasJustSeenIsKnownForTwoMinutesUnlessItIsDeletedHere() throws Exception {
        var now = new AtomicLong();
        var recent = new RecentAnswers(now::get);
        var image = new StoredImage(tag("1").withDigest("sha256:" + "0".repeat(64)), Map.of());
        recent.put(tag("1"), image);
        recent.put(tag("2"), image);

        assertThat(recent.get(tag("1"))).contains(image);
        recent.forget(tag("1"));
        assertThat(recent.get(tag("1"))).isEmpty();
        now.addAndGet(Duration.ofMinutes(2).toNanos());
        assertThat(recent.get(tag("2"))).contains(image);
        now.incrementAndGet();
        assertThat(recent.get(tag("2"))).isEmpty();

        recent.put(tag("2"), image);
        recent.forget(image);
        assertThat(recent.get(tag("2"))).isEmpty();
        for (int i = 0; i <= 1_000; i++) {
            recent.put(tag("many" + i), image);
        }
        assertThat(recent.get(tag("many0"))).isEmpty();
        assertThat(recent.get(tag("many1"))).isPresent();

        StoredImage pushed = push("1", image(1, "one"));
        registry.forget();
        assertThat(store.recent(tag("1"))).contains(pushed);
        store.delete(pushed);
        assertThat(store.recent(tag("1"))).isEmpty();
        assertThat(registry.requests()).hasSize(1);
    }

    private StoredImage push(String tag, ImageSpec image) throws InterruptedException {
        return store.push(image, tag(tag), Progress.NONE);
    }

    private StoredImage push(String tag, ImageAssembly assembly) throws InterruptedException {
        try (assembly) {
            return push(tag, assembly.spec());
        }
    }

    private ImageReference tag(String tag) {
        return ImageReference.parse(registry.name() + "/" + path + ":" + tag);
    }

    private long count(String pattern) {
        return registry.requests().stream()
                .filter(request -> request.matches(pattern))
                .count();
    }

    /** Returns a script on top of layers that have 64 KB each. */
    private ImageSpec image(int layersBelow, String script) throws IOException {
        ImageSpec top = ImageFixture.image(directory.resolve("sources"), Base.SCRATCH, script);
        List<ImageLayer> layers = new ArrayList<>();
        for (int i = 0; i < layersBelow; i++) {
            Path file = Files.write(directory.resolve("library" + i), random(i, 64 * 1024));
            layers.add(new ImageLayer(
                    "library " + i, List.of(new ImageLayer.Entry(file, "/opt/lib/" + i + ".bin", 0644))));
        }
        layers.addAll(top.layers());
        return ImageFixture.image(Base.SCRATCH, layers);
    }

    /** A Spring Boot jar with fifty libraries of about a megabyte, one of them in the given version. */
    private ImageDefinition jar(int version) throws IOException {
        var jar = new TestJar()
                .withBootManifest("org.springframework.boot.loader.launch.JarLauncher", "com.example.Cart")
                .with("BOOT-INF/classes/com/example/Cart.class", "class");
        for (int i = 0; i < 50; i++) {
            int of = i == 20 ? version : 1;
            jar.with("BOOT-INF/lib/library" + i + "-" + of + ".0.jar", random(100 * i + of, 900_000 + 1_000 * i));
        }
        jar.write(directory.resolve("target/cart.jar"));
        return TestImage.of(TestImage.application(List.of("target/cart.jar"), List.of()), Base.SCRATCH);
    }

    private static byte[] random(int seed, int size) {
        byte[] bytes = new byte[size];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    private List<String> differences(StoredImage one, StoredImage other) {
        try (var before = store.contents(one);
                var now = store.contents(other)) {
            return ImageComparison.compare(before, now, 10).differences().stream()
                    .map(difference -> String.valueOf(difference.path()))
                    .toList();
        }
    }
}
