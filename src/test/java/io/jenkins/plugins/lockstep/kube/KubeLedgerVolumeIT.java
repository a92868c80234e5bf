package io.jenkins.plugins.lockstep.kube;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.lockstep.ClusterTest;
import io.jenkins.plugins.lockstep.common.document.Json;
import io.jenkins.plugins.lockstep.common.document.Tree;
import io.jenkins.plugins.lockstep.deploy.InventoryItem;
import io.jenkins.plugins.lockstep.deploy.Verdict;
import io.jenkins.plugins.lockstep.history.ChunkId;
import io.jenkins.plugins.lockstep.history.Ledger;
import io.jenkins.plugins.lockstep.history.Release;
import io.jenkins.plugins.lockstep.history.Release.ReleasedImage;
import io.jenkins.plugins.lockstep.history.ReleaseDocument;
import io.jenkins.plugins.lockstep.history.ReleaseLog;
import io.jenkins.plugins.lockstep.history.RollbackTarget;
import io.jenkins.plugins.lockstep.image.ImageReference;
import io.jenkins.plugins.lockstep.manifest.RenderedObject;
import io.jenkins.plugins.lockstep.manifest.ResourceKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import okhttp3.Interceptor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A thousand releases and ten thousand in one ledger, on a real API server. Two of them are released; the others are
 * copies of their entries under other numbers, made side by side.
 */
@ClusterTest
@Timeout(value = 20, unit = TimeUnit.MINUTES)
class KubeLedgerVolumeIT {

    private static final String PREFIX = "lockstep-cart-production-";

    private final List<String> requests = Collections.synchronizedList(new ArrayList<>());

    @Test
    void tenThousandReleasesCostAListSixRequestsAndARollbackOnlyTheListsMore() throws Exception {
        try (var real = new RealCluster()) {
            Ledger ledger = new KubeLedger(real.client, real.namespace, "cart", "production");
            for (int i = 1; i <= 2; i++) {
                Release begun = ledger.begin(draft(i), objects(i));
                ledger.finish(
                        begun.ended(new Verdict(Verdict.Code.RUNNING, "everything is ready", List.of(), null), null),
                        List.of(new InventoryItem(
                                "v1", new ResourceKey("", "ConfigMap", "shop", "cart-" + i), "uid-" + i, true)));
            }
            Set<ChunkId> needed = ledger.needed(Set.of());

            copy(real, 3, 1_000);
            Map<String, Integer> thousand = operations(real, 1_000);
            // One more, so that the last page is not just full.
            copy(real, 1_002, 10_001);
            Map<String, Integer> tenThousand = operations(real, 10_001);

            assertThat(thousand).containsEntry("history", 1).containsEntry("rollback", 13);
            assertThat(tenThousand).containsEntry("history", 6);
            // Two lists, of six pages instead of one; nothing else grows.
            assertThat(tenThousand.get("rollback")).isEqualTo(thousand.get("rollback") + 2 * 5);
            assertThat(ledger.needed(Set.of()))
                    .as("what nobody changed is stored once")
                    .isEqualTo(needed);
            assertThat(ledger.chunks(false)).hasSize(needed.size());
        }
    }

    /** Does what the ledger does for a history and for a rollback to the second release; returns how many requests each took. */
    private Map<String, Integer> operations(RealCluster real, int newest) {
        Ledger ledger = watched(real);
        var counts = new LinkedHashMap<String, Integer>();

        long start = System.nanoTime();
        List<Release> releases = ledger.list();
        report("history", newest, start);
        counts.put("history", requests.size());
        assertThat(releases).hasSize(newest);
        assertThat(releases.get(0).number()).isEqualTo(newest);

        requests.clear();
        start = System.nanoTime();
        ReleaseLog log = new ReleaseLog(ledger.list());
        Release second = log.select(new RollbackTarget.ToRelease(2), expression -> expression);
        List<RenderedObject> objects = ledger.objects(2);
        ReleaseLog again = new ReleaseLog(ledger.list());
        assertThat(ledger.inventory(again.newestEnded().orElseThrow().number())).isNotEmpty();
        Release begun = ledger.begin(rollback(second), objects);
        ledger.finish(begun.ended(second.verdict(), null), List.of());
        report("rollback", newest, start);
        counts.put("rollback", requests.size());

        assertThat(begun.number()).isEqualTo(newest + 1);
        assertThat(objects).isEqualTo(objects(2));
        assertThat(ledger.objects(newest + 1)).isEqualTo(objects(2));
        requests.clear();
        return counts;
    }

    private static void report(String operation, int releases, long start) {
        System.out.printf(
                "%s with %d releases: %d ms%n",
                operation, releases, Duration.ofNanos(System.nanoTime() - start).toMillis());
    }

    /** Copies the entries of the first two releases, in turns. */
    private static void copy(RealCluster real, int from, int to) throws Exception {
        List<Map<String, Object>> entries = List.of(entry(real, 1), entry(real, 2));
        ExecutorService threads = Executors.newFixedThreadPool(16);
        try {
            List<Callable<Boolean>> creations = IntStream.rangeClosed(from, to)
                    .<Callable<Boolean>>mapToObj(number -> () -> real.client
                            .create(KubeClient.CONFIG_MAPS, real.namespace, numbered(entries.get(number % 2), number))
                            .isPresent())
                    .toList();
            for (Future<Boolean> created : threads.invokeAll(creations)) {
                assertThat(created.get()).isTrue();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private static Map<String, Object> entry(RealCluster real, int number) {
        return real.client
                .get(KubeClient.CONFIG_MAPS, real.namespace, PREFIX + number)
                .orElseThrow();
    }

    private static Map<String, Object> numbered(Map<String, Object> entry, int number) {
        String summary = Tree.text(entry, "metadata", "annotations", "lockstep.io/summary");
        Release release = ReleaseDocument.read(Json.read(summary), "the copied entry");
        var labels = Tree.map(entry, "metadata", "labels");
        labels.put("lockstep.io/release", String.valueOf(number));
        var metadata = new LinkedHashMap<String, Object>();
        metadata.put("name", PREFIX + number);
        metadata.put("labels", labels);
        metadata.put(
                "annotations", Map.of("lockstep.io/summary", Json.write(ReleaseDocument.of(release.numbered(number)))));
        var copy = new LinkedHashMap<String, Object>();
        copy.put("apiVersion", "v1");
        copy.put("kind", "ConfigMap");
        copy.put("metadata", metadata);
        copy.put("binaryData", entry.get("binaryData"));
        return copy;
    }

    private Ledger watched(RealCluster real) {
        KubeConnection one = RealCluster.connect();
        Interceptor note = chain -> {
            requests.add(chain.request().method() + " " + chain.request().url());
            return chain.proceed(chain.request());
        };
        var noting = new KubeConnection(
                one.server(),
                one.http().newBuilder().addInterceptor(note).build(),
                one.credentials(),
                one.headers(),
                one.identity(),
                one.namespace());
        return new KubeLedger(new KubeClient(noting, RealCluster.QUICK), real.namespace, "cart", "production");
    }

    private static List<RenderedObject> objects(int variant) {
        var objects = new ArrayList<RenderedObject>();
        for (int i = 0; i < 20; i++) {
            // One of twenty differs.
            String value = "value " + (i == 0 ? variant : 0);
            objects.add(new RenderedObject(
                    "v1",
                    new ResourceKey("", "ConfigMap", "shop", "cart-" + i),
                    RealCluster.tree("v1", "ConfigMap", "shop", "cart-" + i, Map.of("data", Map.of("key", value))),
                    null,
                    null));
        }
        return objects;
    }

    private static Release draft(int variant) {
        String digit = String.valueOf(variant);
        return Release.draft(
                "cart",
                "production",
                digit.repeat(40),
                "git",
                List.of(new ReleasedImage(
                        "cart",
                        new ImageReference(
                                "registry.example.com/shop/cart", digit.repeat(40), "sha256:" + digit.repeat(64)))),
                List.of("cart-config-" + digit),
                digit.repeat(64),
                Instant.parse("2026-03-01T12:00:00Z"),
                "jane",
                null);
    }

    private static Release rollback(Release earlier) {
        return Release.draft(
                        earlier.app(),
                        earlier.environment(),
                        earlier.revision(),
                        earlier.vcs(),
                        earlier.images(),
                        earlier.configMaps(),
                        earlier.seal(),
                        Instant.parse("2026-04-01T12:00:00Z"),
                        "jane",
                        null)
                .asRollbackOf(earlier.number());
    }
}
