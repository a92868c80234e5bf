package io.jenkins.plugins.lockstep.image.jib;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.jenkins.plugins.lockstep.ClusterTest;
import io.jenkins.plugins.lockstep.TestBed;
import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.image.RegistryLogin;
import io.jenkins.plugins.lockstep.image.RegistryProbe.Welcome;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Mostly by scripted registries: the bed's wants no login. */
class RegistryVisitTest {

    private static final RegistryLogin JANE = new RegistryLogin("jane", "s3cret");
    private static final RegistryLogin MISTYPED = new RegistryLogin("jane", "s3crte");
    private static final String OF_JANE =
            "Basic " + Base64.getEncoder().encodeToString("jane:s3cret".getBytes(StandardCharsets.UTF_8));

    @Test
    @ClusterTest(kubernetes = false)
    void aRealRegistryLetsEverybodyIn() {
        assertThat(visit(TestBed.registry(), null).visit()).isEqualTo(Welcome.WITHOUT_LOGIN);
        assertThat(visit(TestBed.registry(), JANE).visit()).isEqualTo(Welcome.WITHOUT_LOGIN);
    }

    @Test
    void aRegistryThatWantsAPasswordTakesTheRightOne() throws Exception {
        try (var registry = new TlsRegistry(false, "jane:s3cret")) {
            assertThat(visit(registry.name(), JANE).visit()).isEqualTo(Welcome.LOGGED_IN);
            assertThat(registry.authorizations()).containsExactly(OF_JANE);

            assertThat(failureOf(visit(registry.name(), MISTYPED)).what())
                    .isEqualTo("the registry does not accept the login of 'jane'");
            assertThat(failureOf(visit(registry.name(), null)).what())
                    .isEqualTo("the registry wants a login, and there is none");
        }
    }

    @Test
    void aRegistryThatWantsATokenIsGivenWhatItsIssuerGives() throws Exception {
        try (var registry = new TlsRegistry(true, "jane:s3cret")) {
            assertThat(visit(registry.name(), JANE).visit()).isEqualTo(Welcome.LOGGED_IN);
            assertThat(registry.authorizations()).containsExactly(OF_JANE, "Bearer token-of-jane");

            assertThat(failureOf(visit(registry.name(), MISTYPED)).problem()).isEqualTo(Problem.REGISTRY_UNAUTHORIZED);
            assertThat(visit(registry.name(), null).visit()).isEqualTo(Welcome.AS_ANYBODY);
        }
    }

    @Test
    void aLoginIsNeverSentInTheOpen() throws Exception {
        try (var registry = new ScriptedRegistry()) {
            registry.answers(401, "", Map.of("WWW-Authenticate", "Basic realm=\"plain\""));

            var failure = failureOf(visit("127.0.0.1:" + registry.port(), JANE));

            assertThat(failure.what()).isEqualTo("the registry wants a login, and none was sent");
            assertThat(failure.why()).startsWith("it speaks plain HTTP");
            assertThat(registry.authorizations()).isEmpty();
        }
    }

    @Test
    void whatIsNoRegistryIsSaidToBeNone() throws Exception {
        try (var server = new ScriptedRegistry()) {
            server.answers(404, "<html>", Map.of());

            assertThat(failureOf(visit("127.0.0.1:" + server.port(), null)).what())
                    .isEqualTo("no registry answers there");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"shop", "https://registry.example.com", "registry.example.com/shop", "", "a b:5000"})
    void whatIsNoNameIsSaidToBeNone(String name) {
        var failure = failureOf(visit(name, JANE));

        assertThat(failure.problem()).isEqualTo(Problem.BAD_INPUT);
    }

    @Test
    void aRegistryThatIsNotThereIsSaidNotToBe() throws Exception {
        int closed;
        try (var socket = new ServerSocket(0)) {
            closed = socket.getLocalPort();
        }
        assertThat(failureOf(visit("127.0.0.1:" + closed, null)).why()).isEqualTo("nothing listens there");
        assertThat(failureOf(visit("registry.invalid", null)).why()).isEqualTo("no such host");
    }

    @Test
    void aRegistryThatSaysNothingIsNotWaitedForTwice() throws Exception {
        try (var silent = new ServerSocket(0)) {
            var visit = new RegistryVisit(
                    "127.0.0.1:" + silent.getLocalPort(), access("127.0.0.1", null), Duration.ofMillis(300));

            assertThat(failureOf(visit).why()).isEqualTo("it did not answer in time");
        }
    }

    private static DeliveryException failureOf(RegistryVisit visit) {
        var failure = catchThrowableOfType(DeliveryException.class, visit::visit);
        assertThat(failure).isNotNull();
        var trace = new StringWriter();
        failure.printStackTrace(new PrintWriter(trace));
        assertThat(trace + " " + failure.hint()).doesNotContain("s3cr", OF_JANE.substring("Basic ".length()));
        return failure;
    }

    private static RegistryVisit visit(String registry, RegistryLogin login) {
        return new RegistryVisit(registry, access(registry, login), Duration.ofSeconds(20));
    }

    private static RegistryAccess access(String registry, RegistryLogin login) {
        return new RegistryAccess(Map.of(), asked -> Optional.ofNullable(login), Path.of("cache"), Set.of());
    }
}
