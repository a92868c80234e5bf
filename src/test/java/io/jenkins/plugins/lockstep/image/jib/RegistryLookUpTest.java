package io.jenkins.plugins.lockstep.image.jib;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import com.google.cloud.tools.jib.api.DescriptorDigest;
import io.jenkins.plugins.lockstep.ClusterTest;
import io.jenkins.plugins.lockstep.TestBed;
import io.jenkins.plugins.lockstep.WatchedRegistry;
import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.common.Progress;
import io.jenkins.plugins.lockstep.common.Sha256;
import io.jenkins.plugins.lockstep.image.Base;
import io.jenkins.plugins.lockstep.image.ImageReference;
import io.jenkins.plugins.lockstep.image.RegistryLogin;
import io.jenkins.plugins.lockstep.image.RegistryLogins;
import io.jenkins.plugins.lockstep.image.StoredImage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How an image is looked up: what goes over the line to a real registry, and what is not taken for an image. */
@Timeout(120)
class RegistryLookUpTest {

    @TempDir
    private Path directory;

    private RegistryAccess access;
    private RegistryImageStore store;

    @BeforeEach
    void create() {
        access = new RegistryAccess(
                Map.of(),
                RegistryLogins.NONE,
                directory.resolve("cache"),
                Set.of(),
                new RegistryRetries(2, Duration.ofSeconds(5), Duration.ofMillis(20), Progress.NONE));
        store = new RegistryImageStore(access);
    }

    @Test
    @ClusterTest(kubernetes = false)
    void itIsTwoRequestsOverOneConnectionWithoutATryToSpeakTls() throws Exception {
        try (var registry = new WatchedRegistry(TestBed.registry())) {
            StoredImage pushed = push(registry);
            registry.forget();

            assertThat(new RegistryImageStore(fresh()).find(pushed.reference().withDigest(null)))
                    .contains(pushed);

            assertThat(registry.requests()).hasSize(2);
            assertThat(registry.connections()).isEqualTo(1);
        }
    }

    @Test
    @ClusterTest(kubernetes = false)
    void aPushToARegistryThatWasSeenToSpeakPlainHttpBeginsWithIt() throws Exception {
        try (var registry = new WatchedRegistry(TestBed.registry())) {
            store.find(ImageFixture.reference(registry.name() + "/lockstep-test/none"));
            registry.forget();

            push(registry);

            // Jib opens one for each request.
            assertThat(registry.connections()).isEqualTo(registry.requests().size());
        }
    }

    @Test
    @ClusterTest(kubernetes = false)
    void anAnswerThatEndsTooEarlyIsAskedForAgain() throws Exception {
        try (var registry = new WatchedRegistry(TestBed.registry())) {
            StoredImage pushed = push(registry);
            var struck = new AtomicBoolean();
            registry.answerAt(
                    request -> request.startsWith("GET ") && struck.compareAndSet(false, true),
                    "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 500\r\n\r\n{\"schemaVersion\": 2,");

            assertThat(store.find(pushed.reference().withDigest(null))).contains(pushed);

            assertThat(struck).isTrue();
        }
    }

    @Test
    void aTokenIsFetchedOnceForAllOfIt() throws Exception {
        try (var registry = new TlsRegistry(true, "jane:s3cret")) {
            var known = new RegistryAccess(
                    Map.of(),
                    asked -> Optional.of(new RegistryLogin("jane", "s3cret")),
                    directory.resolve("cache"),
                    Set.of());
            var image = ImageName.of(ImageReference.parse(registry.name() + "/team/cart:1"));
            String content =
                    """
                    {"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","layers":[]}""";
            registry.holds(content);
            String digest = "sha256:" + Sha256.hex(content);

            try (var session = new RegistrySession(image, known, Progress.NONE)) {
                assertThat(session.document("1").digest()).isEqualTo(digest);
                assertThat(session.text(DescriptorDigest.fromDigest(digest))).isEqualTo(content);
            }

            assertThat(registry.authorizations()).hasSize(3).element(0, STRING).startsWith("Basic ");
            assertThat(registry.authorizations().subList(1, 3)).containsOnly("Bearer token-of-jane");
        }
    }

    @Test
    void thePageOfAPortalIsNoImage() throws Exception {
        try (var server = new ScriptedRegistry()) {
            server.answers(200, "<html>Log in to the network</html>", Map.of());

            assertThat(failure(server).problem()).isEqualTo(Problem.REGISTRY_UNAVAILABLE);
        }
    }

    @Test
    void aRedirectToTlsDoesNotMeanThatPlainHttpIsSpoken() throws Exception {
        try (var server = new ScriptedRegistry()) {
            String name = "127.0.0.1:" + server.port();
            server.answers(308, "", Map.of("Location", "https://127.0.0.1:1/"));

            assertThat(failure(server).problem()).isEqualTo(Problem.REGISTRY_UNAVAILABLE);

            assertThat(access.recent().speaksPlainHttp(name)).isFalse();
        }
    }

    private DeliveryException failure(ScriptedRegistry server) {
        return catchThrowableOfType(
                DeliveryException.class,
                () -> store.find(ImageReference.parse("127.0.0.1:" + server.port() + "/team/cart:1")));
    }

    private StoredImage push(WatchedRegistry registry) throws Exception {
        String name = UUID.randomUUID().toString();
        return store.push(
                ImageFixture.image(directory.resolve(name), Base.SCRATCH, name),
                ImageFixture.reference(registry.name() + "/lockstep-test/" + name),
                Progress.NONE);
    }

    /** Has seen nothing. */
    private RegistryAccess fresh() {
        return new RegistryAccess(Map.of(), RegistryLogins.NONE, directory.resolve("cache"), Set.of());
    }
}
