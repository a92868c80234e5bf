package io.jenkins.plugins.lockstep.image.jib;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.jenkins.plugins.lockstep.ClusterTest;
import io.jenkins.plugins.lockstep.TestBed;
import io.jenkins.plugins.lockstep.WatchedRegistry;
import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.common.Progress;
import io.jenkins.plugins.lockstep.common.document.Json;
import io.jenkins.plugins.lockstep.image.Base;
import io.jenkins.plugins.lockstep.image.ImageReference;
import io.jenkins.plugins.lockstep.image.ImageSpec;
import io.jenkins.plugins.lockstep.image.StoredImage;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Images for several platforms, and bases that have several, against a real registry; each request is counted. */
@ClusterTest(kubernetes = false)
class RegistryPlatformsTest {

    private static final String ACCEPT =
            "application/vnd.oci.image.index.v1+json, application/vnd.oci.image.manifest.v1+json";

    @TempDir
    Path directory;

    private final String path = "lockstep-test/" + UUID.randomUUID();
    private WatchedRegistry registry;
    private String repository;
    private RegistryImageStore store;

    @BeforeEach
    void open() throws IOException {
        registry = new WatchedRegistry(TestBed.registry());
        repository = registry.name() + "/" + path;
        store = store("cache");
    }

    @AfterEach
    void close() throws IOException {
        registry.close();
    }

    @Test
    void anIndexIsPushedWithEachBlobOnceAndItsTagLast() throws Exception {
        StoredImage pushed = store.push(both(image("one", Base.SCRATCH)), reference(), Progress.NONE);

        List<String> requests = registry.requests();
        // One layer and two configurations: look, start, send, finish.
        assertThat(count(requests, "HEAD /v2/" + path + "/blobs/")).isEqualTo(3);
        assertThat(count(requests, "POST /v2/" + path + "/blobs/uploads/")).isEqualTo(3);
        assertThat(count(requests, "PATCH ")).isEqualTo(3);
        assertThat(count(requests, "PUT /v2/" + path + "/blobs/uploads/")).isEqualTo(3);
        assertThat(count(requests, "PUT /v2/" + path + "/manifests/sha256:")).isEqualTo(2);
        assertThat(requests).last().isEqualTo("PUT /v2/" + path + "/manifests/" + ImageFixture.REVISION);
        assertThat(requests).contains("GET /v2/").hasSize(1 + 3 + 9 + 2 + 1);
        assertThat(tags()).isEqualTo(List.of(ImageFixture.REVISION));
        assertThat(store.find(reference())).contains(pushed);
    }

    @Test
    void anIndexIsLookedUpInThreeRequests() throws Exception {
        StoredImage pushed = store.push(both(image("one", Base.SCRATCH)), reference(), Progress.NONE);
        registry.forget();

        assertThat(store.find(reference())).contains(pushed);

        assertThat(registry.requests()).hasSize(3);
    }

    @Test
    void theRegistryHasAnOciIndexWithTheDigestThatWasTold() throws Exception {
        StoredImage pushed = store.push(both(image("one", Base.SCRATCH)), reference(), Progress.NONE);
        StoredImage inDirectory = new OciLayoutImageStore(
                        directory.resolve("images"), ImageFixture.access(directory.resolve("cache")))
                .push(both(image("one", Base.SCRATCH)), reference(), Progress.NONE);

        HttpResponse<String> index = get("manifests/" + ImageFixture.REVISION);

        assertThat(index.headers().firstValue("Docker-Content-Digest")).contains(pushed.digest());
        assertThat(index.headers().firstValue("Content-Type")).contains("application/vnd.oci.image.index.v1+json");
        assertThat(platforms(index.body()))
                .isEqualTo(List.of(
                        Map.of("os", "linux", "architecture", "amd64"),
                        Map.of("os", "linux", "architecture", "arm64", "variant", "v8")));
        assertThat(inDirectory).isEqualTo(pushed);
    }

    @Test
    void aPushThatIsStoppedMidwayLeavesNoTag() throws Exception {
        Thread pushing = Thread.currentThread();
        registry.cutAt(request -> {
            boolean manifest = request.startsWith("PUT /v2/" + path + "/manifests/sha256:");
            if (manifest) {
                pushing.interrupt();
            }
            return manifest;
        });

        Throwable stopped =
                catchThrowable(() -> store.push(both(image("one", Base.SCRATCH)), reference(), Progress.NONE));

        assertThat(stopped).isInstanceOfSatisfying(DeliveryException.class, failure -> assertThat(failure.problem())
                .isEqualTo(Problem.INTERRUPTED));
        assertThat(Thread.interrupted()).isTrue();
        registry.cutAt(request -> false);
        assertThat(store.find(reference())).isEmpty();
        store.push(both(image("one", Base.SCRATCH)), reference(), Progress.NONE);
        assertThat(store.find(reference())).isPresent();
    }

    @Test
    void eachPlatformStandsOnItsOwnBase() throws Exception {
        base("linux/amd64", "linux/arm64/v8", "linux/arm/v7");
        ImageSpec spec =
                ImageFixture.on(image("top", repository + "/base:1"), "linux/arm64/v8", "linux/amd64", "linux/arm/v7");

        StoredImage pushed = store.push(spec, reference(), Progress.NONE);

        Map<String, String> bases = resolve("linux/arm64/v8", "linux/amd64", "linux/arm/v7");
        assertThat(bases.values()).doesNotHaveDuplicates();
        List<Map<?, ?>> images = new ArrayList<>();
        manifests(get("manifests/" + ImageFixture.REVISION).body())
                .forEach(manifest -> images.add(configuration(String.valueOf(manifest.get("digest")))));
        assertThat(images.stream().map(image -> String.valueOf(image.get("architecture"))))
                .containsExactly("arm64", "amd64", "arm");
        assertThat(images.stream().map(image -> label(image, "org.opencontainers.image.base.digest")))
                .containsExactlyElementsOf(bases.values());
        assertThat(images.stream().map(image -> label(image, "org.opencontainers.image.base.name")))
                .containsOnly(repository + "/base:1");
        assertThat(pushed.labels()).containsEntry("org.opencontainers.image.base.digest", bases.get("linux/arm64/v8"));
        assertThat(store.find(reference()).map(StoredImage::labels)).contains(pushed.labels());
    }

    @Test
    void aPlatformThatTheBaseLacksIsAMistakeThatNamesThoseItHas() throws Exception {
        base("linux/amd64", "linux/arm64/v8");
        store.push(image("single", Base.SCRATCH), ImageReference.parse(repository + "/single:1"), Progress.NONE);

        DeliveryException lacking = catchThrowableOfType(
                DeliveryException.class,
                () -> store.push(
                        ImageFixture.on(image("top", repository + "/base:1"), "linux/amd64", "linux/s390x"),
                        reference(),
                        Progress.NONE));
        DeliveryException single = catchThrowableOfType(
                DeliveryException.class,
                () -> store.push(both(image("top", repository + "/single:1")), reference(), Progress.NONE));

        assertThat(lacking.problem()).isEqualTo(Problem.BAD_INPUT);
        assertThat(lacking.what()).isEqualTo("the base image " + repository + "/base:1 is not made for linux/s390x");
        assertThat(lacking.why()).isEqualTo("it is made for linux/amd64, linux/arm64");
        assertThat(single.problem()).isEqualTo(Problem.BAD_INPUT);
        assertThat(single.why()).isEqualTo("it is made for linux/amd64");
        assertThat(store.find(reference())).isEmpty();
    }

    @Test
    void aLockedBaseIsNeverAskedForByItsTagAndOnceItIsCachedNotAtAll() throws Exception {
        base("linux/amd64", "linux/arm64/v8");
        Map<String, String> locked = resolve("linux/amd64", "linux/arm64/v8");
        var name = ImageReference.parse(repository + "/base:1");
        ImageSpec spec = both(image("top", repository + "/base:1")).withBase(new Base.Named(name, locked));
        registry.forget();

        StoredImage first = store("fresh").push(spec, reference(), Progress.NONE);

        String base = "/v2/" + path + "/base/";
        assertThat(registry.requests()).noneMatch(request -> request.endsWith(base + "manifests/1"));
        // Per platform its manifest and its configuration; the one layer of both once.
        assertThat(count(registry.requests(), "GET " + base + "manifests/sha256:"))
                .isEqualTo(2);
        assertThat(count(registry.requests(), "GET " + base + "blobs/")).isEqualTo(3);

        registry.forget();
        StoredImage again = store("fresh").push(spec, ImageReference.parse(repository + ":again"), Progress.NONE);

        assertThat(registry.requests()).noneMatch(request -> request.contains(base));
        assertThat(again.digest()).isEqualTo(first.digest());
        assertThat(again.labels()).containsEntry("org.opencontainers.image.base.name", repository + "/base:1");
    }

    @Test
    void anIndexInTheProjectFileByDigestIsAskedForOnce() throws Exception {
        StoredImage base = base("linux/amd64", "linux/arm64/v8");
        ImageSpec spec = image("top", base.reference().withTag(null).toString());
        store.push(spec, reference(), Progress.NONE);
        registry.forget();

        store.push(spec, ImageReference.parse(repository + ":again"), Progress.NONE);

        assertThat(registry.requests()).noneMatch(request -> request.contains("/base/"));
    }

    @Test
    void aLockedBaseThatIsGoneIsSaidSo() throws Exception {
        String gone = "sha256:" + "0".repeat(64);
        ImageSpec spec = image("top", repository + "/base:1")
                .withBase(new Base.Named(ImageReference.parse(repository + "/base:1"), Map.of("linux/amd64", gone)));

        DeliveryException refused =
                catchThrowableOfType(DeliveryException.class, () -> store.push(spec, reference(), Progress.NONE));

        assertThat(refused.problem()).isEqualTo(Problem.BAD_INPUT);
        assertThat(refused.what()).isEqualTo("there is no base image " + repository + "/base@" + gone);
        assertThat(refused.hint()).contains("lockstep lock");
    }

    private Map<String, String> resolve(String... platforms) {
        return new RegistryBases(ImageFixture.access(directory.resolve("asking")))
                .resolve(ImageReference.parse(repository + "/base:1"), List.of(platforms), Progress.NONE);
    }

    /** Pushes a base whose variants are in the configurations too, as those of Docker's official images are. */
    private StoredImage base(String... platforms) throws Exception {
        return PlatformBase.push(
                TestBed.registry(), path + "/base", List.of(platforms), repository + "/base:1", "base\n");
    }

    private RegistryImageStore store(String cache) {
        return new RegistryImageStore(ImageFixture.access(directory.resolve(cache)));
    }

    private ImageReference reference() {
        return ImageFixture.reference(repository);
    }

    private ImageSpec image(String content, String base) throws IOException {
        return ImageFixture.image(directory.resolve("sources " + content), base, content);
    }

    private static ImageSpec both(ImageSpec spec) {
        return ImageFixture.on(spec, "linux/amd64", "linux/arm64/v8");
    }

    private static int count(List<String> requests, String beginning) {
        return (int) requests.stream()
                .filter(request -> request.startsWith(beginning))
                .count();
    }

    private HttpResponse<String> get(String what) {
        try {
            return HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(
                                            URI.create("http://" + TestBed.registry() + "/v2/" + path + "/" + what))
                                    .header("Accept", ACCEPT)
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private List<?> tags() {
        return (List<?>) ((Map<?, ?>) Json.read(get("tags/list").body())).get("tags");
    }

    private Map<?, ?> configuration(String manifest) {
        var image = (Map<?, ?>) Json.read(get("manifests/" + manifest).body());
        var config = (Map<?, ?>) image.get("config");
        return (Map<?, ?>) Json.read(get("blobs/" + config.get("digest")).body());
    }

    private static String label(Map<?, ?> configuration, String label) {
        Map<?, ?> labels = (Map<?, ?>) ((Map<?, ?>) configuration.get("config")).get("Labels");
        return String.valueOf(labels.get(label));
    }

    private static List<Map<?, ?>> manifests(String index) {
        List<Map<?, ?>> manifests = new ArrayList<>();
        ((List<?>) ((Map<?, ?>) Json.read(index)).get("manifests"))
                .forEach(manifest -> manifests.add((Map<?, ?>) manifest));
        return manifests;
    }

    private static List<Object> platforms(String index) {
        return manifests(index).stream()
                .<Object>map(manifest -> manifest.get("platform"))
                .toList();
    }
}
