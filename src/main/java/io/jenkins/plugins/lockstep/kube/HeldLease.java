package io.jenkins.plugins.lockstep.kube;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.history.EnvironmentLock;
import io.jenkins.plugins.lockstep.kube.Lease.Claimant;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The lease while this process holds it.
 *
 * <p>Others may take it once it has not been renewed for its length. So its holder counts from before it sent the last
 * renewal that was confirmed: whatever the network did, nobody can have taken it earlier than that. Once that time is
 * up it is renewed, or known to be lost, before anything is written again. The clock of the day is looked at as well,
 * since a machine that sleeps stops the other one.
 */
final class HeldLease implements EnvironmentLock.Held {

    private static final int MOST_TRIES = 5;

    private final KubeLock lock;
    private final String identity;
    private final int turn;
    private final Set<String> newer;
    private final Clock wallClock = Clock.systemUTC();
    private final Runnable fence = this::fence;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread renewal;

    /** Since when those who wait have not been heard of. */
    private final Map<String, Sign> waiters = new HashMap<>();

    private Lease lease;
    private volatile Moment confirmed;
    private volatile boolean lost;

    /** A moment on both clocks. */
    record Moment(long nanos, long millis) {

        static Moment now(Clock wallClock) {
            return new Moment(System.nanoTime(), wallClock.millis());
        }

        boolean isYoungerThan(Duration age, Clock wallClock) {
            return System.nanoTime() - nanos < age.toNanos() && Math.abs(wallClock.millis() - millis) < age.toMillis();
        }
    }

    private record Sign(Claimant last, long nanos) {}

    /**
     * @param lease as it was when it became this process's
     * @param confirmed before that was asked for
     * @param newer the revisions that were called newer than this one's
     */
    HeldLease(KubeLock lock, String identity, Lease lease, Moment confirmed, Set<String> newer) {
        this.lock = lock;
        this.identity = identity;
        this.lease = lease;
        this.turn = lease.turn();
        this.confirmed = confirmed;
        this.newer = Set.copyOf(newer);
        this.renewal = new Thread(this::renewUntilClosed, "lockstep lease " + lock.name());
        renewal.setDaemon(true);
        lock.fence().add(fence);
        renewal.start();
    }

    @Override
    public int turn() {
        return turn;
    }

    @Override
    public Set<String> newer() {
        return newer;
    }

    @Override
    public void check() {
        if (own(lock.patient()).isEmpty()) {
            throw taken();
        }
        fence();
    }

    @Override
    public void fence() {
        for (int tries = 0; tries < MOST_TRIES; tries++) {
            if (lost) {
                throw taken();
            }
            if (isFresh()) {
                return;
            }
            renewUnlessFresh();
        }
        throw DeliveryException.of(Problem.CLUSTER_UNAVAILABLE, "can't renew this environment's lock in time")
                .where(lock.place())
                .hint("look at the API server: it takes longer to answer than the lock lasts");
    }

    private boolean isFresh() {
        return confirmed.isYoungerThan(lock.terms().length(), wallClock);
    }

    private synchronized void renewUnlessFresh() {
        if (!isFresh()) {
            renew(lock.patient());
        }
    }

    /** Renews it, or finds out that it is lost. */
    private synchronized void renew(KubeClient client) {
        for (int tries = 0; tries < MOST_TRIES; tries++) {
            Moment before = Moment.now(wallClock);
            Optional<Lease> renewed =
                    lock.replace(client, withoutTheSilent(lease).renewed(wallClock.instant()));
            if (renewed.isPresent()) {
                lease = renewed.get();
                confirmed = before;
                return;
            }
            // Most likely somebody has written that he waits.
            lease = own(client).orElseThrow(this::taken);
        }
        throw DeliveryException.of(Problem.CLUSTER_UNAVAILABLE, "can't renew this environment's lock")
                .where(lock.place())
                .why("others keep changing it");
    }

    /** Those who wait come back by themselves if they are only slow. */
    private Lease withoutTheSilent(Lease current) {
        Map<String, Claimant> there = current.waiters();
        waiters.keySet().retainAll(there.keySet());
        Lease kept = current;
        for (Map.Entry<String, Claimant> waiter : there.entrySet()) {
            Sign sign = waiters.get(waiter.getKey());
            if (sign == null || !sign.last().equals(waiter.getValue())) {
                waiters.put(waiter.getKey(), new Sign(waiter.getValue(), System.nanoTime()));
            } else if (System.nanoTime() - sign.nanos() > lock.terms().length().toNanos()) {
                kept = kept.without(waiter.getKey());
            }
        }
        return kept;
    }

    /** Returns the lease as it is now, if it is still ours. */
    private Optional<Lease> own(KubeClient client) {
        Optional<Lease> own = lock.read(client).filter(current -> identity.equals(current.holder()));
        if (own.isEmpty()) {
            lost = true;
        }
        return own;
    }

    private DeliveryException taken() {
        return DeliveryException.of(Problem.LOCKED, "someone else has taken this environment's lock over")
                .where(lock.place())
                .why("it was not renewed for " + lock.terms().length().toSeconds()
                        + " seconds: this process was stopped," + " or could not reach the cluster")
                .hint("nothing was written since; whoever took it over decides what runs: see lockstep history "
                        + lock.environment());
    }

    @Override
    public void close() {
        if (closed.getCount() == 0) {
            return;
        }
        closed.countDown();
        // A thread that is being interrupted must still give the lease back, or everybody waits for it to expire.
        boolean interrupted = Thread.interrupted();
        try {
            interrupted |= isInterruptedWhileRenewalEnds();
            lock.release(identity, last());
        } finally {
            if (!lost) {
                lock.fence().remove(fence);
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private synchronized Lease last() {
        return lease;
    }

    private boolean isInterruptedWhileRenewalEnds() {
        try {
            renewal.join(lock.terms().renewal().toMillis());
            return false;
        } catch (InterruptedException e) {
            return true;
        }
    }

    private void renewUntilClosed() {
        Duration pause = lock.terms().renewal();
        try {
            while (!closed.await(pause.toMillis(), TimeUnit.MILLISECONDS) && !lost) {
                pause = hasRenewed() ? lock.terms().renewal() : lock.terms().poll();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean hasRenewed() {
        try {
            renew(lock.quick());
            return true;
        } catch (RuntimeException e) {
            return false; // the next write, or the next phase, finds out what is the matter
        }
    }
}
