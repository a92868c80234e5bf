package io.jenkins.plugins.lockstep.image.jib;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;

import io.jenkins.plugins.lockstep.ClusterTest;
import io.jenkins.plugins.lockstep.TestBed;
import io.jenkins.plugins.lockstep.WatchedRegistry;
import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.common.Progress;
import io.jenkins.plugins.lockstep.common.document.Json;
import io.jenkins.plugins.lockstep.image.Base;
import io.jenkins.plugins.lockstep.image.ImageComparison;
import io.jenkins.plugins.lockstep.image.ImageContents;
import io.jenkins.plugins.lockstep.image.ImageDifference;
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
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against a real registry; each test has a repository of its own in it. */
@ClusterTest(kubernetes = false)
class RegistryImageStoreTest {

    @TempDir
    Path directory;

    private final String repository = TestBed.registry() + "/lockstep-test/" + UUID.randomUUID();
    private RegistryImageStore store;

    @BeforeEach
    void create() {
        store = new RegistryImageStore(ImageFixture.access(directory.resolve("cache")));
    }

    @Test
    void whatWasPushedIsFoundByTagAndByDigestWithItsLabels() throws Exception {
        ImageReference reference = ImageFixture.reference(repository);

        StoredImage pushed = store.push(image("one"), reference, Progress.NONE);

        assertThat(store.find(reference)).contains(pushed);
        assertThat(store.find(new ImageReference(repository, null, pushed.digest()))
                        .flatMap(StoredImage::revision))
                .contains(ImageFixture.REVISION);
    }

    @Test
    void theRegistryItselfSaysTheSameDigestAndAnOciManifest() throws Exception {
        StoredImage pushed = store.push(image("one"), ImageFixture.reference(repository), Progress.NONE);

        HttpResponse<String> manifest = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://" + TestBed.registry() + "/v2/"
                                        + repository.substring(repository.indexOf('/') + 1)
                                        + "/manifests/" + ImageFixture.REVISION))
                                .header("Accept", "application/vnd.oci.image.manifest.v1+json")
                                .build(),
                        HttpResponse.BodyHandlers.ofString());

        assertThat(manifest.headers().firstValue("Docker-Content-Digest")).contains(pushed.digest());
        assertThat(manifest.headers().firstValue("Content-Type"))
                .contains("application/vnd.oci.image.manifest.v1+json");
    }

    @Test
    void whatIsNotThereIsNotFound() throws Exception {
        assertThat(store.find(ImageFixture.reference(repository))).isEmpty();

        store.push(image("one"), ImageFixture.reference(repository), Progress.NONE);

        assertThat(store.find(ImageReference.parse(repository + ":other"))).isEmpty();
        assertThat(store.find(ImageReference.parse(repository + "@sha256:" + "0".repeat(64))))
                .isEmpty();
    }

    @Test
    void eachDistinctDigestIsAskedForOnce() throws Exception {
        try (var watched = new WatchedRegistry(TestBed.registry())) {
            String here = watched.name() + repository.substring(repository.indexOf('/'));
            StoredImage one = store.push(image("one"), ImageReference.parse(here + ":one"), Progress.NONE);
            StoredImage two = store.push(image("two"), ImageReference.parse(here + ":two"), Progress.NONE);
            var gone = ImageReference.parse(here + ":one@sha256:" + "0".repeat(64));
            watched.forget();

            var missing = store.missing(
                    List.of(one.reference(), one.reference().withTag(null), two.reference(), gone, one.reference()));

            assertThat(missing).containsExactly(gone);
            assertThat(watched.requests())
                    .hasSize(3)
                    .allMatch(request -> request.contains("/manifests/sha256:"))
                    .doesNotHaveDuplicates();
        }
    }

    @Test
    void whatIsDeletedIsGoneWithItsTagsAndNothingElseIs() throws Exception {
        assertThat(store.tags(ImageReference.parse(repository))).isEmpty();
        StoredImage one = store.push(image("one"), ImageReference.parse(repository + ":one"), Progress.NONE);
        store.push(image("one"), ImageReference.parse(repository + ":alias"), Progress.NONE);
        StoredImage two = store.push(image("two"), ImageReference.parse(repository + ":two"), Progress.NONE);
        assertThat(store.tags(ImageReference.parse(repository))).containsExactly("alias", "one", "two");

        store.delete(one);

        assertThat(store.find(one.reference())).isEmpty();
        assertThat(store.find(ImageReference.parse(repository + ":alias"))).isEmpty();
        assertThat(store.find(two.reference())).contains(two);
        assertThat(store.tags(ImageReference.parse(repository))).containsExactly("two");
        store.delete(one);
    }

    @Test
    void aDirectoryGivesAnImageTheDigestThatTheRegistryGivesIt() throws Exception {
        var layout =
                new OciLayoutImageStore(directory.resolve("images"), ImageFixture.access(directory.resolve("cache")));
        StoredImage pushed = store.push(image("one"), ImageFixture.reference(repository), Progress.NONE);

        StoredImage stored = layout.push(image("one"), ImageFixture.reference(repository), Progress.NONE);

        assertThat(stored).isEqualTo(pushed);
    }

    @Test
    void anImageOnABaseHasItsLayersAndTheSameDigestEverywhere() throws Exception {
        StoredImage base = store.push(image("base"), ImageReference.parse(repository + "/base:1"), Progress.NONE);
        ImageSpec spec = ImageFixture.image(directory.resolve("top"), repository + "/base:1", "top");
        ImageSpec pinned = ImageFixture.image(
                directory.resolve("top"), base.reference().withTag(null).toString(), "top");
        var layout =
                new OciLayoutImageStore(directory.resolve("images"), ImageFixture.access(directory.resolve("cache")));

        StoredImage pushed = store.push(spec, ImageFixture.reference(repository), Progress.NONE);
        StoredImage byDigest = store.push(pinned, ImageReference.parse(repository + ":pinned"), Progress.NONE);

        assertThat(store.find(pushed.reference())).contains(pushed);
        assertThat(pushed.labels())
                .containsEntry("org.opencontainers.image.base.name", repository + "/base:1")
                .containsEntry("org.opencontainers.image.base.digest", base.digest());
        assertThat(byDigest.labels())
                .containsEntry("org.opencontainers.image.base.name", repository + "/base@" + base.digest())
                .containsEntry("org.opencontainers.image.base.digest", base.digest());
        assertThat(layout.push(spec, ImageFixture.reference(repository), Progress.NONE))
                .isEqualTo(pushed);
        assertThat(layout.push(pinned, ImageReference.parse(repository + ":pinned"), Progress.NONE))
                .isEqualTo(byDigest);
    }

    @Test
    void whatDiffersBetweenTwoImagesIsReadFromTheRegistry() throws Exception {
        ImageReference base = ImageReference.parse(repository + "/base:1");
        store.push(image("base"), base, Progress.NONE);
        StoredImage one = store.push(
                ImageFixture.image(directory.resolve("top"), base.toString(), "one"),
                ImageReference.parse(repository + ":one"),
                Progress.NONE);
        store.push(image("another base"), base, Progress.NONE);
        var layout =
                new OciLayoutImageStore(directory.resolve("images"), ImageFixture.access(directory.resolve("other")));
        StoredImage other = layout.push(
                ImageFixture.image(directory.resolve("top"), base.toString(), "other"),
                ImageReference.parse(repository + ":other"),
                Progress.NONE);

        try (ImageContents stored = store.contents(one);
                ImageContents built = layout.contents(other)) {
            // Base images that Lockstep itself made have named layers, which says more than that a base moved.
            assertThat(ImageComparison.compare(stored, built, 10).differences())
                    .extracting(ImageDifference::kind, ImageDifference::layer, ImageDifference::path)
                    .containsExactly(
                            tuple(ImageDifference.Kind.CONTENT, "script", "/opt/run.sh"),
                            tuple(ImageDifference.Kind.CONTENT, "script (2)", "/opt/run.sh"),
                            tuple(
                                    ImageDifference.Kind.CONFIGURATION,
                                    null,
                                    "config.Labels.org.opencontainers.image.base.digest"));
        }
        try (ImageContents gone =
                store.contents(new StoredImage(one.reference().withDigest("sha256:" + "0".repeat(64)), Map.of()))) {
            assertThatExceptionOfType(DeliveryException.class)
                    .isThrownBy(gone::images)
                    .satisfies(
                            refused -> assertThat(refused.problem().exitCode()).isEqualTo(4));
        }
    }

    @Test
    void theBaseIsNamedWhereItMoved() throws Exception {
        ImageContents.Layer moved = baseLayer(TestBed.base());
        StoredImage onBase = store.push(
                ImageFixture.image(directory.resolve("top"), TestBed.base(), "one"),
                ImageReference.parse(repository + ":one"),
                Progress.NONE);
        StoredImage onScratch = store.push(image("one"), ImageReference.parse(repository + ":two"), Progress.NONE);

        try (ImageContents stored = store.contents(onBase);
                ImageContents built = store.contents(onScratch)) {
            ImageDifference first =
                    ImageComparison.compare(stored, built, 10).differences().get(0);
            assertThat(first.kind()).isEqualTo(ImageDifference.Kind.BASE);
            assertThat(first.stored()).isEqualTo(moved.content());
            assertThat(first.built()).isNull();
            assertThat(first.advice()).contains("digest");
        }
    }

    private ImageContents.Layer baseLayer(String base) {
        try (ImageContents contents =
                store.contents(store.find(ImageReference.parse(base)).orElseThrow())) {
            return contents.images().get(0).layers().get(0);
        }
    }

    @Test
    void aBaseThatIsNotThereIsAMistakeOfTheProjectFile() throws Exception {
        ImageSpec spec = ImageFixture.image(directory.resolve("top"), repository + "/nothing:1", "top");

        assertThatExceptionOfType(DeliveryException.class)
                .isThrownBy(() -> store.push(spec, ImageFixture.reference(repository), Progress.NONE))
                .satisfies(refused -> {
                    assertThat(refused.problem()).isEqualTo(Problem.BAD_INPUT);
                    assertThat(refused.what()).isEqualTo("there is no base image " + repository + "/nothing:1");
                });
    }

    @Test
    void aFetchedBaseNeedsNoRegistryASecondTime() throws Exception {
        StoredImage base = store.push(image("base"), ImageReference.parse(repository + "/base:1"), Progress.NONE);
        var access = ImageFixture.access(directory.resolve("other cache"));
        List<String> steps = Collections.synchronizedList(new ArrayList<>());
        ImageName pinned = ImageName.of(base.reference().withTag(null));

        for (int i = 0; i < 2; i++) {
            try (var image = new BaseImage(pinned, access, steps::add)) {
                assertThat(image.image().getLayers()).hasSize(1);
            }
        }

        assertThat(steps).containsExactly("fetching the base image " + pinned);
    }

    @Test
    void progressGoesUpToOneAndStepsAreFew() throws Exception {
        List<Double> fractions = Collections.synchronizedList(new ArrayList<>());
        List<String> steps = Collections.synchronizedList(new ArrayList<>());
        var progress = new Progress() {
            @Override
            public void step(String message) {
                steps.add(message);
            }

            @Override
            public void advance(String task, double fraction) {
                fractions.add(fraction);
            }
        };

        StoredImage pushed = store.push(image("one"), ImageFixture.reference(repository), progress);

        assertThat(steps)
                .containsExactly(
                        "building and pushing " + pushed.reference().withDigest(null), "pushed " + pushed.reference());
        assertThat(fractions).isNotEmpty().allMatch(fraction -> fraction >= 0 && fraction <= 1.0001);
    }

    @Test
    void pushesAtOneTimeShareTheirCache() throws Exception {
        store.push(image("base"), ImageReference.parse(repository + "/base:1"), Progress.NONE);
        List<ImageSpec> images = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            images.add(ImageFixture.image(directory.resolve("top" + i), repository + "/base:1", "top" + i));
        }

        List<StoredImage> pushed = images.parallelStream()
                .map(spec -> {
                    try {
                        return store.push(
                                spec, ImageReference.parse(repository + ":" + images.indexOf(spec)), Progress.NONE);
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                })
                .toList();

        assertThat(pushed).allSatisfy(image -> assertThat(
                        store.find(image.reference().withDigest(null)).map(StoredImage::digest))
                .isEqualTo(Optional.of(image.digest())));
        assertThat(pushed.stream().map(StoredImage::digest).distinct()).hasSize(6);
    }

    private ImageSpec image(String content) throws IOException {
        return ImageFixture.image(directory.resolve("sources"), Base.SCRATCH, content);
    }

    @Test
    void labelsOfAnIndexAreThoseOfItsFirstImage() throws Exception {
        StoredImage image = store.push(image("one"), ImageReference.parse(repository + ":1"), Progress.NONE);
        String path = repository.substring(repository.indexOf('/') + 1);
        String root = "http://" + TestBed.registry() + "/v2/" + path + "/manifests/";
        HttpClient http = HttpClient.newHttpClient();
        int size = http.send(
                        HttpRequest.newBuilder(URI.create(root + "1"))
                                .header("Accept", "application/vnd.oci.image.manifest.v1+json")
                                .build(),
                        HttpResponse.BodyHandlers.ofByteArray())
                .body()
                .length;
        String index = Json.write(Map.of(
                "schemaVersion",
                2,
                "mediaType",
                "application/vnd.oci.image.index.v1+json",
                "manifests",
                List.of(Map.of(
                        "mediaType",
                        "application/vnd.oci.image.manifest.v1+json",
                        "digest",
                        image.digest(),
                        "size",
                        size,
                        "platform",
                        Map.of("os", "linux", "architecture", "amd64")))));
        int status = http.send(
                        HttpRequest.newBuilder(URI.create(root + "index"))
                                .header("Content-Type", "application/vnd.oci.image.index.v1+json")
                                .PUT(HttpRequest.BodyPublishers.ofString(index))
                                .build(),
                        HttpResponse.BodyHandlers.discarding())
                .statusCode();
        assertThat(status).isEqualTo(201);

        assertThat(store.find(ImageReference.parse(repository + ":index"))).hasValueSatisfying(found -> {
            assertThat(found.revision()).contains(ImageFixture.REVISION);
            assertThat(found.digest()).isNotEqualTo(image.digest());
            try (ImageContents whole = store.contents(found);
                    ImageContents only = store.contents(image)) {
                assertThat(whole.images()).isEqualTo(only.images());
                assertThat(ImageComparison.compare(whole, only, 10).differences())
                        .isEmpty();
            }
        });
    }
}
