package io.jenkins.plugins.lockstep.image.jib;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.jenkins.plugins.lockstep.ClusterTest;
import io.jenkins.plugins.lockstep.TestBed;
import io.jenkins.plugins.lockstep.WatchedRegistry;
import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.common.Progress;
import io.jenkins.plugins.lockstep.image.Base;
import io.jenkins.plugins.lockstep.image.ImageReference;
import io.jenkins.plugins.lockstep.image.ImageSpec;
import io.jenkins.plugins.lockstep.image.RegistryLogins;
import io.jenkins.plugins.lockstep.image.StoredImage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Every fault at every step of a push to a real registry: a tunnel before it answers in its place, or cuts the line. */
@ClusterTest(kubernetes = false)
@Timeout(120)
class RegistryFaultsTest {

    @TempDir
    private static Path directory;

    /** The steps of a push, by the request that makes each; an index is pushed in another way than a single image. */
    private enum Step {
        LOOK_FOR_A_BLOB("HEAD .*/blobs/sha256:.*"),
        BEGIN_AN_UPLOAD("POST .*/blobs/uploads/.*"),
        UPLOAD("PATCH .*/blobs/uploads/.*"),
        END_AN_UPLOAD("PUT .*/blobs/uploads/.*"),
        MANIFEST("PUT .*/manifests/.*");

        private final String pattern;

        Step(String pattern) {
            this.pattern = pattern;
        }
    }

    private enum Kind {
        BUSY(
                "HTTP/1.1 429 Too Many\r\nRetry-After: 1\r\nConnection: close\r\nContent-Length: 0\r\n\r\n",
                "answered 429"),
        DEFECT("HTTP/1.1 500 Oops\r\nConnection: close\r\nContent-Length: 0\r\n\r\n", "answered 500"),
        UNAVAILABLE("HTTP/1.1 503 Later\r\nConnection: close\r\nContent-Length: 0\r\n\r\n", "answered 503"),
        RESET("", "broke the connection");

        private final String answer;
        private final String words;

        Kind(String answer, String words) {
            this.answer = answer;
            this.words = words;
        }
    }

    /** A store behind a tunnel of its own. */
    private static final class Case implements AutoCloseable {

        private final List<String> told = new CopyOnWriteArrayList<>();
        private final WatchedRegistry registry = new WatchedRegistry(TestBed.registry());
        private final String name = UUID.randomUUID().toString();
        private final RegistryImageStore store = new RegistryImageStore(new RegistryAccess(
                Map.of(),
                RegistryLogins.NONE,
                directory.resolve(name),
                Set.of(),
                new RegistryRetries(4, Duration.ofSeconds(20), Duration.ofMillis(50), new Progress() {
                    @Override
                    public void step(String message) {
                        told.add("step: " + message);
                    }

                    @Override
                    public void warn(String message) {
                        told.add(message);
                    }
                })));

        Case() throws java.io.IOException {}

        ImageReference reference() {
            return ImageFixture.reference(registry.name() + "/lockstep-test/" + name);
        }

        ImageSpec image() throws java.io.IOException {
            return ImageFixture.image(directory.resolve(name + "-sources"), Base.SCRATCH, name);
        }

        long count(String pattern) {
            return registry.requests().stream()
                    .filter(request -> request.matches(pattern))
                    .count();
        }

        @Override
        public void close() throws java.io.IOException {
            registry.close();
        }
    }

    @TestFactory
    Stream<DynamicTest> eachFaultAtEachStepOfAPushIsMetAndToldOnce() {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        var tests = new ArrayList<DynamicTest>();
        for (boolean index : List.of(false, true)) {
            for (Step step : Step.values()) {
                for (Kind kind : Kind.values()) {
                    Future<?> result = threads.submit(() -> {
                        met(step, kind, index);
                        return null;
                    });
                    String what = index ? "index" : "image";
                    tests.add(DynamicTest.dynamicTest(what + " / " + step + " / " + kind, () -> resultOf(result)));
                }
            }
        }
        threads.shutdown();
        return tests.stream();
    }

    private static void met(Step step, Kind kind, boolean index) throws Exception {
        try (var it = new Case()) {
            var struck = new AtomicBoolean();
            it.registry.answerAt(
                    request -> request.matches(step.pattern) && struck.compareAndSet(false, true), kind.answer);
            ImageSpec spec = index ? ImageFixture.on(it.image(), "linux/amd64", "linux/arm64") : it.image();

            StoredImage pushed = it.store.push(spec, it.reference(), Progress.NONE);

            assertThat(struck).isTrue();
            assertThat(it.store.find(it.reference())).contains(pushed);
            assertThat(it.told)
                    .containsExactly("the registry " + it.registry.name() + " " + kind.words
                            + ", trying again (for up to 20 s)");
            if (step == Step.MANIFEST) {
                // One layer, and a configuration for each platform: what the registry has is not sent again.
                assertThat(it.count(Step.UPLOAD.pattern)).isEqualTo(index ? 3 : 2);
            }
        }
    }

    @Test
    void anImageIsLookedUpThroughEachFault() throws Exception {
        for (Kind kind : Kind.values()) {
            try (var it = new Case()) {
                StoredImage pushed = it.store.push(it.image(), it.reference(), Progress.NONE);
                var struck = new AtomicBoolean();
                it.registry.forget();
                it.registry.answerAt(
                        request -> request.startsWith("GET ") && struck.compareAndSet(false, true), kind.answer);

                assertThat(it.store.find(it.reference()))
                        .as(kind.name().toLowerCase(Locale.ROOT))
                        .contains(pushed);

                assertThat(it.count("GET .*/manifests/.*")).isEqualTo(2);
                // Java itself asks once more where a connection broke, as it may have been open for long.
                assertThat(it.told).hasSize(kind == Kind.RESET ? 0 : 1);
            }
        }
    }

    @Test
    void aRegistryThatStaysIllIsGivenUpAfterTheLastTry() throws Exception {
        try (var it = new Case()) {
            it.registry.answerAt(request -> true, Kind.UNAVAILABLE.answer);

            var failure = catchThrowableOfType(DeliveryException.class, () -> it.store.find(it.reference()));

            assertThat(failure.problem()).isEqualTo(Problem.REGISTRY_UNAVAILABLE);
            assertThat(failure.what()).endsWith("with HTTP status 503");
            assertThat(it.count("GET .*/manifests/.*")).isEqualTo(4);
            assertThat(it.told).hasSize(1);
        }
    }

    @Test
    void aRegistryThatWantsMoreTimeThanThereIsGetsNoMoreRequests() throws Exception {
        try (var it = new Case()) {
            it.registry.answerAt(
                    request -> true,
                    "HTTP/1.1 429 Busy\r\nRetry-After: 3600\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");

            var failure = catchThrowableOfType(DeliveryException.class, () -> it.store.find(it.reference()));

            assertThat(failure.what()).endsWith("with HTTP status 429");
            assertThat(it.registry.requests()).hasSize(1);
            assertThat(it.told).isEmpty();
        }
    }

    private static void resultOf(Future<?> result) throws Exception {
        try {
            result.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Error failure) {
                throw failure;
            }
            throw e;
        }
    }
}
