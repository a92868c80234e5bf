package io.jenkins.plugins.lockstep.kube;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.lockstep.ClusterTest;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.common.document.Tree;
import io.jenkins.plugins.lockstep.deploy.Cluster;
import io.jenkins.plugins.lockstep.deploy.Cluster.WatchEvent;
import io.jenkins.plugins.lockstep.manifest.ResourceKey;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@ClusterTest
@Timeout(90)
class KubeWatchTest {

    private static final Cluster.ApplyMode APPLY = new Cluster.ApplyMode(Cluster.MANAGER, false, false);

    private final BlockingQueue<WatchEvent> events = new LinkedBlockingQueue<>();
    private RealCluster real;

    @BeforeEach
    void open() {
        real = new RealCluster();
    }

    @AfterEach
    void close() {
        real.close();
    }

    @Test
    void aWatchTellsWhatIsThereThenWhatChangesThenWhatGoes() throws Exception {
        put("early", "one");
        try (var watch = watch(real.cluster)) {
            assertThat(next()).isEqualTo("PRESENT early=one");
            assertThat(next()).isEqualTo("SYNCED");
            put("early", "two");
            assertThat(next()).isEqualTo("CHANGED early=two");
            put("late", "one");
            assertThat(next()).isEqualTo("CHANGED late=one");
            remove("early");
            assertThat(next()).isEqualTo("DELETED early=two");
            assertThat(watch).isNotNull();
        }
    }

    @Test
    void aWatchOfOneObjectTellsOfNoOther() throws Exception {
        try (var watch =
                real.cluster.watch(KubeClient.CONFIG_MAPS, real.namespace, null, "metadata.name=chosen", events::add)) {
            assertThat(next()).isEqualTo("SYNCED");
            put("other", "one");
            put("chosen", "one");
            assertThat(next()).isEqualTo("CHANGED chosen=one");
            assertThat(watch).isNotNull();
        }
    }

    @Test
    void aCutConnectionLosesNothingAndRepeatsNothing() throws Exception {
        var server = real.connection.server();
        try (var proxy = new CuttingProxy(server.host(), server.port());
                var cluster =
                        RealCluster.at(server.newBuilder().port(proxy.port()).build())) {
            put("kept", "one");
            try (var watch = watch(cluster)) {
                assertThat(next()).isEqualTo("PRESENT kept=one");
                assertThat(next()).isEqualTo("SYNCED");
                // From the first event on, the connection that is cut is the watch's.
                put("kept", "round 1");
                assertThat(next()).isEqualTo("CHANGED kept=round 1");
                for (int round = 2; round < 5; round++) {
                    int before = proxy.connections();
                    proxy.cut();
                    put("kept", "round " + round);
                    assertThat(next()).isEqualTo("CHANGED kept=round " + round);
                    assertThat(proxy.connections()).isGreaterThan(before);
                }
                remove("kept");
                assertThat(next()).isEqualTo("DELETED kept=round 4");
                assertThat(watch).isNotNull();
            }
        }
        assertThat(events).isEmpty();
    }

    @Test
    void aForgottenVersionBringsWhatIsThereAgainAndWhatWent() throws Exception {
        var hold = new CountDownLatch(1);
        try (var front = new FaultyFront(RealCluster.connect());
                var cluster = RealCluster.at(front.url())) {
            put("stays", "one");
            put("goes", "one");
            front.then(exchange -> FaultyFront.pass(exchange, RealCluster.connect()))
                    .then(exchange -> {
                        assertThat(exchange.getRequestURI().getQuery()).contains("watch=true");
                        exchange.sendResponseHeaders(200, 0);
                        await(hold);
                        exchange.getResponseBody()
                                .write(
                                        """
                                {"type":"ERROR","object":{"kind":"Status","code":410,"reason":"Expired"}}
                                """
                                                .getBytes(StandardCharsets.UTF_8));
                    });
            try (var watch = watch(cluster)) {
                assertThat(next()).isEqualTo("PRESENT goes=one");
                assertThat(next()).isEqualTo("PRESENT stays=one");
                assertThat(next()).isEqualTo("SYNCED");
                put("stays", "two");
                remove("goes");
                put("new", "one");
                hold.countDown();
                assertThat(next()).isEqualTo("DELETED goes=one");
                assertThat(next()).isEqualTo("PRESENT new=one");
                assertThat(next()).isEqualTo("PRESENT stays=two");
                put("new", "two");
                assertThat(next()).isEqualTo("CHANGED new=two");
                assertThat(watch).isNotNull();
            }
        }
    }

    @Test
    void anAnswerOf410BringsTheListAgainToo() throws Exception {
        try (var front = new FaultyFront(RealCluster.connect());
                var cluster = RealCluster.at(front.url())) {
            put("stays", "one");
            front.then(exchange -> FaultyFront.pass(exchange, RealCluster.connect()))
                    .then(410, "{}");
            try (var watch = watch(cluster)) {
                assertThat(next()).isEqualTo("PRESENT stays=one");
                assertThat(next()).isEqualTo("SYNCED");
                assertThat(next()).isEqualTo("PRESENT stays=one");
                assertThat(watch).isNotNull();
            }
        }
    }

    @Test
    void aWatchThatCanNotGoOnSaysSoOnceAndEnds() throws Exception {
        try (var front = new FaultyFront(RealCluster.connect());
                var cluster = RealCluster.at(front.url())) {
            front.then(exchange -> FaultyFront.pass(exchange, RealCluster.connect()))
                    .then(
                            403,
                            "{\"kind\":\"Status\",\"message\":\"User \\\"joe\\\" cannot watch resource \\\"configmaps\\\"\"}");
            try (var watch = watch(cluster)) {
                assertThat(next()).isEqualTo("SYNCED");
                WatchEvent last = events.take();
                assertThat(last.type()).isEqualTo(WatchEvent.Type.FAILED);
                assertThat(last.failure()).isNotNull();
                assertThat(last.failure().problem()).isEqualTo(Problem.CLUSTER_FORBIDDEN);
                assertThat(last.failure().what()).isEqualTo("'joe' may not watch configmaps");
                assertThat(watch).isNotNull();
            }
            assertThat(front.requests()).hasSize(2);
        }
    }

    @Test
    void aServerThatEndsEveryWatchAtOnceIsGivenUpInTheEnd() throws Exception {
        try (var front = new FaultyFront(RealCluster.connect());
                var cluster = RealCluster.at(front.url())) {
            front.then(exchange -> FaultyFront.pass(exchange, RealCluster.connect()));
            for (int i = 0; i < RealCluster.QUICK.tries(); i++) {
                front.then(200, "");
            }
            try (var watch = watch(cluster)) {
                assertThat(next()).isEqualTo("SYNCED");
                assertThat(events.take().type()).isEqualTo(WatchEvent.Type.FAILED);
                assertThat(watch).isNotNull();
            }
            assertThat(front.requests()).hasSize(1 + RealCluster.QUICK.tries());
        }
    }

    @Test
    void aClosedWatchEndsItsThreadAndTellsNothingMore() throws Exception {
        var watch = watch(real.cluster);
        assertThat(next()).isEqualTo("SYNCED");
        Thread thread = Thread.getAllStackTraces().keySet().stream()
                .filter(candidate -> candidate.getName().equals("lockstep-watch-configmaps"))
                .filter(Thread::isAlive)
                .reduce((first, second) -> second)
                .orElseThrow();
        assertThat(thread.isDaemon()).isTrue();

        watch.close();
        watch.close();
        thread.join(TimeUnit.SECONDS.toMillis(30));

        assertThat(thread.isAlive()).isFalse();
        put("unseen", "one");
        assertThat(events).isEmpty();
    }

    private Cluster.Watch watch(Cluster cluster) {
        return cluster.watch(KubeClient.CONFIG_MAPS, real.namespace, "watched=yes", null, events::add);
    }

    private void put(String name, String value) {
        var key = new ResourceKey("", "ConfigMap", real.namespace, name);
        var object = real.configMap(name, value);
        object.put("metadata", Map.of("name", name, "namespace", real.namespace, "labels", Map.of("watched", "yes")));
        real.cluster.apply(KubeClient.CONFIG_MAPS, key, object, APPLY);
    }

    private void remove(String name) {
        var key = new ResourceKey("", "ConfigMap", real.namespace, name);
        String uid = real.cluster.get(KubeClient.CONFIG_MAPS, key).orElseThrow().uid();
        real.cluster.delete(KubeClient.CONFIG_MAPS, key, uid);
    }

    private String next() throws InterruptedException {
        WatchEvent event = events.take();
        var object = event.object();
        String of = object == null ? "" : " " + object.key().name() + "=" + Tree.text(object.tree(), "data", "key");
        return event.type() + of + (event.failure() == null ? "" : " " + event.failure());
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
