package io.jenkins.plugins.lockstep.kube;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.common.Progress;
import io.jenkins.plugins.lockstep.history.Claim;
import io.jenkins.plugins.lockstep.history.EnvironmentLock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The lock of an environment as a Lease, named as its ledger is: 30 s long, renewed every 10 s (design,
 * section 5, rule 9).
 *
 * <p>Whether a lease has expired is judged by the waiter's own monotonic clock since it last saw the lease change, so
 * that clocks which disagree can't make two holders. While it is held, what the client writes is preceded by a look at
 * the holder's own clock ({@link WriteFence}), each try of it.
 */
final class KubeLock implements EnvironmentLock {

    /** Everybody who waits writes now and then; what is lost by giving up is the length of the lease. */
    private static final int MOST_TRIES = 20;

    private static final int MOST_FAILURES = 2;

    private final KubeClient client;
    private final KubeClient patient;
    private final KubeClient quick;
    private final String namespace;
    private final String environment;
    private final String name;
    private final LeaseTerms terms;

    /** The lease as {@link #turn} saw it: who finds it free need not look again before it tries to take it. */
    private final AtomicReference<@Nullable Lease> seen = new AtomicReference<>();

    /** @param client whose writes are fenced while the lock is held; stays the caller's to close */
    KubeLock(KubeClient client, String namespace, String app, String environment, LeaseTerms terms) {
        this.client = client;
        this.namespace = namespace;
        this.environment = environment;
        this.name = new LedgerNames(app, environment).lease();
        this.terms = terms;
        // What is asked about the lease itself must not wait for the lease.
        this.patient = client.unfenced();
        // A request that hangs must not cost the time in which another one would have renewed the lease.
        this.quick = client.unfenced(terms.renewal().dividedBy(2));
    }

    @Override
    public int turn() {
        Lease lease = read(patient).orElseGet(this::absent);
        seen.set(lease);
        return lease.isFree() ? lease.turn() + 1 : lease.turn();
    }

    @Override
    public Held acquire(Claim claim, Duration patience, Progress progress) throws InterruptedException {
        // Two releases of one user are two holders.
        String id = UUID.randomUUID().toString();
        var queue = new LeaseQueue(this, claim, id, progress);
        try {
            return queue.awaitTurn(patience);
        } catch (InterruptedException | RuntimeException | Error e) {
            boolean interrupted = Thread.interrupted() || e instanceof InterruptedException;
            queue.leave();
            if (interrupted || isInterruption(e)) {
                throw new InterruptedException("interrupted while waiting for the lock of " + environment);
            }
            throw e;
        }
    }

    private static boolean isInterruption(Throwable failure) {
        return failure instanceof DeliveryException e && e.problem() == Problem.INTERRUPTED;
    }

    /** Answers within the time that a lease is renewed in, or fails. */
    KubeClient quick() {
        return quick;
    }

    /** Meets passing faults as everything else does. */
    KubeClient patient() {
        return patient;
    }

    WriteFence fence() {
        return client.fence();
    }

    LeaseTerms terms() {
        return terms;
    }

    String name() {
        return name;
    }

    String environment() {
        return environment;
    }

    String place() {
        return "lease/" + name + " in namespace " + namespace;
    }

    Lease absent() {
        return Lease.absent(namespace, name);
    }

    /**
     * Returns the lease, as it was at {@link #turn} where nobody had it or waited for it then: it is taken by replacing just
     * that state of it, or read again where it has another one by now.
     */
    Lease look() {
        Lease before = seen.getAndSet(null);
        return before != null && before.isFree() && before.waiters().isEmpty()
                ? before
                : read(patient).orElseGet(this::absent);
    }

    Optional<Lease> read(KubeClient by) {
        return by.get(Lease.KIND, namespace, name).map(Lease::new);
    }

    /**
     * Writes the lease if it is still as it was read; empty where it was changed meanwhile, and where it can't be told
     * whether it was written: whoever reads it then sees.
     */
    Optional<Lease> replace(KubeClient by, Lease lease) {
        try {
            return (lease.isAbsent()
                            ? by.create(Lease.KIND, namespace, lease.tree())
                            : by.update(Lease.KIND, namespace, lease.tree()))
                    .map(Lease::new);
        } catch (DeliveryException e) {
            boolean gone = e.problem() == Problem.CLUSTER_REJECTED && !lease.isAbsent() && read(by).isEmpty();
            if (!gone) {
                throw e;
            }
            return Optional.empty();
        }
    }

    /**
     * Gives the lease back if it is that holder's; where that fails it expires by itself.
     *
     * @param last as the holder wrote it: mostly it is still so, and need not be read
     */
    void release(String identity, Lease last) {
        changeUntilDone(
                last,
                lease -> identity.equals(lease.holder())
                        ? Optional.of(lease.released(Instant.now()))
                        : Optional.empty());
    }

    /** Changes the lease, whoever else does so at the same time; empty ends that, and a server that keeps failing does. */
    void changeUntilDone(Function<Lease, Optional<Lease>> change) {
        changeUntilDone(null, change);
    }

    private void changeUntilDone(@Nullable Lease known, Function<Lease, Optional<Lease>> change) {
        Lease first = known;
        int failures = 0;
        for (int tries = 0; tries < MOST_TRIES && failures < MOST_FAILURES; tries++) {
            try {
                Optional<Lease> current = first == null ? read(quick) : Optional.of(first);
                first = null;
                Optional<Lease> changed = current.flatMap(change);
                if (changed.isEmpty() || replace(quick, changed.get()).isPresent()) {
                    return;
                }
            } catch (DeliveryException e) {
                failures++; // what is left behind expires, and is removed by others
            }
        }
    }
}
