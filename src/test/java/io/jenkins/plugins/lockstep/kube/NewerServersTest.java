package io.jenkins.plugins.lockstep.kube;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.lockstep.deploy.Cluster;
import io.jenkins.plugins.lockstep.deploy.Cluster.WatchEvent;
import io.jenkins.plugins.lockstep.manifest.ResourceKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Answers as servers newer than the test bed's give them, from a scripted server: no such server could be run here. Their
 * shapes are those of the public API documentation of Kubernetes 1.22 to 1.33.
 */
@Timeout(60)
class NewerServersTest {

    private static final RetryPolicy QUICK = new RetryPolicy(3, Duration.ofSeconds(30), Duration.ofMillis(2));

    private FaultyFront server;
    private KubeCluster cluster;

    @BeforeEach
    void open() throws IOException {
        server = new FaultyFront(null);
        cluster = new KubeCluster(new KubeClient(
                new KubeClusters(Map.of())
                        .connect(new KubeEndpoint("test", server.address(), null, () -> "any", "shop")),
                QUICK));
    }

    @AfterEach
    void close() {
        cluster.close();
        server.close();
    }

    @Test
    void kindsAreFoundInAResourceListWithWordsThatOldServersDoNotHave() {
        server.then(
                200,
                """
                {"kind":"APIResourceList","apiVersion":"v1","groupVersion":"apps/v1","resources":[
                 {"name":"deployments","singularName":"deployment","namespaced":true,"kind":"Deployment",
                  "verbs":["create","delete","deletecollection","get","list","patch","update","watch"],
                  "shortNames":["deploy"],"categories":["all"],"storageVersionHash":"8aSe+NMegvE="},
                 {"name":"deployments/scale","singularName":"","namespaced":true,"group":"autoscaling","version":"v1",
                  "kind":"Scale","verbs":["get","patch","update"]},
                 {"name":"deployments/status","singularName":"","namespaced":true,"kind":"Deployment",
                  "verbs":["get","patch","update"]}]}
                """);

        assertThat(cluster.served("apps/v1", "Deployment")).contains(RealCluster.DEPLOYMENTS);
        assertThat(server.requests()).containsExactly("GET /apis/apps/v1");

        server.then(200, "{\"kind\":\"APIResourceList\",\"resources\":[]}");
        assertThat(cluster.served("apps/v1", "Scale")).isEmpty();
    }

    @Test
    void aVersionThatIsNoLongerServedIsSimplyNotThere() {
        // policy/v1beta1 went with 1.25: the group is known, the version is not.
        server.then(404, "404 page not found\n")
                .then(
                        404,
                        """
                        {"kind":"Status","apiVersion":"v1","status":"Failure","reason":"NotFound","code":404,
                         "message":"the server could not find the requested resource","details":{}}
                        """);

        assertThat(cluster.served("policy/v1beta1", "PodSecurityPolicy")).isEmpty();
        assertThat(cluster.served("autoscaling/v2beta2", "HorizontalPodAutoscaler"))
                .isEmpty();
    }

    @Test
    void aWarningAboutAFieldIsPassedOn() {
        server.then(200, "{}", Map.of("Warning", "299 - \"unknown field \\\"spec.replica\\\"\""));

        var applied = cluster.apply(
                RealCluster.DEPLOYMENTS,
                new ResourceKey("apps", "Deployment", "shop", "cart"),
                Map.of("apiVersion", "apps/v1", "kind", "Deployment"),
                new Cluster.ApplyMode(Cluster.MANAGER, false, false));

        assertThat(applied.warnings()).containsExactly("unknown field \"spec.replica\"");
        // An apply on the server's side is strict by itself, and 1.20 does not know the parameter.
        assertThat(server.requests()).noneMatch(request -> request.contains("fieldValidation"));
    }

    @Test
    void aWatchGoesOnFromABookmark() throws Exception {
        var end = new CountDownLatch(1);
        server.then(200, "{\"metadata\":{\"resourceVersion\":\"10\"},\"items\":[]}")
                .then(exchange -> {
                    exchange.sendResponseHeaders(200, 0);
                    exchange.getResponseBody()
                            .write(
                                    """
                            {"type":"BOOKMARK","object":{"kind":"ConfigMap","metadata":{"resourceVersion":"42","annotations":{"k8s.io/initial-events-end":"true"}}}}
                            """
                                            .getBytes(StandardCharsets.UTF_8));
                })
                .then(exchange -> {
                    exchange.sendResponseHeaders(200, 0);
                    try {
                        end.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                });
        var events = new LinkedBlockingQueue<WatchEvent>();
        try (var watch = cluster.watch(KubeClient.CONFIG_MAPS, "shop", null, null, events::add)) {
            assertThat(watch).isNotNull();
            assertThat(events.take().type()).isEqualTo(WatchEvent.Type.SYNCED);
            while (server.requests().size() < 3) {
                Thread.sleep(10);
            }
        } finally {
            end.countDown();
        }

        assertThat(server.requests().get(1)).contains("resourceVersion=10");
        assertThat(server.requests().get(2)).contains("resourceVersion=42");
        assertThat(events).isEmpty();
    }
}
