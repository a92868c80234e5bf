package io.jenkins.plugins.lockstep.kube;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.common.Progress;
import io.jenkins.plugins.lockstep.history.Claim;
import io.jenkins.plugins.lockstep.history.EnvironmentLock;
import io.jenkins.plugins.lockstep.kube.HeldLease.Moment;
import io.jenkins.plugins.lockstep.kube.Lease.Claimant;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One who waits for a lease.
 *
 * <p>Says in an annotation of the lease that it waits, and for which revision, and lets those go first whose revision is
 * newer. It stays in the queue meanwhile: should the newer one die or fail, its own turn comes after all. Others are
 * believed to live, as holders are, as long as their entry changes.
 *
 * <p>Used once, by one thread.
 */
final class LeaseQueue {

    /** A lost answer tells nothing, and is found out by reading; a server that loses them all is broken. */
    private static final int MOST_LOST_ANSWERS = 3;

    private final KubeLock lock;
    private final Claim claim;
    private final String id;
    private final String identity;
    private final Progress progress;
    private final Clock wallClock = Clock.systemUTC();

    private final Map<String, Sign> signs = new HashMap<>();
    private final Set<String> newer = new HashSet<>();
    private final Set<String> told = new HashSet<>();
    private int beat;
    private long announcedAt;
    private int lostAnswers;
    private boolean wrote;

    /** Since when somebody's sign of life has been the same. */
    private record Sign(Object last, long nanos) {}

    LeaseQueue(KubeLock lock, Claim claim, String id, Progress progress) {
        this.lock = lock;
        this.claim = claim;
        this.id = id;
        this.identity = claim.by() + " " + id;
        this.progress = progress;
    }

    EnvironmentLock.Held awaitTurn(Duration patience) throws InterruptedException {
        long start = System.nanoTime();
        while (true) {
            Lease lease = lock.look();
            look(lease);
            Optional<Claimant> first = newerThatWaits(lease);
            boolean ours = identity.equals(lease.holder());
            boolean free = lease.isFree() || isSilent("", lease.length());
            if (ours || (free && first.isEmpty())) {
                Optional<EnvironmentLock.Held> taken = take(lease);
                if (taken.isPresent()) {
                    return taken.get();
                }
                continue;
            }
            if (System.nanoTime() - start > patience.toNanos()) {
                throw outOfPatience(lease, free ? first.orElse(null) : null);
            }
            tell(lease, free ? first.orElse(null) : null);
            announce(lease);
            TimeUnit.NANOSECONDS.sleep(lock.terms().poll().toNanos());
        }
    }

    /** Gives up whatever it has by now. */
    void leave() {
        if (!wrote) {
            return;
        }
        lock.changeUntilDone(lease -> {
            if (identity.equals(lease.holder())) {
                return Optional.of(lease.released(wallClock.instant()));
            }
            return lease.waiters().containsKey(id) ? Optional.of(lease.without(id)) : Optional.empty();
        });
    }

    // ---- the others

    /** Notes who has changed since the last look. */
    private void look(Lease lease) {
        sign("", lease.life());
        Map<String, Claimant> waiters = lease.waiters();
        waiters.forEach(this::sign);
        signs.keySet().removeIf(one -> !one.isEmpty() && !waiters.containsKey(one));
        Claimant holder = lease.claimant();
        if (holder != null && holder.over().contains(id)) {
            newer.add(holder.revision());
        }
        waiters.values().stream()
                .filter(waiter -> waiter.over().contains(id))
                .forEach(waiter -> newer.add(waiter.revision()));
    }

    private void sign(String who, Object life) {
        Sign before = signs.get(who);
        if (before == null || !before.last().equals(life)) {
            signs.put(who, new Sign(life, System.nanoTime()));
        }
    }

    private boolean isSilent(String who, Duration length) {
        Sign sign = signs.get(who);
        return sign != null && System.nanoTime() - sign.nanos() > length.toNanos();
    }

    private Optional<Claimant> newerThatWaits(Lease lease) {
        return claim.rollback()
                ? Optional.empty()
                : lease.waiters().entrySet().stream()
                        .filter(waiter -> !waiter.getKey().equals(id))
                        .filter(waiter -> isNewer(waiter.getValue()))
                        .filter(waiter ->
                                !isSilent(waiter.getKey(), lock.terms().length()))
                        .map(Map.Entry::getValue)
                        .findFirst();
    }

    /** A clone does not have commits that are younger than itself: the newer one's may know what this one's can't. */
    private boolean isNewer(Claimant other) {
        return !other.rollback() && (newer.contains(other.revision()) || claim.isOlderThan(other.revision()));
    }

    private Set<String> olderThatWait(Lease lease) {
        return lease.waiters().entrySet().stream()
                .filter(waiter -> !waiter.getKey().equals(id))
                .filter(waiter -> claim.isNewerThan(waiter.getValue().revision()))
                .map(Map.Entry::getKey)
                .collect(Collectors.toUnmodifiableSet());
    }

    // ---- itself

    private Optional<EnvironmentLock.Held> take(Lease lease) {
        Moment before = Moment.now(wallClock);
        Lease mine = identity.equals(lease.holder())
                ? lease.renewed(wallClock.instant()) // the answer to taking it was lost
                : lease.takenBy(
                        identity,
                        Claimant.of(claim, olderThatWait(lease), 0),
                        lock.terms().length(),
                        wallClock.instant());
        return write(withoutTheSilent(mine.without(id)))
                .map(taken -> new HeldLease(lock, identity, taken, before, newer));
    }

    private Lease withoutTheSilent(Lease lease) {
        Lease kept = lease;
        for (String waiter : lease.waiters().keySet()) {
            kept = isSilent(waiter, lock.terms().length()) ? kept.without(waiter) : kept;
        }
        return kept;
    }

    /** Says that it waits, and again while it does. Somebody else's change is no reason to hurry: the next look does. */
    private void announce(Lease lease) {
        Claimant written = lease.waiters().get(id);
        Set<String> over = olderThatWait(lease);
        boolean due = System.nanoTime() - announcedAt > lock.terms().renewal().toNanos();
        if (lease.isAbsent() || (written != null && written.over().equals(over) && !due)) {
            return;
        }
        beat++;
        long now = System.nanoTime();
        if (write(lease.awaitedBy(id, Claimant.of(claim, over, beat))).isPresent()) {
            announcedAt = now;
        }
    }

    private Optional<Lease> write(Lease lease) {
        wrote = true;
        try {
            Optional<Lease> written = lock.replace(lock.patient(), lease);
            lostAnswers = 0;
            return written;
        } catch (DeliveryException e) {
            if (e.problem() != Problem.CLUSTER_UNAVAILABLE || ++lostAnswers >= MOST_LOST_ANSWERS) {
                throw e;
            }
            return Optional.empty();
        }
    }

    // ---- words

    private void tell(Lease lease, @Nullable Claimant first) {
        if (first != null) {
            if (told.add(first.revision())) {
                progress.step("revision " + first.shortRevision() + " of " + first.by()
                        + " is newer and waits as well: it goes first");
            }
        } else if (told.add(lease.holder())) {
            progress.step("waiting for " + lease.holderInWords());
        }
    }

    private DeliveryException outOfPatience(Lease lease, @Nullable Claimant first) {
        return DeliveryException.of(
                        Problem.LOCKED,
                        first == null
                                ? "someone else is releasing to this environment"
                                : "a newer revision waits for this environment and goes first")
                .where(lock.place())
                .why(first == null ? "held by " + lease.holderInWords() : "it is " + first.words())
                .hint("see what it does with: lockstep history " + lock.environment()
                        + "; try again when it has ended, or wait longer with --lock-timeout");
    }
}
