package io.jenkins.plugins.lockstep.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.jenkins.plugins.lockstep.ClusterTest;
import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.common.Progress;
import io.jenkins.plugins.lockstep.common.document.Tree;
import io.jenkins.plugins.lockstep.deploy.Cluster;
import io.jenkins.plugins.lockstep.history.Claim;
import io.jenkins.plugins.lockstep.history.EnvironmentLock;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Leases on a real API server; where something stands between it and a holder, the test says so. */
@ClusterTest
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class KubeLockTest {

    private static final Duration LONG = Duration.ofMinutes(2);

    /** As short as whole seconds allow where a holder shall live, so that nothing waits for 30 s. */
    private static final LeaseTerms SHORT = LeaseTerms.of(Duration.ofSeconds(4));

    private RealCluster real;
    private Gate gate;

    @BeforeEach
    void open() throws IOException {
        real = new RealCluster();
        gate = Gate.beforeApiServer(Gate.Watchman.NOBODY);
    }

    @AfterEach
    void close() throws IOException {
        gate.close();
        real.close();
    }

    @Test
    void whoLostTheLeaseWritesNothingAnyMore() throws Exception {
        KubeCluster cutOff = RealCluster.at(gate.url());
        var lock = new KubeLock(cutOff.client(), real.namespace, "cart", "production", SHORT);
        var cut = new CountDownLatch(1);
        var held = lock.acquire(claim("jane", 1), LONG, Progress.NONE);
        held.check();
        applyThrough(cutOff);
        // Nothing of hers arrives from here on: neither renewals, nor the write that she begins in time and repeats.
        gate.watchedBy(before(request -> {
            waitFor(cut);
            throw new IOException("cut off");
        }));
        var late = new FutureTask<>(() -> catchThrowableOfType(DeliveryException.class, () -> applyThrough(cutOff)));
        new Thread(late).start();

        var next = lock(SHORT).acquire(claim("joe", 2), LONG, Progress.NONE);

        assertThat(next.turn()).isEqualTo(held.turn() + 1);
        var arrived = new CopyOnWriteArrayList<String>();
        gate.watchedBy(before(arrived::add));
        cut.countDown();
        assertThat(late.get().problem()).isEqualTo(Problem.LOCKED);
        assertThat(catchThrowableOfType(DeliveryException.class, () -> applyThrough(cutOff))
                        .problem())
                .isEqualTo(Problem.LOCKED);
        assertThat(catchThrowableOfType(DeliveryException.class, held::fence).problem())
                .isEqualTo(Problem.LOCKED);
        DeliveryException lost = catchThrowableOfType(DeliveryException.class, held::check);
        assertThat(lost.problem()).isEqualTo(Problem.LOCKED);
        assertThat(lost.problem().exitCode()).isEqualTo(3);
        assertThat(lost.hint()).contains("lockstep history production");
        held.close();
        assertThat(catchThrowableOfType(DeliveryException.class, () -> applyThrough(cutOff)))
                .isNotNull();
        assertThat(arrived).isNotEmpty().allMatch(request -> request.contains("/leases/"));
        next.check();
        next.close();
        assertThat(lease().holder()).isEmpty();
    }

    @Test
    void aLeaseThatSomebodyHadSinceItWasSeenFreeIsReadAgain() throws Exception {
        lock(SHORT).acquire(claim("jim", 3), LONG, Progress.NONE).close();
        var lock = lock(SHORT);
        int turn = lock.turn();
        lock(SHORT).acquire(claim("joe", 2), LONG, Progress.NONE).close();

        try (var held = lock.acquire(claim("jane", 1), LONG, Progress.NONE)) {
            assertThat(held.turn()).isEqualTo(turn + 1);
            held.check();
        }
        assertThat(lease().holder()).isEmpty();
    }

    @Test
    void aHolderThatNobodyReplacedGoesOnAfterItsLeaseRanOut() throws Exception {
        KubeCluster stalled = RealCluster.at(gate.url());
        var lock = new KubeLock(stalled.client(), real.namespace, "cart", "production", SHORT);
        var held = lock.acquire(claim("jane", 1), LONG, Progress.NONE);
        String life = lease().life();
        gate.watchedBy(before(request -> {
            throw new IOException("cut off");
        }));
        TimeUnit.NANOSECONDS.sleep(SHORT.length().plusSeconds(1).toNanos());
        gate.watchedBy(Gate.Watchman.NOBODY);

        applyThrough(stalled);

        assertThat(lease().life()).isNotEqualTo(life);
        assertThat(lease().turn()).isEqualTo(held.turn());
        held.check();
        held.close();
    }

    @Test
    void aRequestThatHangsDoesNotCostTheLease() throws Exception {
        KubeCluster slow = RealCluster.at(gate.url());
        var terms = LeaseTerms.of(Duration.ofSeconds(6));
        var lock = new KubeLock(slow.client(), real.namespace, "cart", "production", terms);
        var open = new CountDownLatch(1);
        var held = lock.acquire(claim("jane", 1), LONG, Progress.NONE);
        var hung = new AtomicBoolean();
        gate.watchedBy(before(request -> {
            if (!hung.getAndSet(true)) {
                waitFor(open);
            }
        }));

        DeliveryException refused = catchThrowableOfType(DeliveryException.class, () -> lock(terms)
                .acquire(claim("joe", 2), terms.length().plusSeconds(2), Progress.NONE));

        assertThat(refused.problem()).isEqualTo(Problem.LOCKED);
        assertThat(hung).isTrue();
        open.countDown();
        held.check();
        held.close();
    }

    @Test
    void whoWaitsHearsWhoHoldsItSinceWhenAndWhatFor() throws Exception {
        var said = new CopyOnWriteArrayList<String>();
        var first = lock(SHORT).acquire(claim("jane", 1), LONG, Progress.NONE);
        var next = new FutureTask<>(() -> lock(SHORT).acquire(claim("joe", 2), LONG, said::add));
        new Thread(next).start();
        await(() -> said.size() == 1);
        await(() -> lease().waiters().size() == 1);
        DeliveryException refused = catchThrowableOfType(
                DeliveryException.class, () -> lock(SHORT).acquire(claim("jim", 3), Duration.ZERO, Progress.NONE));

        assertThat(refused.problem()).isEqualTo(Problem.LOCKED);
        assertThat(refused.where()).isEqualTo("lease/lockstep-cart-production in namespace " + real.namespace);
        assertThat(refused.why())
                .matches("held by jane, who releases revision " + "1".repeat(12) + ", since [0-9TZ:-]+");
        assertThat(refused.hint()).contains("lockstep history production", "--lock-timeout");
        first.close();
        EnvironmentLock.Held second = next.get();
        assertThat(said).hasSize(1).allMatch(line -> line.startsWith("waiting for jane, who releases revision 1111"));
        assertThat(second.turn()).isEqualTo(first.turn() + 1);
        assertThat(lease().waiters()).isEmpty();
        second.close();
        assertThat(lock(SHORT).turn()).isEqualTo(second.turn() + 1);
    }

    @Test
    void aNewHolderIsToldAgain() throws Exception {
        var said = new CopyOnWriteArrayList<String>();
        var first = lock(SHORT).acquire(claim("jane", 3), LONG, Progress.NONE);
        var waits = new FutureTask<>(() -> lock(SHORT).acquire(claim("joe", 1), LONG, said::add));
        new Thread(waits).start();
        await(() -> lease().waiters().size() == 1);
        // Newer than joe's, so it goes first.
        var between = new FutureTask<>(() -> lock(SHORT).acquire(claim("jim", 2), LONG, Progress.NONE));
        new Thread(between).start();
        await(() -> lease().waiters().size() == 2);
        first.close();
        EnvironmentLock.Held second = between.get();
        await(() -> said.stream().anyMatch(line -> line.startsWith("waiting for jim, who releases revision 2222")));
        assertThat(waits.isDone()).isFalse();
        second.close();
        try (var third = waits.get()) {
            assertThat(third.turn()).isEqualTo(first.turn() + 2);
            // Said by jim, whose clone has both commits; joe's own would do as well.
            assertThat(third.newer()).contains("2".repeat(40));
        }
        assertThat(said).hasSizeBetween(2, 3).doesNotHaveDuplicates();
    }

    @Test
    void aNewerOneThatDiedInTheQueueIsPassedOver() throws Exception {
        var lock = lock(SHORT);
        lock.acquire(claim("jane", 1), LONG, Progress.NONE).close();
        // What a process leaves that was killed while it waited.
        var dead = Lease.Claimant.of(claim("jim", 9), Set.of(), 1);
        assertThat(lock.replace(real.client, lease().awaitedBy("dead", dead))).isPresent();
        var said = new ArrayList<String>();

        try (var held = lock.acquire(claim("joe", 2), LONG, said::add)) {
            held.check();
            assertThat(said)
                    .containsExactly(
                            "revision " + "9".repeat(12) + " of jim is newer and waits as well: it goes first");
            assertThat(lease().waiters()).isEmpty();
        }
    }

    @Test
    void aRollbackAndAnUnrelatedRevisionGiveWayToNobody() throws Exception {
        var lock = lock(SHORT);
        lock.acquire(claim("jane", 1), LONG, Progress.NONE).close();
        var newer = Lease.Claimant.of(claim("jim", 9), Set.of(), 1);
        assertThat(lock.replace(real.client, lease().awaitedBy("newer", newer))).isPresent();

        lock.acquire(Claim.outOfTurn("joe", id(2)), Duration.ZERO, Progress.NONE)
                .close();
        lock.acquire(new Claim("joe", id(2), false, (first, second) -> false), Duration.ZERO, Progress.NONE)
                .close();
    }

    @Test
    void whoIsInterruptedLeavesTheQueue() throws Exception {
        var held = lock(SHORT).acquire(claim("jane", 1), LONG, Progress.NONE);
        var ended = new CompletableFuture<Throwable>();
        var waiter = new Thread(() -> {
            try {
                lock(SHORT).acquire(claim("joe", 2), LONG, Progress.NONE);
                ended.complete(null);
            } catch (Throwable e) {
                ended.complete(e);
            }
        });
        waiter.start();
        await(() -> lease().waiters().size() == 1);

        waiter.interrupt();

        assertThat(ended.get()).isInstanceOf(InterruptedException.class);
        assertThat(lease().waiters()).isEmpty();
        held.check();
        held.close();
    }

    @Test
    void anAnswerThatIsLostIsNoFailure() throws Exception {
        KubeCluster lossy = RealCluster.at(gate.url());
        var lock = new KubeLock(lossy.client(), real.namespace, "cart", "production", LeaseTerms.DEFAULT);
        // The lease is created, and nobody hears of it.
        gate.watchedBy(loses("POST"));
        var first = lock.acquire(claim("jane", 1), Duration.ZERO, Progress.NONE);
        assertThat(first.turn()).isZero();
        first.check();
        first.close();
        // It is taken, and nobody hears of it.
        gate.watchedBy(loses("PUT"));
        var second = lock.acquire(claim("jane", 1), Duration.ZERO, Progress.NONE);
        assertThat(second.turn()).isEqualTo(1);
        second.check();
        second.close();
        assertThat(lease().turn()).isEqualTo(1);
        assertThat(lease().holder()).isEmpty();
    }

    @Test
    void aLeaseThatSomebodyDeletedIsLostAndCanBeTakenAgain() throws Exception {
        var held = lock(SHORT).acquire(claim("jane", 1), LONG, Progress.NONE);
        delete(lease());

        assertThat(catchThrowableOfType(DeliveryException.class, held::check).problem())
                .isEqualTo(Problem.LOCKED);
        held.close();
        lock(SHORT).acquire(claim("joe", 2), Duration.ZERO, Progress.NONE).close();
        // Deleted between the look and the attempt to take it.
        KubeCluster slow = RealCluster.at(gate.url());
        var deleted = new AtomicBoolean();
        gate.watchedBy(after(request -> {
            if (!deleted.getAndSet(true)) {
                delete(lease());
            }
        }));
        try (var again = new KubeLock(slow.client(), real.namespace, "cart", "production", SHORT)
                .acquire(claim("jim", 3), Duration.ZERO, Progress.NONE)) {
            again.check();
        }
    }

    @Test
    void whatOthersKeepInTheLeasesMetadataStays() throws Exception {
        var lock = lock(SHORT);
        lock.acquire(claim("jane", 1), LONG, Progress.NONE).close();
        Map<String, Object> tree = Tree.copy(lease().tree());
        Map<String, Object> metadata = Tree.map(tree, "metadata");
        metadata.put("labels", Map.of("team", "shop"));
        tree.put("metadata", metadata);
        assertThat(real.client.update(Lease.KIND, real.namespace, tree)).isPresent();

        lock.acquire(claim("jane", 1), LONG, Progress.NONE).close();

        assertThat(Tree.text(lease().tree(), "metadata", "labels", "team")).isEqualTo("shop");
        assertThat(Instant.parse(Tree.text(lease().tree(), "spec", "renewTime")))
                .isNotNull();
    }

    /** Something that a watchman does. */
    private interface Act {
        void on(String request) throws IOException;
    }

    private static Gate.Watchman before(Act act) {
        return new Gate.Watchman() {
            @Override
            public void before(String request) throws IOException {
                act.on(request);
            }
        };
    }

    private static Gate.Watchman after(Act act) {
        return new Gate.Watchman() {
            @Override
            public void after(String request) throws IOException {
                act.on(request);
            }
        };
    }

    /** Keeps the answer to the next request of a method. */
    private static Gate.Watchman loses(String method) {
        var lost = new AtomicBoolean();
        return after(request -> {
            if (request.startsWith(method) && !lost.getAndSet(true)) {
                throw new IOException("lost");
            }
        });
    }

    private static void waitFor(CountDownLatch latch) throws IOException {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    private void applyThrough(Cluster cluster) {
        var kind = KubeClient.CONFIG_MAPS;
        cluster.apply(
                kind,
                real.key("ConfigMap", "written"),
                Map.copyOf(real.configMap("written", "by the holder")),
                new Cluster.ApplyMode(Cluster.MANAGER, false, false));
    }

    private void delete(Lease lease) {
        real.client.delete(
                Lease.KIND, real.namespace, "lockstep-cart-production", Tree.text(lease.tree(), "metadata", "uid"));
    }

    private Lease lease() {
        return lock(SHORT).read(real.client).orElseThrow();
    }

    /** Each with a client of its own, as in another process. */
    private KubeLock lock(LeaseTerms terms) {
        var client = new KubeClient(real.connection, RealCluster.QUICK);
        return new KubeLock(client, real.namespace, "cart", "production", terms);
    }

    /** Revisions in a row: the higher, the newer. */
    private static Claim claim(String by, int revision) {
        return new Claim(by, id(revision), false, (first, second) -> first.compareTo(second) < 0);
    }

    private static String id(int digit) {
        return String.valueOf(digit).repeat(40);
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        while (!condition.getAsBoolean()) {
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }
}
