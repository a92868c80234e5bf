package io.jenkins.plugins.lockstep.kube;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.common.Progress;
import io.jenkins.plugins.lockstep.common.document.Json;
import io.jenkins.plugins.lockstep.common.document.Tree;
import io.jenkins.plugins.lockstep.deploy.Cluster;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What happens when a server fails: a made-up one, because real ones do not fail on command. */
@Timeout(60)
class KubeClientTest {

    private static final RetryPolicy QUICK = new RetryPolicy(4, Duration.ofSeconds(30), Duration.ofMillis(2));
    private static final Map<String, Object> OBJECT =
            Map.of("apiVersion", "v1", "kind", "ConfigMap", "metadata", Map.of("name", "one"));

    private final AtomicInteger token = new AtomicInteger();
    private FaultyFront front;
    private KubeClient client;

    @BeforeEach
    void open() throws IOException {
        front = new FaultyFront(null);
        client = client(front.url().toString(), QUICK);
    }

    @AfterEach
    void close() {
        client.close();
        front.close();
    }

    @Test
    void aReadIsRepeatedUntilTheServerIsWellAgain() {
        front.then(503, "").then(500, "").then(429, "busy");

        assertThat(client.get(KubeClient.CONFIG_MAPS, "shop", "one")).isPresent();
        assertThat(front.requests()).hasSize(4).containsOnly("GET /api/v1/namespaces/shop/configmaps/one");
    }

    @Test
    void aServerThatStaysIllIsGivenUpAfterTheLastTry() {
        for (int i = 0; i < 10; i++) {
            front.then(503, "{\"kind\":\"Status\",\"message\":\"etcd has no leader\"}");
        }

        var failure = failureOf(() -> client.get(KubeClient.CONFIG_MAPS, "shop", "one"));

        assertThat(failure.problem()).isEqualTo(Problem.CLUSTER_UNAVAILABLE);
        assertThat(failure.why()).isEqualTo("etcd has no leader");
        assertThat(front.requests()).hasSize(4);
    }

    @Test
    void aServerThatWantsMoreTimeThanThereIsGetsNoMoreRequests() {
        front.then(429, "busy", Map.of("Retry-After", "3600"));

        var failure = failureOf(() -> client.get(KubeClient.CONFIG_MAPS, "shop", "one"));

        assertThat(failure.problem()).isEqualTo(Problem.CLUSTER_UNAVAILABLE);
        assertThat(front.requests()).hasSize(1);
    }

    @Test
    void anApplyIsRepeatedAfterABrokenConnection() {
        client.get(KubeClient.CONFIG_MAPS, "shop", "one");
        front.thenHangUp().then(502, "");

        client.apply(KubeClient.CONFIG_MAPS, "shop", "one", OBJECT, new Cluster.ApplyMode("lockstep", true, true));

        assertThat(front.requests()).last().asString().startsWith("PATCH ").contains("force=true", "dryRun=All");
        assertThat(front.requests().stream().filter(request -> request.startsWith("PATCH")))
                .hasSize(3);
    }

    @Test
    void aCreationWhoseAnswerWasLostIsItsOwnWhereWhatIsThereIsWhatWasSent() {
        String exists = "{\"kind\":\"Status\",\"reason\":\"AlreadyExists\"}";
        front.then(500, "").then(409, exists).then(200, Json.write(OBJECT));

        assertThat(client.create(KubeClient.CONFIG_MAPS, "shop", OBJECT)).isPresent();
        assertThat(front.requests())
                .containsExactly(
                        "POST /api/v1/namespaces/shop/configmaps?fieldManager=lockstep",
                        "POST /api/v1/namespaces/shop/configmaps?fieldManager=lockstep",
                        "GET /api/v1/namespaces/shop/configmaps/one");

        front.thenHangUp().then(409, exists).then(200, "{\"metadata\":{\"name\":\"one\"},\"data\":{\"a\":\"b\"}}");
        var other = Map.of("metadata", Map.of("name", "one"), "data", Map.of("a", "c"));
        assertThat(client.create(KubeClient.CONFIG_MAPS, "shop", other)).isEmpty();
        assertThat(front.requests()).hasSize(6);
    }

    @Test
    void aCreationThatSomeoneElseWonIsNotTakenForOnesOwn() {
        front.then(409, "{\"kind\":\"Status\",\"reason\":\"AlreadyExists\"}");

        assertThat(client.create(KubeClient.CONFIG_MAPS, "shop", OBJECT)).isEmpty();
        assertThat(front.requests()).hasSize(1);
    }

    @Test
    void aFaultIsToldOnceHoweverManyRequestsMeetIt() {
        var told = new CopyOnWriteArrayList<String>();
        var progress = new Progress() {
            @Override
            public void step(String message) {
                told.add("step: " + message);
            }

            @Override
            public void warn(String message) {
                told.add(message);
            }
        };
        try (var telling = new KubeClient(client.connection(), QUICK, progress)) {
            for (int i = 0; i < 5; i++) {
                front.then(503, "").then(503, "").then(200, "{}");
                telling.get(KubeClient.CONFIG_MAPS, "shop", "one");
            }
            front.thenHangUp();
            telling.apply(
                    KubeClient.CONFIG_MAPS, "shop", "one", OBJECT, new Cluster.ApplyMode("lockstep", false, false));
        }

        assertThat(told)
                .containsExactly(
                        "the API server " + front.address() + " answered 503, trying again (for up to 30 s)",
                        "the API server " + front.address() + " broke the connection, trying again (for up to 30 s)");
    }

    @Test
    void aFaultThatIsNotTriedAgainIsNotToldTwice() {
        var told = new CopyOnWriteArrayList<String>();
        var once = new RetryPolicy(1, Duration.ofSeconds(30), Duration.ofMillis(2));
        try (var telling = new KubeClient(client.connection(), once, told::add)) {
            front.then(503, "");
            failureOf(() -> telling.get(KubeClient.CONFIG_MAPS, "shop", "one"));
        }

        assertThat(told).isEmpty();
    }

    @Test
    void theDateAfterWhichAServerWantsToBeAskedIsAwaited() {
        String inAnHour = DateTimeFormatter.RFC_1123_DATE_TIME.format(
                ZonedDateTime.now(ZoneOffset.UTC).plusHours(1));
        front.then(429, "busy", Map.of("Retry-After", inAnHour));

        var failure = failureOf(() -> client.get(KubeClient.CONFIG_MAPS, "shop", "one"));

        assertThat(failure.hint()).containsPattern("a pause of 3[56][0-9][0-9] s");
        assertThat(front.requests()).hasSize(1);

        front.then(429, "busy", Map.of("Retry-After", "Sat, 01 Jan 2022 00:59:59 GMT"));
        assertThat(client.get(KubeClient.CONFIG_MAPS, "shop", "one")).isPresent();
    }

    @Test
    void aServerThatStallsIsAskedOnceMoreThoughTheStallUsedTheBudgetUp() {
        var end = new CountDownLatch(1);
        var plain = client.connection();
        var impatient = new KubeConnection(
                plain.server(),
                plain.http().newBuilder().readTimeout(Duration.ofMillis(300)).build(),
                plain.credentials(),
                plain.headers(),
                plain.identity(),
                "default");
        var shorter = new RetryPolicy(4, Duration.ofMillis(250), Duration.ofMillis(2));
        try (var stalled = new KubeClient(impatient, shorter)) {
            front.then(FaultyFront.stall(end));
            assertThat(stalled.get(KubeClient.CONFIG_MAPS, "shop", "one")).isPresent();
            assertThat(front.requests()).hasSize(2);

            front.then(FaultyFront.stall(end)).then(FaultyFront.stall(end)).then(FaultyFront.stall(end));
            var failure = failureOf(() -> stalled.get(KubeClient.CONFIG_MAPS, "shop", "one"));
            assertThat(failure.why()).isEqualTo("no answer in time");
            assertThat(front.requests()).hasSize(4);
        } finally {
            end.countDown();
        }
    }

    @Test
    void aCreationIsRepeatedWhereTheServerWasTooBusyToLookAtIt() {
        front.then(429, "busy");

        assertThat(client.create(KubeClient.CONFIG_MAPS, "shop", OBJECT)).isPresent();
        assertThat(front.requests()).hasSize(2);
    }

    @Test
    void whatLostARaceAgainstAControllerIsSentAgain() {
        String quota = "{\"kind\":\"Status\",\"reason\":\"Conflict\",\"message\":\"Operation cannot be fulfilled on"
                + " resourcequotas: the object has been modified\"}";
        front.then(409, quota);
        client.apply(KubeClient.CONFIG_MAPS, "shop", "one", OBJECT, new Cluster.ApplyMode("lockstep", false, false));
        assertThat(front.requests()).hasSize(2);

        front.then(409, quota);
        assertThat(client.create(KubeClient.CONFIG_MAPS, "shop", OBJECT)).isPresent();
        assertThat(front.requests()).hasSize(4);

        front.then(409, quota);
        assertThat(client.update(KubeClient.CONFIG_MAPS, "shop", OBJECT)).isEmpty();
        assertThat(front.requests()).hasSize(5);
    }

    @Test
    void aFieldOfSomeoneElseIsNoRace() {
        front.then(
                409,
                "{\"kind\":\"Status\",\"reason\":\"Conflict\",\"details\":{\"causes\":[{\"reason\":"
                        + "\"FieldManagerConflict\",\"field\":\".data.a\",\"message\":\"conflict with \\\"jane\\\"\"}]}}");

        var failure = failureOf(() -> client.apply(
                KubeClient.CONFIG_MAPS, "shop", "one", OBJECT, new Cluster.ApplyMode("lockstep", false, false)));

        assertThat(failure.problem()).isEqualTo(Problem.FIELD_CONFLICT);
        assertThat(front.requests()).hasSize(1);
    }

    @Test
    void anUpdateWhoseAnswerWasLostIsItsOwnWhereWhatIsThereIsWhatWasSent() {
        String changed = "{\"kind\":\"Status\",\"reason\":\"Conflict\"}";
        front.then(504, "").then(409, changed).then(200, Json.write(OBJECT));
        assertThat(client.update(KubeClient.CONFIG_MAPS, "shop", OBJECT)).isPresent();
        assertThat(front.requests()).hasSize(3);

        front.then(504, "").then(409, changed).then(404, "");
        assertThat(client.update(KubeClient.CONFIG_MAPS, "shop", OBJECT)).isEmpty();
        assertThat(front.requests()).hasSize(6);

        front.then(409, changed);
        assertThat(client.update(KubeClient.CONFIG_MAPS, "shop", OBJECT)).isEmpty();
        assertThat(front.requests()).hasSize(7);
    }

    @Test
    void aRefusalIsNotRepeated() {
        front.then(400, "{\"kind\":\"Status\",\"message\":\"no\"}");

        var failure = failureOf(() -> client.get(KubeClient.CONFIG_MAPS, "shop", "one"));

        assertThat(failure.problem()).isEqualTo(Problem.CLUSTER_REJECTED);
        assertThat(failure.getMessage()).endsWith("can't read configmap/one: no");
        assertThat(front.requests()).hasSize(1);
    }

    @Test
    void anExpiredPageMakesTheListBeginAgainInOnePiece() {
        front.then(200, page("one", "more"))
                .then(410, "{\"kind\":\"Status\",\"reason\":\"Expired\"}")
                .then(200, page("two", ""));

        var items =
                client.list(KubeClient.CONFIG_MAPS, "shop", null, null, false).items();

        assertThat(items)
                .extracting(item -> Tree.text(item, "metadata", "name"))
                .containsExactly("two");
        assertThat(front.requests())
                .containsExactly(
                        "GET /api/v1/namespaces/shop/configmaps?limit=2000",
                        "GET /api/v1/namespaces/shop/configmaps?limit=2000&continue=more",
                        "GET /api/v1/namespaces/shop/configmaps");
    }

    @Test
    void warningsAreTakenFromTheHeadersOnceEach() {
        front.then(
                200,
                "{}",
                Map.of("Warning", "299 - \"policy/v1beta1 is \\\"old\\\"\", 299 - \"second\", 299 - \"second\""));

        var applied = client.apply(
                KubeClient.CONFIG_MAPS, "shop", "one", OBJECT, new Cluster.ApplyMode("lockstep", false, false));

        assertThat(applied.warnings()).containsExactly("policy/v1beta1 is \"old\"", "second");
    }

    @Test
    void aWaitCanBeInterrupted() throws Exception {
        var arrived = new CountDownLatch(1);
        var release = new CountDownLatch(1);
        front.then(exchange -> {
            arrived.countDown();
            try {
                release.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        var failure = new DeliveryException[1];
        var waiter = new Thread(() -> {
            failure[0] = failureOf(() -> client.get(KubeClient.CONFIG_MAPS, "shop", "one"));
            assertThat(Thread.currentThread().isInterrupted()).isTrue();
        });
        waiter.start();
        arrived.await();

        waiter.interrupt();
        waiter.join();
        release.countDown();

        assertThat(failure[0].problem()).isEqualTo(Problem.INTERRUPTED);
        assertThat(failure[0].what()).isEqualTo("interrupted in the attempt to read configmap/one");
    }

    @Test
    void aRefusedTokenIsAskedForOnceMore() {
        var credentials = new KubeCredentials() {
            @Override
            public String authorization() {
                return "Bearer " + token.get();
            }

            @Override
            public boolean renew(@Nullable String refused) {
                token.incrementAndGet();
                return true;
            }
        };
        var plain = client.connection();
        try (var renewing = new KubeClient(
                new KubeConnection(
                        plain.server(), plain.http(), credentials, plain.headers(), plain.identity(), "default"),
                QUICK)) {
            front.then(401, "").then(401, "");

            var failure = failureOf(() -> renewing.get(KubeClient.CONFIG_MAPS, "shop", "one"));

            assertThat(failure.problem()).isEqualTo(Problem.CLUSTER_FORBIDDEN);
            assertThat(token.get()).isEqualTo(1);
            assertThat(front.requests()).hasSize(2);
        }
    }

    @Test
    void aTokenThatSomeoneElseRenewsIsTakenAnew() {
        var endpoint =
                new KubeEndpoint("test", front.address(), null, () -> "token-" + token.getAndIncrement(), "shop");
        try (var renewing = new KubeClient(new KubeClusters(Map.of()).connect(endpoint), QUICK)) {
            front.then(401, "");

            assertThat(renewing.get(KubeClient.CONFIG_MAPS, "shop", "one")).isPresent();
            assertThat(front.requests()).hasSize(2);
        }
    }

    @Test
    void aTokenThatStaysTheSameIsNotTriedAgain() {
        front.then(401, "");

        var failure = failureOf(() -> client.get(KubeClient.CONFIG_MAPS, "shop", "one"));

        assertThat(failure.problem()).isEqualTo(Problem.CLUSTER_FORBIDDEN);
        assertThat(front.requests()).hasSize(1);
    }

    @Test
    void aServerThatIsNotThereIsNamedAtOnceWithWhatToDo() throws IOException {
        int free;
        try (var socket = new ServerSocket(0)) {
            free = socket.getLocalPort();
        }
        try (var lost = client("https://127.0.0.1:" + free, QUICK)) {
            var failure = failureOf(() -> lost.get(KubeClient.CONFIG_MAPS, "shop", "one"));

            assertThat(failure.problem()).isEqualTo(Problem.CLUSTER_UNAVAILABLE);
            assertThat(failure.where()).isEqualTo("https://127.0.0.1:" + free);
            assertThat(failure.what()).isEqualTo("can't read configmap/one");
            assertThat(failure.why()).isEqualTo("connection refused: nothing listens there");
            assertThat(failure.hint()).contains("check that the cluster runs");
        }
    }

    @Test
    void aHostThatNobodyKnowsIsSaidToBeUnknown() {
        try (var lost = client("https://no-such-host.invalid", QUICK)) {
            var failure = failureOf(() -> lost.get(KubeClient.CONFIG_MAPS, "shop", "one"));

            assertThat(failure.problem()).isEqualTo(Problem.CLUSTER_UNAVAILABLE);
            assertThat(failure.why()).isEqualTo("the host name is not known here");
        }
    }

    @Test
    void httpsToAPlainServerIsSaidToBeThat() throws Exception {
        try (var plain = new ServerSocket(0);
                var confused = client("https://127.0.0.1:" + plain.getLocalPort(), QUICK)) {
            var answering = new Thread(() -> {
                try (var socket = plain.accept()) {
                    socket.getInputStream().read();
                    socket.getOutputStream().write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(US_ASCII));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            answering.start();

            var failure = failureOf(() -> confused.get(KubeClient.CONFIG_MAPS, "shop", "one"));

            answering.join();
            assertThat(failure.why()).isEqualTo("what listens there does not speak TLS");
            assertThat(failure.hint()).contains("http://");
        }
    }

    @Test
    void aQuotaIsARejectionAndNoMissingRight() {
        front.then(
                403,
                "{\"kind\":\"Status\",\"reason\":\"Forbidden\",\"message\":\"pods \\\"x\\\" is forbidden: exceeded quota: small\"}");

        var failure = failureOf(() -> client.create(KubeClient.PODS, "shop", OBJECT));

        assertThat(failure.problem()).isEqualTo(Problem.CLUSTER_REJECTED);
        assertThat(failure.why()).contains("exceeded quota: small");
    }

    private static String page(String name, String next) {
        return "{\"metadata\":{\"resourceVersion\":\"7\",\"continue\":\"" + next
                + "\"},\"items\":[{\"metadata\":{\"name\":\"" + name + "\"}}]}";
    }

    private static KubeClient client(String url, RetryPolicy policy) {
        var endpoint = new KubeEndpoint("test", url, null, () -> "secret-token", "shop");
        return new KubeClient(new KubeClusters(Map.of()).connect(endpoint), policy);
    }

    private static DeliveryException failureOf(ThrowingCallable call) {
        var failure = catchThrowableOfType(DeliveryException.class, call);
        assertThat(failure).isNotNull();
        assertThat(failure.getMessage() + failure.hint()).doesNotContain("secret-token");
        return failure;
    }
}
