package io.jenkins.plugins.lockstep.kube;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.lockstep.ClusterTest;
import io.jenkins.plugins.lockstep.common.Progress;
import io.jenkins.plugins.lockstep.common.document.Tree;
import io.jenkins.plugins.lockstep.deploy.Cluster;
import io.jenkins.plugins.lockstep.deploy.Cluster.WatchEvent;
import io.jenkins.plugins.lockstep.deploy.ServedKind;
import io.jenkins.plugins.lockstep.deploy.Verdict;
import io.jenkins.plugins.lockstep.history.Claim;
import io.jenkins.plugins.lockstep.history.Ledger;
import io.jenkins.plugins.lockstep.history.Release;
import io.jenkins.plugins.lockstep.kube.FaultyFront.Fault;
import io.jenkins.plugins.lockstep.manifest.ResourceKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;
import okhttp3.ConnectionPool;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;

/**
 * Every fault at every kind of request, between Lockstep and a real API server: a front before it answers in its place,
 * loses its answer or cuts it. What matters is what reached the real server, what is there in the end, and what a person
 * was told.
 */
@ClusterTest
@Timeout(120)
class KubeFaultsTest {

    private static final ServedKind LEASES = new ServedKind("coordination.k8s.io/v1", "Lease", "leases", true);
    private static final Cluster.ApplyMode APPLY = new Cluster.ApplyMode(Cluster.MANAGER, false, false);
    private static final CountDownLatch NEVER = new CountDownLatch(1);

    private static RealCluster real;

    /** What goes wrong; whether the server has done the work by then. */
    private enum Kind {
        BUSY(false, "answered 429"),
        BUSY_UNTIL(false, "answered 429"),
        DEFECT(false, "answered 500"),
        BAD_GATEWAY(false, "answered 502"),
        UNAVAILABLE(false, "answered 503"),
        GATEWAY_TIMEOUT(false, "answered 504"),
        GATEWAY_TIMEOUT_AFTER_THE_WORK(true, "answered 504"),
        DEFECT_AFTER_THE_WORK(true, "answered 500"),
        RESET(false, "broke the connection"),
        RESET_AFTER_THE_WORK(true, "broke the connection"),
        CUT_IN_THE_MIDDLE(true, "broke the connection"),
        STALL(false, "did not answer in time");

        private final boolean worked;
        private final String words;

        Kind(boolean worked, String words) {
            this.worked = worked;
            this.words = words;
        }

        Fault fault(FaultyFront front) {
            return switch (this) {
                case BUSY -> FaultyFront.status(429, Map.of("Retry-After", "1"));
                case BUSY_UNTIL -> FaultyFront.status(429, Map.of("Retry-After", "Sat, 01 Jan 2022 00:59:59 GMT"));
                case DEFECT -> FaultyFront.status(500, Map.of());
                case BAD_GATEWAY -> FaultyFront.status(502, Map.of());
                case UNAVAILABLE -> FaultyFront.status(503, Map.of());
                case GATEWAY_TIMEOUT -> FaultyFront.status(504, Map.of());
                case GATEWAY_TIMEOUT_AFTER_THE_WORK -> front.replaceAnswer(504);
                case DEFECT_AFTER_THE_WORK -> front.replaceAnswer(500);
                case RESET -> FaultyFront.hangUp();
                case RESET_AFTER_THE_WORK -> front.loseAnswer();
                case CUT_IN_THE_MIDDLE -> front.cutAnswer();
                case STALL -> FaultyFront.stall(NEVER);
            };
        }
    }

    /** What Lockstep asks of a server, and how it must look in the end. */
    private enum Operation {
        DISCOVERY("GET /apis/apps/v1") {
            @Override
            void run(Case it) {
                assertThat(it.cluster.served("apps/v1", "Deployment")).contains(RealCluster.DEPLOYMENTS);
            }
        },
        LIST("GET .*/configmaps\\?labelSelector=case.*") {
            @Override
            void prepare(Case it) {
                it.applyDirectly();
            }

            @Override
            void run(Case it) {
                assertThat(it.cluster.list(KubeClient.CONFIG_MAPS, real.namespace, "case=" + it.name))
                        .hasSize(1);
            }
        },
        GET("GET .*/configmaps/.*") {
            @Override
            void prepare(Case it) {
                it.applyDirectly();
            }

            @Override
            void run(Case it) {
                assertThat(it.cluster.get(KubeClient.CONFIG_MAPS, it.key())).isPresent();
            }
        },
        APPLY("PATCH .*") {
            @Override
            void run(Case it) {
                it.cluster.apply(KubeClient.CONFIG_MAPS, it.key(), it.configMap(), KubeFaultsTest.APPLY);
                var live = real.cluster.get(KubeClient.CONFIG_MAPS, it.key()).orElseThrow();
                assertThat(Tree.text(live.tree(), "data", "key")).isEqualTo("value");
                assertThat(Tree.list(live.tree(), "metadata", "managedFields")).hasSize(1);
            }
        },
        DELETE("DELETE .*") {
            @Override
            void prepare(Case it) {
                it.applyDirectly();
            }

            @Override
            void run(Case it) {
                String uid = real.cluster
                        .get(KubeClient.CONFIG_MAPS, it.key())
                        .orElseThrow()
                        .uid();
                it.cluster.delete(KubeClient.CONFIG_MAPS, it.key(), uid);
                assertThat(real.cluster.get(KubeClient.CONFIG_MAPS, it.key())).isEmpty();
            }
        },
        WATCH("GET .*watch=true.*") {
            @Override
            void run(Case it) throws InterruptedException {
                var events = new LinkedBlockingQueue<WatchEvent>();
                try (var watch = it.cluster.watch(
                        KubeClient.CONFIG_MAPS, real.namespace, "case=" + it.name, null, events::add)) {
                    assertThat(watch).isNotNull();
                    assertThat(events.take().type()).isEqualTo(WatchEvent.Type.SYNCED);
                    it.applyDirectly();
                    assertThat(events.take().type()).isEqualTo(WatchEvent.Type.CHANGED);
                }
                assertThat(events).isEmpty();
            }
        },
        LEDGER_BEGIN("POST .*/configmaps.*") {
            @Override
            void run(Case it) {
                Release begun = it.ledger(it.cluster).begin(it.draft(), List.of());
                assertThat(begun.number()).isEqualTo(1);
                assertThat(it.ledger(real.cluster).list()).containsExactly(begun);
            }
        },
        LEDGER_FINISH("PUT .*/configmaps/.*") {
            @Override
            void prepare(Case it) {
                it.ledger(real.cluster).begin(it.draft(), List.of());
            }

            @Override
            void run(Case it) {
                Release ended = it.draft()
                        .numbered(1)
                        .ended(new Verdict(Verdict.Code.RUNNING, "all runs", List.of(), null), null);
                it.ledger(it.cluster).finish(ended, List.of());
                assertThat(it.ledger(real.cluster).list()).containsExactly(ended);
            }
        },
        LEASE_ACQUIRE("POST .*/leases.*") {
            @Override
            void run(Case it) throws InterruptedException {
                try (var held = it.cluster
                        .lock(real.namespace, it.name, "staging")
                        .acquire(Claim.outOfTurn("jane", ""), Duration.ZERO, Progress.NONE)) {
                    held.check();
                    assertThat(it.holder()).startsWith("jane ");
                }
            }
        },
        LEASE_RELEASE("PUT .*/leases/.*") {
            @Override
            void run(Case it) throws InterruptedException {
                it.cluster
                        .lock(real.namespace, it.name, "staging")
                        .acquire(Claim.outOfTurn("jane", ""), Duration.ZERO, Progress.NONE)
                        .close();
                assertThat(it.holder()).isEmpty();
            }
        };

        private final Predicate<String> requests;

        Operation(String pattern) {
            this.requests = request -> request.matches(pattern);
        }

        void prepare(Case it) {}

        abstract void run(Case it) throws InterruptedException;
    }

    /** One fault at one operation. */
    private static final class Case implements AutoCloseable {

        private final String name;
        private final List<String> told = new CopyOnWriteArrayList<>();
        private final FaultyFront front;
        private final KubeCluster cluster;

        Case(Kind kind, String what) throws Exception {
            name = (what + "-" + kind).toLowerCase(java.util.Locale.ROOT).replace('_', '-');
            front = new FaultyFront(RealCluster.connect());
            // Without a pool no request meets the remains of another one's connection.
            var http = RealCluster.connect()
                    .http()
                    .newBuilder()
                    .connectionPool(new ConnectionPool(0, 1, TimeUnit.SECONDS));
            if (kind == Kind.STALL) {
                http.readTimeout(Duration.ofSeconds(3));
            }
            cluster = new KubeCluster(new KubeClient(
                    new KubeConnection(
                            front.url(),
                            http.build(),
                            real.connection.credentials(),
                            real.connection.headers(),
                            real.connection.identity(),
                            real.namespace),
                    RealCluster.QUICK,
                    new Progress() {
                        @Override
                        public void step(String message) {
                            told.add("step: " + message);
                        }

                        @Override
                        public void warn(String message) {
                            told.add(message);
                        }
                    }));
        }

        ResourceKey key() {
            return real.key("ConfigMap", name);
        }

        Map<String, Object> configMap() {
            var object = real.configMap(name, "value");
            object.put("metadata", Map.of("name", name, "namespace", real.namespace, "labels", Map.of("case", name)));
            return object;
        }

        void applyDirectly() {
            real.cluster.apply(KubeClient.CONFIG_MAPS, key(), configMap(), APPLY);
        }

        Ledger ledger(KubeCluster through) {
            return through.ledger(real.namespace, name, "staging");
        }

        String holder() {
            return Tree.text(lease(), "spec", "holderIdentity");
        }

        Map<String, ?> lease() {
            String lease = new LedgerNames(name, "staging").lease();
            return real.client.get(LEASES, real.namespace, lease).orElseThrow();
        }

        Release draft() {
            return Release.draft(
                    name,
                    "staging",
                    "a".repeat(40),
                    "git",
                    List.of(),
                    List.of(),
                    "sha256:" + "b".repeat(64),
                    Instant.parse("2026-01-02T03:04:05Z"),
                    "jane",
                    null);
        }

        void assertToldOnce(Kind kind) {
            assertThat(told)
                    .containsExactly(
                            "the API server " + front.address() + " " + kind.words + ", trying again (for up to 30 s)");
        }

        @Override
        public void close() {
            cluster.close();
            front.close();
        }
    }

    @BeforeAll
    static void open() {
        real = new RealCluster();
    }

    @AfterAll
    static void close() {
        NEVER.countDown();
        real.close();
    }

    @TestFactory
    Stream<DynamicTest> eachFaultAtEachRequestIsMetOnceAndToldOnce() {
        ExecutorService threads = Executors.newFixedThreadPool(6);
        var tests = new ArrayList<DynamicTest>();
        for (Operation operation : Operation.values()) {
            for (Kind kind : Kind.values()) {
                // A watch that says nothing is everyday life: it is asked again after two and a half minutes.
                if (operation != Operation.WATCH || kind != Kind.STALL) {
                    Future<?> result = threads.submit(() -> {
                        met(operation, kind);
                        return null;
                    });
                    tests.add(DynamicTest.dynamicTest(operation + " / " + kind, () -> resultOf(result)));
                }
            }
        }
        threads.shutdown();
        return tests.stream();
    }

    private static void met(Operation operation, Kind kind) throws Exception {
        try (var it = new Case(kind, operation.name())) {
            operation.prepare(it);
            it.front.at(operation.requests, kind.fault(it.front));

            operation.run(it);

            assertThat(it.front.isArmed()).as("the fault was met").isFalse();
            if (operation != Operation.LEASE_ACQUIRE && operation != Operation.LEASE_RELEASE) {
                assertThat(it.front.requests().stream().filter(operation.requests))
                        .hasSize(2);
            }
            assertThat(it.front.passed().stream().filter(operation.requests)).hasSize(kind.worked ? 2 : 1);
            it.assertToldOnce(kind);
        }
    }

    /** A lease is renewed every ten seconds, so all faults are met at the same time. */
    @Test
    void aLeaseIsRenewedThroughEachFault() throws Exception {
        ExecutorService threads = Executors.newCachedThreadPool();
        var renewals = new ArrayList<Future<?>>();
        for (Kind kind : Kind.values()) {
            renewals.add(threads.submit(() -> {
                renewed(kind);
                return null;
            }));
        }
        threads.shutdown();
        for (Future<?> renewal : renewals) {
            resultOf(renewal);
        }
    }

    private static void renewed(Kind kind) throws Exception {
        try (var it = new Case(kind, "renewal")) {
            try (var held = it.cluster
                    .lock(real.namespace, it.name, "staging")
                    .acquire(Claim.outOfTurn("jane", ""), Duration.ZERO, Progress.NONE)) {
                String before = Tree.text(it.lease(), "spec", "renewTime");
                it.front.at(Operation.LEASE_RELEASE.requests, kind.fault(it.front));
                while (it.front.isArmed()
                        || it.told.isEmpty()
                        || Tree.text(it.lease(), "spec", "renewTime").equals(before)) {
                    TimeUnit.MILLISECONDS.sleep(100);
                }
                held.check();
                assertThat(it.holder()).startsWith("jane ");
            }
            assertThat(it.holder()).isEmpty();
            it.assertToldOnce(kind);
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
