package io.jenkins.plugins.lockstep.delivery;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.common.Progress;
import io.jenkins.plugins.lockstep.deploy.InventoryItem;
import io.jenkins.plugins.lockstep.deploy.Planner;
import io.jenkins.plugins.lockstep.deploy.Verdict;
import io.jenkins.plugins.lockstep.history.EnvironmentLock;
import io.jenkins.plugins.lockstep.history.Release;
import io.jenkins.plugins.lockstep.history.ReleaseLog;
import io.jenkins.plugins.lockstep.manifest.RenderedObject;
import io.jenkins.plugins.lockstep.manifest.ResourceKey;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Writes down how the releases of an environment end, and keeps in mind what is there meanwhile.
 *
 * <p>Used once, by the one thread that holds the lock.
 */
final class Bookkeeping {

    private final Destination destination;
    private final EnvironmentLock.Held lock;
    private final Progress progress;

    /** What is there, as far as it is known by now. */
    private List<InventoryItem> there = List.of();

    Bookkeeping(Destination destination, EnvironmentLock.Held lock, Progress progress) {
        this.destination = destination;
        this.lock = lock;
        this.progress = progress;
    }

    /** Reads the ledger. Whoever holds the lock knows that a release without an end has lost its process: it gets one. */
    ReleaseLog open() {
        return open(0);
    }

    /** As {@link #open()}, where the ledger has been read and nobody has released since. */
    ReleaseLog open(ReleaseLog read) {
        return opened(read, 0);
    }

    /**
     * As {@link #open()}, and lets the release of a number live: whoever asks goes on with it. Where another one has begun
     * since, it is too late for that.
     */
    ReleaseLog open(int resumed) {
        return opened(ReleaseLog.of(destination.ledger()), resumed);
    }

    private ReleaseLog opened(ReleaseLog log, int resumed) {
        there = destination.inventory(log);
        List<Release> dead = log.unfinished().stream()
                .filter(release -> release.number() != resumed || release.number() != log.nextNumber() - 1)
                .toList();
        if (dead.isEmpty()) {
            return log;
        }
        // The newest one last: what its inventory says is what counts.
        for (int i = dead.size() - 1; i >= 0; i--) {
            endCrashed(dead.get(i));
        }
        var ended = ReleaseLog.of(destination.ledger());
        there = destination.inventory(ended);
        return ended;
    }

    List<InventoryItem> there() {
        return there;
    }

    /** Notes what is there now: what was there before and is there still, and what was applied. */
    void note(List<InventoryItem> before, List<InventoryItem> applied) {
        there = union(before, applied);
    }

    /** Notes, too, what a release has created although nobody heard of it: an answer may have been lost. */
    void noteLeftovers(Release release, List<RenderedObject> objects) {
        there = union(leftovers(release, objects), there);
    }

    /** Writes down how a release ended. Whoever stops it must not cost that record. */
    void finish(Release ended) {
        boolean interrupted = Thread.interrupted();
        try {
            write(ended);
        } catch (DeliveryException e) {
            if (e.problem() != Problem.INTERRUPTED) {
                throw e;
            }
            interrupted = true;
            Thread.interrupted();
            write(ended);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void write(Release ended) {
        // Whoever lost the lock shall hear that, and not only that the record is somebody else's by now.
        lock.fence();
        destination.ledger().finish(ended, there);
    }

    private void endCrashed(Release release) {
        Verdict way = release.undoing();
        if (way != null && release.hasGivenWay()) {
            // It has changed nothing, and had said how it ends.
            destination.ledger().finish(release.ended(way, null), there);
            return;
        }
        progress.step("release " + release.number() + " by " + release.by() + " never ended: recorded as crashed");
        Verdict failure = release.undoing();
        Verdict crashed = new Verdict(
                Verdict.Code.CRASHED,
                release.by() + ", who released it, stopped without a word"
                        + (release.lease() == null ? "" : " or lost the lock (turn " + release.lease() + ")"),
                failure == null
                        ? List.of()
                        : List.of(
                                "what ran before was being brought back, because it had failed: " + failure.message()),
                "the next release makes the environment match its own revision");
        there = union(leftBehind(release), there);
        destination.ledger().finish(release.ended(crashed, null), there);
    }

    private List<InventoryItem> leftBehind(Release crashed) {
        try {
            return leftovers(crashed, destination.ledger().objects(crashed.number()));
        } catch (DeliveryException e) {
            if (e.problem() != Problem.BAD_INPUT) {
                throw e;
            }
            progress.warn("what release " + crashed.number() + " left behind can't be told: " + e.getMessage());
            return List.of();
        }
    }

    /** What a release created and the books do not have; none where that can't be told now. */
    private List<InventoryItem> leftovers(Release release, List<RenderedObject> objects) {
        var known = there.stream().map(InventoryItem::key).collect(Collectors.toSet());
        List<RenderedObject> unknown =
                objects.stream().filter(object -> !known.contains(object.key())).toList();
        try {
            return new Planner(destination.cluster()).leftBy(ReleaseRun.stamp(release), unknown);
        } catch (DeliveryException e) {
            if (e.problem() == Problem.INTERRUPTED) {
                throw e;
            }
            return List.of();
        }
    }

    /** Joins by identity; the second list wins. */
    private static List<InventoryItem> union(List<InventoryItem> first, List<InventoryItem> second) {
        Map<ResourceKey, InventoryItem> items = new LinkedHashMap<>();
        first.forEach(item -> items.put(item.key(), item));
        second.forEach(item -> items.put(item.key(), item));
        return List.copyOf(items.values());
    }
}
