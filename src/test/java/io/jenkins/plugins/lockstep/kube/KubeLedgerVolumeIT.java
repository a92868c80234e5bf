package io.jenkins.plugins.lockstep.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.jenkins.plugins.lockstep.ClusterTest;
import io.jenkins.plugins.lockstep.deploy.InventoryItem;
import io.jenkins.plugins.lockstep.deploy.Verdict;
import io.jenkins.plugins.lockstep.history.ChunkId;
import io.jenkins.plugins.lockstep.history.Ledger;
import io.jenkins.plugins.lockstep.history.Release;
import io.jenkins.plugins.lockstep.history.Release.ReleasedImage;
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
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
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

    private static final LedgerNames NAMES = new LedgerNames("cart", "production");

    private final List<String> requests = Collections.synchronizedList(new ArrayList<>());
    private final AtomicInteger bytes = new AtomicInteger();

    @Test
    void aRollbackCostsTheSameRequestsAndBytesAmongTenThousandReleasesAsAmongAThousand() throws Exception {
        Map<String, Integer> thousand;
        try (var real = new RealCluster()) {
            begin(real);
            ReleaseCopies.make(real.client, real.namespace, NAMES, 3, 1_000);
            thousand = operations(real, 1_000);
        }
        // In a namespace of its own: what has just become past is labelled by the next releases, which costs requests.
        try (var real = new RealCluster()) {
            Ledger ledger = begin(real);
            Set<ChunkId> needed = ledger.needed(Set.of());
            // One more, so that the last page is not just full.
            ReleaseCopies.make(real.client, real.namespace, NAMES, 3, 10_001);
            requests.clear();
            Map<String, Integer> tenThousand = operations(real, 10_001);

            assertThat(thousand).containsEntry("all", 1).containsEntry("newest", 1);
            assertThat(tenThousand).containsEntry("all", 6).containsEntry("newest", 1);
            assertThat(tenThousand.get("rollback")).isEqualTo(thousand.get("rollback"));
            // Numbers have a digit more, some of them.
            assertThat(tenThousand.get("bytes")).isCloseTo(thousand.get("bytes"), within(2_000));
            assertThat(tenThousand.get("bytes")).isLessThan(500_000);
            assertThat(ledger.needed(Set.of()))
                    .as("what nobody changed is stored once")
                    .isEqualTo(needed);
            assertThat(ledger.chunks(false)).hasSize(needed.size());
        }
    }

    /** Releases twice, for copies to be made of. */
    private static Ledger begin(RealCluster real) {
        Ledger ledger = new KubeLedger(real.client, real.namespace, "cart", "production");
        for (int i = 1; i <= 2; i++) {
            Release begun = ledger.begin(draft(i), objects(i));
            ledger.finish(
                    begun.ended(new Verdict(Verdict.Code.RUNNING, "everything is ready", List.of(), null), null),
                    List.of(new InventoryItem(
                            "v1", new ResourceKey("", "ConfigMap", "shop", "cart-" + i), "uid-" + i, true)));
        }
        return ledger;
    }

    /** Does what the ledger does for a history and for a rollback to the second release; returns how many requests each took. */
    private Map<String, Integer> operations(RealCluster real, int newest) {
        Ledger ledger = watched(real);
        var counts = new LinkedHashMap<String, Integer>();

        long start = System.nanoTime();
        List<Release> releases = ledger.list();
        report("all", newest, start);
        counts.put("all", requests.size());
        assertThat(releases).hasSize(newest);
        assertThat(releases.get(0).number()).isEqualTo(newest);

        requests.clear();
        start = System.nanoTime();
        assertThat(ReleaseLog.of(ledger).newestFirst().limit(20)).hasSize(20);
        report("newest", newest, start);
        counts.put("newest", requests.size());

        requests.clear();
        bytes.set(0);
        start = System.nanoTime();
        ReleaseLog log = ReleaseLog.of(ledger);
        Release second = log.select(new RollbackTarget.ToRelease(2), expression -> expression);
        List<RenderedObject> objects = ledger.objects(2);
        ReleaseLog again = ReleaseLog.of(ledger);
        assertThat(ledger.inventory(again.newestEnded().orElseThrow().number())).isNotEmpty();
        Release begun = ledger.begin(rollback(second), objects);
        ledger.finish(begun.ended(second.verdict(), null), List.of());
        report("rollback", newest, start);
        counts.put("rollback", requests.size());
        counts.put("bytes", bytes.get());

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

    private Ledger watched(RealCluster real) {
        KubeConnection one = RealCluster.connect();
        Interceptor note = chain -> {
            requests.add(chain.request().method() + " " + chain.request().url());
            var response = chain.proceed(chain.request());
            bytes.addAndGet(response.peekBody(Long.MAX_VALUE).bytes().length);
            return response;
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
