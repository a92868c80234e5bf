package io.jenkins.plugins.lockstep.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.jenkins.plugins.lockstep.ClusterTest;
import io.jenkins.plugins.lockstep.TestBed;
import io.jenkins.plugins.lockstep.WatchedRegistry;
import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.common.Progress;
import io.jenkins.plugins.lockstep.image.jib.PlatformBase;
import io.jenkins.plugins.lockstep.revision.GitTestRepository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Bases locked by digest: real Git; a real registry where something is resolved. */
class LockTest {

    private static final String ONE = "sha256:" + "1".repeat(64);

    @TempDir
    Path temporary;

    private GitTestRepository repository;
    private Delivery delivery;
    private Target target;

    @BeforeEach
    void start() {
        repository = GitTestRepository.init(temporary.resolve("shop"));
        delivery = new DeliveryFactory(Map.of("HOME", temporary.resolve("home").toString())).delivery();
        target = new Target.Directory(temporary.resolve("target"));
    }

    @Test
    @ClusterTest(kubernetes = false)
    void aLockSaysWhatEachBaseIsOnEveryPlatformOfTheProject() throws Exception {
        String base = TestBed.registry() + "/" + pushBase("linux/amd64", "linux/arm64/v8", "linux/arm/v7");
        repository.write(
                "lockstep.yaml",
                project(
                        image("web", base, "linux/arm64/v8", "linux/amd64"),
                        image("worker", base, "linux/arm/v7"),
                        image("files", "scratch", "linux/amd64")));

        LockResult first = lock(false);

        assertThat(first.changed()).isTrue();
        assertThat(first.written()).isTrue();
        Path file = repository.root().resolve("lockstep.lock");
        Map<String, String> digests = first.bases().get(base);
        assertThat(digests.keySet()).containsExactly("linux/amd64", "linux/arm/v7", "linux/arm64/v8");
        assertThat(digests.values()).doesNotHaveDuplicates();
        assertThat(file)
                .hasContent(
                        """
                        # What the base images of lockstep.yaml are, by platform.
                        # Written by 'lockstep lock'; commit it, so that every build of a commit uses the same.
                        apiVersion: lockstep/v1
                        bases:
                          "%s":
                            linux/amd64: %s
                            linux/arm/v7: %s
                            linux/arm64/v8: %s
                        """
                                .formatted(
                                        base,
                                        digests.get("linux/amd64"),
                                        digests.get("linux/arm/v7"),
                                        digests.get("linux/arm64/v8")));
        assertThat(first.toTree().keySet()).containsExactly("app", "file", "changed", "written", "bases", "seconds");

        Files.setLastModifiedTime(file, FileTime.fromMillis(0));
        LockResult second = lock(false);

        assertThat(second.changed()).isFalse();
        assertThat(second.written()).isFalse();
        assertThat(Files.getLastModifiedTime(file).toMillis()).isZero();
        assertThat(left()).containsExactlyInAnyOrder(".git", "lockstep.yaml", "lockstep.lock");
    }

    @Test
    @ClusterTest(kubernetes = false)
    void aBuildTakesTheCommitsLockAndNeverAsksForTheTag() throws Exception {
        String path = pushBase("linux/amd64");
        try (var registry = new WatchedRegistry(TestBed.registry())) {
            String base = registry.name() + "/" + path;
            repository.write("lockstep.yaml", project(image("web", base, "linux/amd64")));
            String locked = lock(false).bases().get(base).get("linux/amd64");
            repository.write("app/page.txt", "page\n").commit("locked");
            push(path, "moved\n", "linux/amd64");
            registry.forget();
            List<String> warnings = new ArrayList<>();

            BuildResult built = delivery.build(location(), target, warnings(warnings));

            assertThat(built.images().get(0).stored().labels())
                    .containsEntry("org.opencontainers.image.base.digest", locked);
            assertThat(registry.requests()).isNotEmpty().noneMatch(request -> request.endsWith("/manifests/1"));
            assertThat(warnings).isEmpty();

            registry.forget();
            repository.write("app/page.txt", "page two\n").commit("next");
            delivery.build(location(), target, Progress.NONE);

            assertThat(registry.requests()).isEmpty();
            assertThat(lock(true).changed()).isTrue();
            assertThat(lock(true).written()).isFalse();
            assertThat(Files.readString(repository.root().resolve("lockstep.lock")))
                    .contains(locked);
            assertThat(lock(false).bases().get(base).get("linux/amd64")).isNotEqualTo(locked);
        }
    }

    @Test
    @ClusterTest(kubernetes = false)
    void withoutALockInTheCommitABuildWarnsOnce() throws Exception {
        String base = TestBed.registry() + "/" + pushBase("linux/amd64");
        repository
                .write(
                        "lockstep.yaml",
                        project(image("web", base, "linux/amd64"), image("worker", base, "linux/amd64")))
                .write("app/page.txt", "page\n");
        String revision = repository.commit("unlocked");
        lock(false);
        List<String> warnings = new ArrayList<>();

        delivery.build(location(), target, warnings(warnings));
        // Both images are there: nothing is built, so nothing is to be warned about.
        delivery.build(location(), target, warnings(warnings));

        assertThat(warnings)
                .containsExactly("commit " + revision.substring(0, 12) + " has no lockstep.lock: the base " + base
                        + " may be another image tomorrow; run 'lockstep lock' and commit the file");
    }

    @Test
    void aRegistryThatIsNotThereLeavesTheFileAsItIs() throws Exception {
        repository
                .write("lockstep.yaml", project(image("web", "127.0.0.1:1/base:1", "linux/amd64")))
                .write("lockstep.lock", "as it was\n");

        DeliveryException refused = catchThrowableOfType(DeliveryException.class, () -> lock(false));

        assertThat(refused.problem()).isEqualTo(Problem.REGISTRY_UNAVAILABLE);
        assertThat(refused.problem().exitCode()).isEqualTo(4);
        assertThat(repository.root().resolve("lockstep.lock")).hasContent("as it was");
        assertThat(left()).containsExactlyInAnyOrder(".git", "lockstep.yaml", "lockstep.lock");
    }

    @Test
    void whatCanNotMoveNeedsNoLock() throws Exception {
        repository
                .write(
                        "lockstep.yaml",
                        project(
                                image("web", "scratch", "linux/amd64"),
                                image("worker", "127.0.0.1:1/base@" + ONE, "linux/amd64"),
                                image("files", "base.tar#shop/base:1", "linux/amd64")))
                .commit("nothing to lock");

        LockResult none = lock(false);

        assertThat(none.bases()).isEmpty();
        assertThat(none.changed()).isFalse();
        assertThat(left()).containsExactlyInAnyOrder(".git", "lockstep.yaml");
    }

    @Test
    void aLockThatHasNothingToSayAnyMoreIsEmptied() throws Exception {
        repository
                .write("lockstep.yaml", project(image("web", "scratch", "linux/amd64")))
                .write("lockstep.lock", locked("eclipse-temurin:17-jre", "linux/amd64", ONE));

        assertThat(lock(false).written()).isTrue();
        assertThat(Files.readString(repository.root().resolve("lockstep.lock"))).endsWith("bases: {}\n");
    }

    @Test
    void aFileOfSomethingElseIsNotReplaced() throws Exception {
        repository
                .write("Cargo.yaml", project(image("web", "scratch", "linux/amd64")))
                .write("Cargo.lock", "[[package]]\n");

        DeliveryException refused = catchThrowableOfType(
                DeliveryException.class,
                () -> delivery.lock(
                        new ProjectLocation(repository.root(), Path.of("Cargo.yaml"), null, null),
                        false,
                        Progress.NONE));

        assertThat(refused.problem()).isEqualTo(Problem.BAD_INPUT);
        assertThat(refused.where()).endsWith("Cargo.lock");
        assertThat(repository.root().resolve("Cargo.lock")).hasContent("[[package]]");
    }

    @ParameterizedTest
    @CsvSource({
        "other.yaml, other.lock",
        "services/cart/lockstep.yaml, services/cart/lockstep.lock",
        "services/cart/worker.yml, services/cart/worker.lock"
    })
    void everyProjectFileHasALockOfItsOwn(String file, String lock) throws Exception {
        repository
                .write("lockstep.yaml", project(image("web", "scratch", "linux/amd64")))
                .write(file, project(image("web", "scratch", "linux/amd64")))
                .write(lock, "apiVersion: lockstep/v1\n");

        LockResult result =
                delivery.lock(new ProjectLocation(repository.root(), Path.of(file), null, null), false, Progress.NONE);

        assertThat(repository.root().toRealPath().relativize(result.file())).isEqualTo(Path.of(lock));
        assertThat(repository.root().resolve(lock)).content().endsWith("bases: {}\n");
        assertThat(repository.root().resolve("lockstep.lock")).doesNotExist();
    }

    @Test
    void aLockThatDoesNotKnowTheBaseOrThePlatformStopsTheBuild() throws Exception {
        repository
                .write("app/page.txt", "page\n")
                .write("lockstep.yaml", project(image("web", "127.0.0.1:1/base:2", "linux/amd64")))
                .write("lockstep.lock", locked("127.0.0.1:1/base:1", "linux/amd64", ONE));
        String first = repository.commit("another base");
        DeliveryException base = refusal();
        repository.write("lockstep.yaml", project(image("web", "127.0.0.1:1/base:1", "linux/amd64", "linux/arm64")));
        repository.commit("another platform");
        DeliveryException platform = refusal();

        assertThat(base.problem()).isEqualTo(Problem.BAD_INPUT);
        assertThat(base.what()).isEqualTo("the lock file does not say what 127.0.0.1:1/base:2 is for linux/amd64");
        assertThat(base.where()).isEqualTo("lockstep.lock of commit " + first.substring(0, 12));
        assertThat(base.hint()).isEqualTo("run 'lockstep lock' and commit the file");
        assertThat(platform.what()).isEqualTo("the lock file does not say what 127.0.0.1:1/base:1 is for linux/arm64");
        assertThat(temporary.resolve("target")).doesNotExist();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            textBlock =
                    """
                    apiVersion: lockstep/v1;base: {}                      | lockstep.lock:2 | did you mean 'bases'?
                    apiVersion: lockstep/v2                               | lockstep.lock:1 | this Lockstep reads lockstep/v1
                    bases: {}                                             | lockstep.lock:1 | run 'lockstep lock', which writes the file, and commit it
                    apiVersion: lockstep/v1;bases:;  a:1:;    linux: x    | lockstep.lock:4 | run 'lockstep lock', which writes the file, and commit it
                    apiVersion: lockstep/v1;bases:;  a:1:;    linux/amd64: sha256:12 | lockstep.lock:4 | run 'lockstep lock', which writes the file, and commit it
                    apiVersion: lockstep/v1;bases:;  A B: {}              | lockstep.lock:3 | run 'lockstep lock', which writes the file, and commit it
                    """)
    void aMistakeInALockFileNamesItsLine(String content, String where, String hint) throws Exception {
        repository
                .write("app/page.txt", "page\n")
                .write("lockstep.yaml", project(image("web", "127.0.0.1:1/base:1", "linux/amd64")))
                .write("lockstep.lock", content.replace(';', '\n') + "\n");
        repository.commit("a mistake");

        DeliveryException refused = refusal();

        assertThat(refused.problem()).isEqualTo(Problem.BAD_INPUT);
        assertThat(refused.where()).isEqualTo(where);
        assertThat(refused.hint()).isEqualTo(hint);
    }

    private DeliveryException refusal() {
        return catchThrowableOfType(DeliveryException.class, () -> delivery.build(location(), target, Progress.NONE));
    }

    private LockResult lock(boolean check) {
        return delivery.lock(location(), check, Progress.NONE);
    }

    private ProjectLocation location() {
        return new ProjectLocation(repository.root(), Path.of("lockstep.yaml"), null, null);
    }

    private List<String> left() throws IOException {
        try (Stream<Path> files = Files.list(repository.root())) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    private static Progress warnings(List<String> warnings) {
        return new Progress() {
            @Override
            public void step(String message) {}

            @Override
            public void warn(String message) {
                warnings.add(message);
            }
        };
    }

    /** Returns {@code PATH:1} of a base of its own. */
    private static String pushBase(String... platforms) throws Exception {
        String path = "lockstep-test/" + UUID.randomUUID() + "/base:1";
        push(path, "base\n", platforms);
        return path;
    }

    private static void push(String path, String content, String... platforms) throws Exception {
        String name = path.substring(0, path.lastIndexOf(':'));
        PlatformBase.push(TestBed.registry(), name, List.of(platforms), name, content);
    }

    private static String locked(String base, String platform, String digest) {
        return "apiVersion: lockstep/v1\nbases:\n  \"" + base + "\":\n    " + platform + ": " + digest + "\n";
    }

    private static String image(String name, String base, String... platforms) {
        return """
                  %s:
                    repository: registry.example.com/shop/%s
                    base: %s
                    platforms: [%s]
                    layers: [{ from: app, to: /app }]
                """
                .formatted(name, name, base, String.join(", ", platforms));
    }

    private static String project(String... images) {
        return "apiVersion: lockstep/v1\napp: shop\nimages:\n" + String.join("", images);
    }
}
