package io.jenkins.plugins.lockstep.image.jib;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.common.Progress;
import io.jenkins.plugins.lockstep.image.Base;
import io.jenkins.plugins.lockstep.image.ImageReference;
import io.jenkins.plugins.lockstep.image.RegistryLogin;
import io.jenkins.plugins.lockstep.image.RegistryLogins;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.SocketException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a failing registry leads to.
 *
 * <p>A real registry can't be made to fail like this at will, so a small server answers in its place.
 */
class RegistryFailuresTest {

    private static final String SECRET = "s3cret-password";
    private static final RegistryLogin LOGIN = new RegistryLogin("alice", SECRET);

    @TempDir
    Path directory;

    private ScriptedRegistry server;
    private RegistryLogin login = LOGIN;

    @BeforeEach
    void start() throws IOException {
        server = new ScriptedRegistry();
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    @Test
    void pagesOfTagsWithoutEndAreGivenUp() {
        server.answers(200, "{\"tags\":[\"a\"]}", Map.of("Link", "<more/list>; rel=\"next\""));

        var failure = catchThrowableOfType(
                DeliveryException.class, () -> store(loopback(), Set.of()).tags(image(loopback())));

        assertThat(failure.problem()).isEqualTo(Problem.REGISTRY_UNAVAILABLE);
        assertThat(failure.getMessage()).contains("no end");
        assertThat(server.requests()).hasSize(2);
    }

    @Test
    void whatIsNoListOfTagsIsTheRegistrysFault() {
        server.answers(200, "<html>", Map.of());

        var failure = catchThrowableOfType(
                DeliveryException.class, () -> store(loopback(), Set.of()).tags(image(loopback())));

        assertThat(failure.problem()).isEqualTo(Problem.REGISTRY_UNAVAILABLE);
        assertThat(failure.getMessage()).contains("no JSON");
    }

    @Test
    void anUnknownManifestOrRepositoryIsNoImage() {
        for (String code : List.of("MANIFEST_UNKNOWN", "NAME_UNKNOWN")) {
            server.answers(404, "{\"errors\":[{\"code\":\"" + code + "\",\"message\":\"unknown\"}]}", Map.of());

            assertThat(store(loopback(), Set.of()).find(image(loopback()))).isEmpty();
        }
    }

    @Test
    void aPageThatIsNotFoundSaysThatThereIsNoRegistry() {
        server.answers(404, "<html>not found</html>", Map.of());

        assertRefused(
                Problem.REGISTRY_UNAVAILABLE, () -> store(loopback(), Set.of()).find(image(loopback())));
    }

    @Test
    void aBaseThatIsNotThereIsAMistakeOfTheProjectFileForADirectoryToo() {
        server.answers(404, "{\"errors\":[{\"code\":\"NAME_UNKNOWN\"}]}", Map.of());
        var store =
                new OciLayoutImageStore(directory.resolve("images"), ImageFixture.access(directory.resolve("cache")));

        assertThat(assertRefused(
                                Problem.BAD_INPUT,
                                () -> store.push(
                                        ImageFixture.image(directory, loopback() + "/base:1", "top"),
                                        image("registry.example.com"),
                                        Progress.NONE))
                        .what())
                .isEqualTo("there is no base image " + loopback() + "/base:1");
    }

    @Test
    void aServerErrorNamesTheStatus() {
        server.answers(503, "", Map.of());

        assertThat(assertRefused(Problem.REGISTRY_UNAVAILABLE, () -> push(loopback(), Set.of()))
                        .what())
                .endsWith("HTTP status 503");
        assertThat(assertRefused(Problem.REGISTRY_UNAVAILABLE, () -> store(loopback(), Set.of())
                                .find(image(loopback())))
                        .what())
                .endsWith("HTTP status 503");
    }

    @Test
    void aRefusedLoginSaysWhereToLogIn() {
        server.answers(403, "", Map.of());

        DeliveryException refused = assertRefused(Problem.REGISTRY_UNAUTHORIZED, () -> push(loopback(), Set.of()));

        assertThat(refused.where()).isEqualTo(loopback());
        assertThat(refused.hint()).contains("docker login " + loopback());
    }

    @Test
    void noLoginIsSentOverPlainHttp() {
        server.answers(401, "", Map.of("WWW-Authenticate", "Basic realm=\"registry\""));

        assertRefused(Problem.REGISTRY_UNAUTHORIZED, () -> push(loopback(), Set.of()));
        assertRefused(
                Problem.REGISTRY_UNAUTHORIZED, () -> store(loopback(), Set.of()).find(image(loopback())));

        assertThat(server.requests()).isNotEmpty();
        assertThat(server.authorizations()).isEmpty();
    }

    @Test
    void noLoginIsSentOverPlainHttpWithAnIndexEither() {
        server.answers(401, "", Map.of("WWW-Authenticate", "Basic realm=\"registry\""));

        assertRefused(Problem.REGISTRY_UNAUTHORIZED, () -> store(loopback(), Set.of())
                .push(
                        ImageFixture.on(
                                ImageFixture.image(directory, Base.SCRATCH, "one"), "linux/amd64", "linux/arm64"),
                        image(loopback()),
                        Progress.NONE));

        assertThat(server.requests()).isNotEmpty();
        assertThat(server.authorizations()).isEmpty();
    }

    @Test
    void aTokenServerThatGivesNoTokenDoesNotBringTheRefreshTokenIntoTheMessage() {
        login = new RegistryLogin("<token>", SECRET);
        server.answers(
                401,
                "{}",
                Map.of("WWW-Authenticate", "Bearer realm=\"http://" + loopback() + "/token\",service=\"x\""));

        assertRefused(
                Problem.REGISTRY_UNAUTHORIZED, () -> store(loopback(), Set.of()).find(image(loopback())));
    }

    @Test
    void aPortWhereNothingListensIsSaidSo() throws IOException {
        int free;
        try (var socket = new ServerSocket(0)) {
            free = socket.getLocalPort();
        }

        DeliveryException refused =
                assertRefused(Problem.REGISTRY_UNAVAILABLE, () -> store("127.0.0.1:" + free, Set.of())
                        .find(image("127.0.0.1:" + free)));

        assertThat(refused.why()).isEqualTo("nothing listens there");
    }

    @Test
    void aPlainHttpRegistryThatDiesMidwayIsNotTriedAgainAndAgain() {
        server.dies();

        DeliveryException refused = assertRefused(
                Problem.REGISTRY_UNAVAILABLE, () -> store(loopback(), Set.of()).find(image(loopback())));

        assertThat(refused.why()).isEqualTo("nothing listens there");
        // Jib's own retries would end in a failure of its HTTP client, which is a subclass.
        assertThat(refused.getCause()).isExactlyInstanceOf(ConnectException.class);
        assertThat(server.requests()).hasSize(1);
    }

    @Test
    void aRegistryWithoutAnAddressIsSaidSo() {
        String nowhere = "registry.invalid";

        assertThat(assertRefused(Problem.REGISTRY_UNAVAILABLE, () -> store(nowhere, Set.of())
                                .find(image(nowhere)))
                        .why())
                .isEqualTo("no such host");
        assertThat(assertRefused(Problem.REGISTRY_UNAVAILABLE, () -> push(nowhere, Set.of()))
                        .why())
                .isEqualTo("no such host");
    }

    @Test
    void plainHttpBeyondLoopbackNeedsTheExplicitFlag() throws SocketException {
        String elsewhere = outside() + ":" + server.port();
        server.answers(404, "{\"errors\":[{\"code\":\"NAME_UNKNOWN\"}]}", Map.of());

        DeliveryException refused = assertRefused(
                Problem.REGISTRY_UNAVAILABLE, () -> store(elsewhere, Set.of()).find(image(elsewhere)));

        assertThat(refused.what()).isEqualTo("can't speak HTTPS with " + elsewhere);
        assertThat(server.requests()).isEmpty();
        assertThat(store(elsewhere, Set.of(elsewhere)).find(image(elsewhere))).isEmpty();
        assertThat(server.requests()).isNotEmpty();
    }

    @Test
    void aLocalTargetDoesNotLetTheBaseSpeakPlainHttp() throws SocketException {
        String elsewhere = outside() + ":" + server.port();
        server.answers(500, "", Map.of());

        DeliveryException refused = assertRefused(Problem.REGISTRY_UNAVAILABLE, () -> store(loopback(), Set.of())
                .push(ImageFixture.image(directory, elsewhere + "/base:1", "top"), image(loopback()), Progress.NONE));

        assertThat(refused.what()).isEqualTo("can't speak HTTPS with " + elsewhere);
        assertThat(server.requests()).isEmpty();
    }

    private String loopback() {
        return "127.0.0.1:" + server.port();
    }

    /** Returns an address of this machine that is not loopback. */
    private static String outside() throws SocketException {
        return Collections.list(NetworkInterface.getNetworkInterfaces()).stream()
                .flatMap(network -> Collections.list(network.getInetAddresses()).stream())
                .filter(address -> !address.isLoopbackAddress() && address.getAddress().length == 4)
                .map(InetAddress::getHostAddress)
                .findFirst()
                .orElseGet(() -> Assumptions.abort("this machine has loopback only"));
    }

    private static ImageReference image(String registry) {
        return ImageReference.parse(registry + "/shop/cart:1");
    }

    private RegistryImageStore store(String registry, Set<String> plainHttp) {
        RegistryLogins logins = name -> name.equals(registry) ? Optional.of(login) : Optional.empty();
        // Nothing here passes: RegistryFaultsTest has what does.
        var twice = new RegistryRetries(2, Duration.ofSeconds(20), Duration.ofMillis(2), Progress.NONE);
        return new RegistryImageStore(
                new RegistryAccess(Map.of(), logins, directory.resolve("cache"), plainHttp, twice));
    }

    private void push(String registry, Set<String> plainHttp) throws IOException, InterruptedException {
        store(registry, plainHttp)
                .push(ImageFixture.image(directory, Base.SCRATCH, "one"), image(registry), Progress.NONE);
    }

    private static DeliveryException assertRefused(Problem problem, ThrowingCallable call) {
        var refusal = new DeliveryException[1];
        assertThatExceptionOfType(DeliveryException.class).isThrownBy(call).satisfies(thrown -> refusal[0] = thrown);
        DeliveryException refused = refusal[0];
        var trace = new StringWriter();
        refused.printStackTrace(new PrintWriter(trace));
        assertThat(refused.problem()).as(trace.toString()).isEqualTo(problem);
        assertThat(refused.hint()).isNotBlank();
        assertThat(refused.getMessage() + refused.hint()).doesNotContain(SECRET);
        return refused;
    }
}
