package io.jenkins.plugins.lockstep.kube;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.lockstep.ClusterTest;
import io.jenkins.plugins.lockstep.common.document.Tree;
import io.jenkins.plugins.lockstep.deploy.Verdict;
import io.jenkins.plugins.lockstep.history.Ledger;
import io.jenkins.plugins.lockstep.history.Release;
import io.jenkins.plugins.lockstep.history.ReleaseLog;
import io.jenkins.plugins.lockstep.manifest.RenderedObject;
import io.jenkins.plugins.lockstep.manifest.ResourceKey;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is read, of a real API server, of a ledger with more releases than most questions are about. */
@ClusterTest
class RecentReleasesTest {

    private static final LedgerNames NAMES = new LedgerNames("cart", "production");

    private RealCluster real;
    private FaultyFront front;
    private KubeCluster cluster;
    private Ledger ledger;

    @BeforeEach
    void start() throws Exception {
        real = new RealCluster();
        front = new FaultyFront(real.connection);
        cluster = RealCluster.at(front.url());
        ledger = new KubeLedger(real.client, real.namespace, "cart", "production");
    }

    @AfterEach
    void end() {
        cluster.close();
        front.close();
        real.close();
    }

    @Test
    void oneListOfTheNewestAnswersWhatADeployAsksHoweverManyThereAre() {
        release(1, 60);

        ReleaseLog log = ReleaseLog.of(watched());
        assertThat(log.newestFirst().limit(50)).extracting(Release::number).containsExactlyElementsOf(numbers(60, 11));
        assertThat(log.current()).map(Release::number).contains(60);
        assertThat(log.previous()).map(Release::number).contains(59);
        assertThat(log.unfinished()).isEmpty();
        assertThat(front.requests()).hasSize(1).allMatch(request -> request.contains("lockstep.io%2Fpast"));

        front.forget();
        assertThat(log.ofRevision(revision(3))).extracting(Release::number).containsExactly(3);
        assertThat(log.find(4)).map(Release::number).contains(4);
        assertThat(front.requests()).hasSize(2);

        front.forget();
        assertThat(log.releases()).extracting(Release::number).containsExactlyElementsOf(numbers(60, 1));
        assertThat(front.requests()).hasSize(1);
        assertThat(log.releases()).isEqualTo(ledger.list());
    }

    @Test
    void aBeginningReleasePassesOneEntryOnAndNoneOfTheNewestOrUnfinished() {
        Release stale = ledger.begin(draft(1), List.of(object()));
        release(2, 55);

        // The newest fifty when #55 began were #5 to #54; #1 has not ended.
        assertThat(IntStream.rangeClosed(1, 55).filter(this::isPast)).containsExactly(2, 3, 4);
        ReleaseLog log = ReleaseLog.of(ledger);
        assertThat(log.unfinished()).containsExactly(stale);

        ledger.finish(
                stale.ended(new Verdict(Verdict.Code.CRASHED, "it stopped without a word", List.of(), null), null),
                List.of());
        ReleaseLog.of(ledger);
        release(56, 56);
        assertThat(IntStream.rangeClosed(1, 56).filter(this::isPast)).containsExactly(1, 2, 3, 4, 5);
    }

    @Test
    void aLedgerThatSomebodyChangedByHandIsReadAsAWhole() {
        release(1, 60);
        delete(55);
        List<Integer> left = numbers(60, 1);
        left.remove(Integer.valueOf(55));
        assertThat(ReleaseLog.of(watched()).newestFirst().limit(59))
                .as("one among the newest is gone")
                .extracting(Release::number)
                .containsExactlyElementsOf(left);

        // What is the newest now was so far from it that older ones than the newest fifty are labelled.
        IntStream.of(60, 59, 58, 57, 56).forEach(this::delete);
        assertThat(ReleaseLog.of(watched()).releases())
                .extracting(Release::number)
                .containsExactlyElementsOf(numbers(54, 1));
        assertThat(new KubeLedger(real.client, real.namespace, "cart", "production")
                        .begin(draft(55), List.of(object()))
                        .number())
                .isEqualTo(55);
    }

    private Ledger watched() {
        front.forget();
        return cluster.ledger(real.namespace, "cart", "production");
    }

    private boolean isPast(int number) {
        return Tree.map(Tree.at(
                        real.client
                                .get(KubeClient.CONFIG_MAPS, real.namespace, NAMES.release(number))
                                .orElseThrow(),
                        "metadata",
                        "labels"))
                .containsKey("lockstep.io/past");
    }

    private void delete(int number) {
        var entry = real.client
                .get(KubeClient.CONFIG_MAPS, real.namespace, NAMES.release(number))
                .orElseThrow();
        real.client.delete(
                KubeClient.CONFIG_MAPS, real.namespace, NAMES.release(number), Tree.text(entry, "metadata", "uid"));
    }

    private static List<Integer> numbers(int newest, int oldest) {
        return new java.util.ArrayList<>(IntStream.rangeClosed(oldest, newest)
                .map(number -> newest + oldest - number)
                .boxed()
                .toList());
    }

    /** Releases as a deploy does: it reads the newest, begins, and ends. */
    private void release(int from, int to) {
        for (int number = from; number <= to; number++) {
            ReleaseLog.of(ledger);
            Release begun = ledger.begin(draft(number), List.of(object()));
            ledger.finish(
                    begun.ended(new Verdict(Verdict.Code.RUNNING, "everything is ready", List.of(), null), null),
                    List.of());
        }
    }

    private static String revision(int number) {
        return String.format("%040x", number);
    }

    private static RenderedObject object() {
        return new RenderedObject(
                "v1",
                new ResourceKey("", "ConfigMap", "shop", "cart"),
                RealCluster.tree("v1", "ConfigMap", "shop", "cart", Map.of("data", Map.of("key", "value"))),
                null,
                null);
    }

    private static Release draft(int number) {
        return Release.draft(
                "cart",
                "production",
                revision(number),
                "git",
                List.of(),
                List.of(),
                revision(number),
                Instant.parse("2026-03-01T12:00:00Z"),
                "jane",
                null);
    }
}
