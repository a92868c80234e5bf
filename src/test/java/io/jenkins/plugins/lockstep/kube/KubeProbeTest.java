package io.jenkins.plugins.lockstep.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpServer;
import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.deploy.ServerProbe;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** By a scripted server: what newer API servers tell, and what old ones do not; the bed's is of 1.20. */
class KubeProbeTest {

    private static final String REVIEWS = "/apis/authentication.k8s.io/v1/selfsubjectreviews";

    private final Map<String, String> answers = new ConcurrentHashMap<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            String path = exchange.getRequestURI().getPath();
            requests.add(exchange.getRequestMethod() + " " + path);
            String[] answer = answers.getOrDefault(path, "404 {}").split(" ", 2);
            byte[] body = answer[1].getBytes(StandardCharsets.UTF_8);
            exchange.getRequestBody().readAllBytes();
            exchange.sendResponseHeaders(Integer.parseInt(answer[0]), body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void aNewServerSaysWhoWeAre() {
        answers.put("/version", "200 {\"gitVersion\":\"v1.33.1\"}");
        answers.put(REVIEWS, "201 {\"status\":{\"userInfo\":{\"username\":\"system:serviceaccount:shop:lockstep\"}}}");
        try (ServerProbe probe = probe("opaque")) {
            assertThat(probe.version()).contains("v1.33.1");
            assertThat(probe.user()).contains("system:serviceaccount:shop:lockstep");
        }
    }

    @Test
    void whereTheServerDoesNotSayTheTokenMay() {
        String claims = Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString("{\"sub\":\"system:serviceaccount:shop:old\"}".getBytes(StandardCharsets.UTF_8));
        try (ServerProbe jwt = probe("e30." + claims + ".sig");
                ServerProbe opaque = probe("opaque");
                ServerProbe strange = probe("a.b.c")) {
            assertThat(jwt.user()).contains("system:serviceaccount:shop:old");
            assertThat(opaque.user()).isEmpty();
            assertThat(strange.user()).isEmpty();
        }
    }

    @Test
    void whatIsNoApiServerIsSaidToBeNone() {
        answers.put("/version", "200 {\"name\":\"something else\"}");
        try (ServerProbe probe = probe("any")) {
            var failure = catchThrowableOfType(DeliveryException.class, probe::version);

            assertThat(failure.what()).isEqualTo("this is no Kubernetes API server");
            assertThat(failure.hint()).isEqualTo("check the server's URL in the configuration of cluster 'prod'");
        }
    }

    @Test
    void whatAnythingElseSaysIsNotShown() {
        for (String answer : List.of(
                "200 {\"gitVersion\":\"the key is tiger\"}",
                "500 {\"message\":\"the key is tiger\"}",
                "400 {\"message\":\"the key is tiger\"}")) {
            answers.put("/version", answer);
            try (ServerProbe probe = probe("any")) {
                var failure = catchThrowableOfType(DeliveryException.class, probe::version);

                assertThat(failure.getMessage() + failure.hint()).doesNotContain("tiger");
            }
        }
    }

    @Test
    void anAnswerIsReadOnlySoFar() {
        answers.put("/version", "200 {\"gitVersion\":\"v1.33.1\",\"more\":\"" + "a".repeat(2 * 1024 * 1024) + "\"}");
        try (ServerProbe probe = probe("any")) {
            assertThat(catchThrowableOfType(DeliveryException.class, probe::version))
                    .isNotNull();
        }
    }

    @Test
    void aServerThatFailsIsNotTriedAgain() {
        answers.put("/version", "503 {\"message\":\"starting\"}");
        try (ServerProbe probe = probe("any")) {
            var failure = catchThrowableOfType(DeliveryException.class, probe::version);

            assertThat(failure.problem()).isEqualTo(Problem.CLUSTER_UNAVAILABLE);
            assertThat(requests).containsExactly("GET /version");
        }
    }

    @Test
    void noRequestIsBegunOnceTheTimeIsOver() {
        try (ServerProbe probe = new KubeClusters(Map.of()).probe(endpoint("any"), Duration.ZERO)) {
            var failure = catchThrowableOfType(DeliveryException.class, probe::version);

            assertThat(failure.what()).isEqualTo("the API server is too slow");
            assertThat(requests).isEmpty();
        }
    }

    private ServerProbe probe(String token) {
        return new KubeClusters(Map.of()).probe(endpoint(token), Duration.ofMinutes(1));
    }

    private KubeEndpoint endpoint(String token) {
        String url = "http://127.0.0.1:" + server.getAddress().getPort();
        return new KubeEndpoint("prod", url, null, () -> token, "shop");
    }
}
