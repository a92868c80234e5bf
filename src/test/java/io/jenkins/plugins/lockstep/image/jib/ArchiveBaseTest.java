package io.jenkins.plugins.lockstep.image.jib;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.common.Progress;
import io.jenkins.plugins.lockstep.common.document.Json;
import io.jenkins.plugins.lockstep.image.Base;
import io.jenkins.plugins.lockstep.image.ImageReference;
import io.jenkins.plugins.lockstep.image.ImageSpec;
import io.jenkins.plugins.lockstep.image.StoredImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bases out of archives as Docker, Podman and OCI tools write them, entry for entry. */
class ArchiveBaseTest {

    @TempDir
    Path directory;

    private byte[] lower;
    private byte[] upper;
    private Path archive;
    private Path cache;

    @BeforeEach
    void layers() throws IOException {
        cache = directory.resolve("cache");
        lower = PlatformBase.tar("etc/lower.txt", "lower\n");
        upper = PlatformBase.tar("etc/upper.txt", "upper\n");
        archive = directory.resolve("base.tar");
    }

    @Test
    void whatDockerSavedForYearsIsABase() throws Exception {
        new Tar()
                .file("a1/layer.tar", lower)
                .file("b2/layer.tar", upper)
                .link("c3/layer.tar", "../a1/layer.tar")
                .file("c0ffee.json", config("linux/amd64", lower, upper, lower))
                .file(
                        "manifest.json",
                        docker(image("c0ffee.json", "shop/base:1", "a1/layer.tar", "b2/layer.tar", "c3/layer.tar")))
                .writeTo(archive);

        Built built = build("linux/amd64");

        assertThat(built.diffIds("amd64"))
                .startsWith(digest(lower), digest(upper), digest(lower))
                .hasSize(4);
        assertThat(built.environment("amd64")).contains("FROM_BASE=linux/amd64", "GREETING=hello");
        assertThat(built.labels).doesNotContainKey("org.opencontainers.image.base.digest");
    }

    @Test
    void whatNewerDockersSaveIsTakenAsTheOciLayoutThatItIsToo() throws Exception {
        byte[] config = config("linux/amd64", lower);
        byte[] manifest = manifest(config, lower);
        new Tar()
                .file(blob(lower), lower)
                .file(blob(config), config)
                .file(blob(manifest), manifest)
                .file("oci-layout", json(Map.of("imageLayoutVersion", "1.0.0")))
                .file("manifest.json", docker(image(blob(config), "shop/base:1", blob(lower))))
                .file(
                        "index.json",
                        index(named(manifest, "docker.io/shop/base:1"), named(manifest, "docker.io/shop/base:2")))
                .writeTo(archive);

        assertThat(build("linux/amd64").diffIds("amd64"))
                .startsWith(digest(lower))
                .hasSize(2);
    }

    @Test
    void anOciArchiveOfSeveralPlatformsServesAll() throws Exception {
        Path saved = severalPlatforms();

        Built built = build(saved, "linux/arm64/v8", "linux/amd64");

        assertThat(built.diffIds("arm64")).startsWith(digest(upper)).hasSize(2);
        assertThat(built.diffIds("amd64")).startsWith(digest(lower)).hasSize(2);
        assertThat(built.labels).containsEntry(StoredImage.REVISION_LABEL, ImageFixture.REVISION);
    }

    @Test
    void aPlatformThatWasNotSavedIsAMistakeThatNamesThoseThatWere() throws Exception {
        DeliveryException refused = refusal(severalPlatforms(), "linux/s390x");

        assertThat(refused.problem()).isEqualTo(Problem.BAD_INPUT);
        assertThat(refused.what()).endsWith("is not made for linux/s390x");
        assertThat(refused.why()).isEqualTo("it is made for linux/amd64, linux/arm64/v8");
    }

    @Test
    void ofSeveralImagesOneMustBeNamed() throws Exception {
        byte[] one = config("linux/amd64", lower);
        byte[] two = config("linux/amd64", upper);
        new Tar()
                .file("one/layer.tar", lower)
                .file("two/layer.tar", upper)
                .file("one.json", one)
                .file("two.json", two)
                .file(
                        "manifest.json",
                        docker(
                                image("one.json", "shop/one:1", "one/layer.tar"),
                                image("two.json", "busybox:1", "two/layer.tar")))
                .writeTo(archive);

        DeliveryException several = refusal(archive, "linux/amd64");
        assertThat(several.what()).endsWith("base.tar holds 2 images");
        assertThat(several.why()).isEqualTo("busybox:1, shop/one:1");
        assertThat(several.hint()).isEqualTo("say which: base: base.tar#busybox:1");

        assertThat(build(Path.of(archive + "#docker.io/library/busybox:1"), "linux/amd64")
                        .diffIds("amd64"))
                .startsWith(digest(upper));
        assertThat(build(Path.of(archive + "#shop/one:1"), "linux/amd64").diffIds("amd64"))
                .startsWith(digest(lower));
        assertThat(refusal(Path.of(archive + "#shop/on:1"), "linux/amd64").hint())
                .isEqualTo("did you mean 'shop/one:1'?");
    }

    @Test
    void anArchiveIsReadIntoTheCacheOnce() throws Exception {
        Path saved = severalPlatforms();
        List<String> steps = new ArrayList<>();

        StoredImage first = push(saved, steps, "linux/amd64");
        StoredImage second = push(saved, steps, "linux/amd64");

        assertThat(second).isEqualTo(first);
        assertThat(steps.stream().filter(step -> step.startsWith("reading the base image sha256:")))
                .hasSize(1);
    }

    @Test
    void theSameLayersCompressedAndNotAreTwoBases() throws Exception {
        byte[] config = config("linux/amd64", lower);
        Path plain = layout("plain.tar", config, lower);
        byte[] elsewhere = gzipElsewhere(lower);
        Path compressed = layout("compressed.tar", config, elsewhere);

        StoredImage alone = push(compressed, new ArrayList<>(), "linux/amd64");
        try (var other = new OtherCache()) {
            push(plain, new ArrayList<>(), "linux/amd64");
            assertThat(push(compressed, new ArrayList<>(), "linux/amd64")).isEqualTo(alone);
        }
    }

    @Test
    void anArchiveThatLiesAboutALayerLeavesNothingWrongInTheCache() throws Exception {
        byte[] config = config("linux/amd64", lower);
        byte[] manifest = manifest(config, PlatformBase.gzip(lower));
        new Tar()
                .file(blob(PlatformBase.gzip(lower)), PlatformBase.gzip(upper))
                .file(blob(config), config)
                .file(blob(manifest), manifest)
                .file("index.json", index(named(manifest, "shop/base:1")))
                .writeTo(archive);

        assertThat(refusal(archive, "linux/amd64").why()).contains("is not what the configuration says it is");

        assertThat(build(layout("honest.tar", config, PlatformBase.gzip(lower)), "linux/amd64")
                        .diffIds("amd64"))
                .startsWith(digest(lower));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/etc/passwd", "../../etc/passwd", "C:\\secret.tar", "out/layer.tar", "into/layer.tar"})
    void noNameInAnArchiveLeadsOutOfIt(String layer) throws Exception {
        new Tar()
                .file("/etc/passwd", lower)
                .file("../../etc/passwd", lower)
                .link("out/layer.tar", "/etc/passwd")
                .link("into/layer.tar", "../missing/layer.tar")
                .file("c.json", config("linux/amd64", lower))
                .file("manifest.json", docker(image("c.json", "shop/base:1", layer)))
                .writeTo(archive);

        DeliveryException refused = refusal(archive, "linux/amd64");

        assertThat(refused.problem()).isEqualTo(Problem.BAD_INPUT);
        assertThat(refused.why()).containsAnyOf("it has no file", "a link in it leads to");
    }

    @Test
    void whatIsNoImageIsSaidSo() throws Exception {
        assertThat(refusal(directory.resolve("missing.tar"), "linux/amd64").what())
                .startsWith("there is no file ");

        Files.writeString(archive, "this is no tar".repeat(100));
        assertThat(refusal(archive, "linux/amd64").why()).isEqualTo("it is no tar, or is cut short");

        new Tar().file("README", lower).writeTo(archive);
        assertThat(refusal(archive, "linux/amd64").why()).startsWith("it has neither a manifest.json");
        Files.write(archive, PlatformBase.gzip(Files.readAllBytes(archive)));
        assertThat(refusal(archive, "linux/amd64").hint()).contains("not to be compressed as a whole");

        new Tar().file("manifest.json", "{".getBytes(StandardCharsets.UTF_8)).writeTo(archive);
        assertThat(refusal(archive, "linux/amd64").why()).isEqualTo("manifest.json in it is not valid JSON");

        new Tar().file("manifest.json", new byte[5 * 1024 * 1024]).writeTo(archive);
        assertThat(refusal(archive, "linux/amd64").why()).contains("larger than any manifest");

        for (String nonsense :
                List.of("\"ExposedPorts\":{\"web\":{}}", "\"Env\":[\"NONE\"]", "\"Volumes\":{\"x\":{}}")) {
            new Tar()
                    .file(
                            "c.json",
                            ("{\"os\":\"linux\",\"architecture\":\"amd64\",\"config\":{" + nonsense + "}}")
                                    .getBytes(StandardCharsets.UTF_8))
                    .file("manifest.json", docker(image("c.json", "shop/base:1")))
                    .writeTo(archive);
            assertThat(refusal(archive, "linux/amd64").why()).isEqualTo("its configuration is not valid");
        }

        byte[] zstd = {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd, 0};
        assertThat(refusal(layout("zstd.tar", config("linux/amd64", lower), zstd), "linux/amd64")
                        .why())
                .contains("zstd");
    }

    @Test
    void anArchiveThatIsCutShortIsRefused() throws Exception {
        Path saved = layout("whole.tar", config("linux/amd64", lower), PlatformBase.gzip(lower));
        byte[] whole = Files.readAllBytes(saved);

        for (int length : List.of(600, 1100, whole.length / 2)) {
            Files.write(archive, Arrays.copyOf(whole, length));
            assertThat(refusal(archive, "linux/amd64").problem()).isEqualTo(Problem.BAD_INPUT);
        }
    }

    @Test
    void anArchiveOfCountlessEntriesIsNotReadToItsEnd() throws Exception {
        var tar = new Tar();
        for (int i = 0; i <= 20_000; i++) {
            tar.file("f" + i, new byte[0]);
        }
        tar.writeTo(archive);

        assertThat(refusal(archive, "linux/amd64").why()).isEqualTo("it has more than 20000 entries");
    }

    @Test
    void noDamageIsADefect() throws Exception {
        byte[] good = Files.readAllBytes(severalPlatforms());
        for (int round = 0; round < 400; round++) {
            var random = new Random(round);
            byte[] damaged = good.clone();
            for (int i = 0; i <= random.nextInt(6); i++) {
                // Where anything is at all: most of a tar is padding.
                int at = random.nextInt(damaged.length);
                while (damaged[at] == 0) {
                    at = (at + 1) % damaged.length;
                }
                damaged[at] = (byte) random.nextInt(256);
            }
            Files.write(archive, damaged);

            Throwable outcome = catchThrowable(() -> push(archive, new ArrayList<>(), "linux/amd64"));

            if (outcome != null) {
                assertThat(outcome)
                        .as("round %s", round)
                        .isInstanceOfSatisfying(DeliveryException.class, refused -> assertThat(refused.problem())
                                .isEqualTo(Problem.BAD_INPUT));
            }
        }
    }

    private Path severalPlatforms() throws IOException {
        byte[] amd = config("linux/amd64", lower);
        byte[] arm = config("linux/arm64/v8", upper);
        byte[] amdManifest = manifest(amd, PlatformBase.gzip(lower));
        byte[] armManifest = manifest(arm, PlatformBase.gzip(upper));
        byte[] lacking = manifest(config("linux/ppc64le", upper), PlatformBase.gzip(upper));
        byte[] list = index(
                PlatformBase.descriptor("application/vnd.oci.image.manifest.v1+json", amdManifest),
                PlatformBase.descriptor("application/vnd.oci.image.manifest.v1+json", armManifest),
                PlatformBase.descriptor("application/vnd.oci.image.manifest.v1+json", lacking));
        new Tar()
                .file("oci-layout", json(Map.of("imageLayoutVersion", "1.0.0")))
                .file("index.json", index(named(list, "latest")))
                .file(blob(list), list)
                .file(blob(amdManifest), amdManifest)
                .file(blob(armManifest), armManifest)
                .file(blob(amd), amd)
                .file(blob(arm), arm)
                .file(blob(PlatformBase.gzip(lower)), PlatformBase.gzip(lower))
                .file(blob(PlatformBase.gzip(upper)), PlatformBase.gzip(upper))
                .writeTo(archive);
        return archive;
    }

    private Path layout(String name, byte[] config, byte[] layer) throws IOException {
        byte[] manifest = manifest(config, layer);
        Path file = directory.resolve(name);
        new Tar()
                .file(blob(layer), layer)
                .file(blob(config), config)
                .file(blob(manifest), manifest)
                .file("index.json", index(named(manifest, "shop/base:1")))
                .writeTo(file);
        return file;
    }

    private Built build(String... platforms) throws Exception {
        return build(archive, platforms);
    }

    private Built build(Path base, String... platforms) throws Exception {
        return new Built(push(base, new ArrayList<>(), platforms));
    }

    private DeliveryException refusal(Path base, String platform) {
        return catchThrowableOfType(DeliveryException.class, () -> push(base, new ArrayList<>(), platform));
    }

    private StoredImage push(Path base, List<String> steps, String... platforms) throws Exception {
        ImageSpec spec =
                ImageFixture.on(ImageFixture.image(directory.resolve("sources"), Base.SCRATCH, "top"), platforms);
        Progress progress = steps::add;
        return new OciLayoutImageStore(directory.resolve("images"), ImageFixture.access(cache))
                .push(
                        spec.withBase(Base.of(base.toString(), directory)),
                        ImageReference.parse("shop/cart:1"),
                        progress);
    }

    /** While it is open, another machine's cache is used. */
    private final class OtherCache implements AutoCloseable {

        private final Path before = cache;

        OtherCache() {
            cache = directory.resolve("other cache");
        }

        @Override
        public void close() {
            cache = before;
        }
    }

    /** What a push has left in the directory. */
    private final class Built {

        private final Map<String, Map<?, ?>> configurations = new LinkedHashMap<>();
        private final Map<String, String> labels;

        Built(StoredImage image) throws IOException {
            labels = image.labels();
            Map<?, ?> top = blobOf(image.digest());
            List<Map<?, ?>> images = new ArrayList<>();
            Optional.ofNullable((List<?>) top.get("manifests"))
                    .ifPresentOrElse(
                            list -> list.forEach(item -> images.add(blobOf(((Map<?, ?>) item).get("digest")))),
                            () -> images.add(top));
            for (Map<?, ?> manifest : images) {
                Map<?, ?> configuration = blobOf(((Map<?, ?>) manifest.get("config")).get("digest"));
                configurations.put(String.valueOf(configuration.get("architecture")), configuration);
            }
        }

        List<String> diffIds(String architecture) {
            Map<?, ?> rootfs = (Map<?, ?>) configurations.get(architecture).get("rootfs");
            return ((List<?>) rootfs.get("diff_ids"))
                    .stream().map(String::valueOf).toList();
        }

        List<String> environment(String architecture) {
            Map<?, ?> config = (Map<?, ?>) configurations.get(architecture).get("config");
            return ((List<?>) config.get("Env")).stream().map(String::valueOf).toList();
        }

        private Map<?, ?> blobOf(Object digest) {
            try {
                return (Map<?, ?>) Json.read(Files.readString(directory
                        .resolve("images/blobs/sha256")
                        .resolve(String.valueOf(digest).substring("sha256:".length()))));
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** A tar, entry by entry. */
    private static final class Tar {

        private final Map<String, Object> entries = new LinkedHashMap<>();

        Tar file(String name, byte[] content) {
            entries.put(name, content);
            return this;
        }

        Tar link(String name, String target) {
            entries.put(name, target);
            return this;
        }

        void writeTo(Path file) throws IOException {
            try (var tar = new TarArchiveOutputStream(Files.newOutputStream(file))) {
                tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
                for (Map.Entry<String, Object> item : entries.entrySet()) {
                    if (item.getValue() instanceof String target) {
                        var link = new TarArchiveEntry(item.getKey(), TarConstants.LF_SYMLINK, true);
                        link.setLinkName(target);
                        tar.putArchiveEntry(link);
                    } else {
                        byte[] content = (byte[]) item.getValue();
                        var entry = new TarArchiveEntry(item.getKey(), true);
                        entry.setSize(content.length);
                        tar.putArchiveEntry(entry);
                        tar.write(content);
                    }
                    tar.closeArchiveEntry();
                }
            }
        }
    }

    private static Map<String, Object> image(String config, String name, String... layers) {
        return Map.of("Config", config, "RepoTags", List.of(name), "Layers", List.of(layers));
    }

    @SafeVarargs
    private static byte[] docker(Map<String, Object>... images) {
        return json(List.of(images));
    }

    @SafeVarargs
    private static byte[] index(Map<String, Object>... descriptors) {
        return json(Map.of("schemaVersion", 2, "manifests", List.of(descriptors)));
    }

    private static Map<String, Object> named(byte[] content, String name) {
        Map<String, Object> descriptor = PlatformBase.descriptor("application/vnd.oci.image.manifest.v1+json", content);
        descriptor.put("annotations", Map.of("io.containerd.image.name", name));
        return descriptor;
    }

    private static byte[] manifest(byte[] config, byte[] layer) {
        return json(PlatformBase.manifest(config, layer));
    }

    private static byte[] config(String platform, byte[]... tars) {
        return json(PlatformBase.config(platform, tars));
    }

    /** As another compressor writes it: the header names its operating system (RFC 1952, section 2.3). */
    private static byte[] gzipElsewhere(byte[] content) throws IOException {
        byte[] compressed = PlatformBase.gzip(content);
        compressed[9] = 3;
        return compressed;
    }

    private static byte[] json(Object tree) {
        return PlatformBase.json(tree);
    }

    private static String blob(byte[] content) {
        return "blobs/" + digest(content).replace(':', '/');
    }

    private static String digest(byte[] content) {
        return PlatformBase.digest(content);
    }
}
