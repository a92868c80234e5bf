package io.jenkins.plugins.lockstep.delivery;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.common.Progress;
import io.jenkins.plugins.lockstep.deploy.InventoryItem;
import io.jenkins.plugins.lockstep.deploy.Plan;
import io.jenkins.plugins.lockstep.deploy.PlanOptions;
import io.jenkins.plugins.lockstep.deploy.Planner;
import io.jenkins.plugins.lockstep.deploy.Pruner;
import io.jenkins.plugins.lockstep.deploy.Rollout;
import io.jenkins.plugins.lockstep.deploy.RolloutOptions;
import io.jenkins.plugins.lockstep.deploy.RolloutResult;
import io.jenkins.plugins.lockstep.deploy.Stamp;
import io.jenkins.plugins.lockstep.deploy.Verdict;
import io.jenkins.plugins.lockstep.history.EnvironmentLock;
import io.jenkins.plugins.lockstep.history.Release;
import io.jenkins.plugins.lockstep.history.ReleaseLog;
import io.jenkins.plugins.lockstep.manifest.RenderedObject;
import io.jenkins.plugins.lockstep.manifest.ResourceKey;
import io.jenkins.plugins.lockstep.project.Environment;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What deploy and rollback have in common once it is known what to release: plan, begin, apply, await, judge, finish.
 *
 * <p>Used once, by one thread.
 */
final class ReleaseRun {

    private final Destination destination;
    private final RolloutSettings settings;
    private final Environment.@Nullable ReplicaBounds bounds;
    private final Progress progress;
    private final Stopwatch stopwatch = new Stopwatch();

    ReleaseRun(
            Destination destination,
            RolloutSettings settings,
            Environment.@Nullable ReplicaBounds bounds,
            Progress progress) {
        this.destination = destination;
        this.settings = settings;
        this.bounds = bounds;
        this.progress = progress;
    }

    /**
     * Releases.
     *
     * @param draft the release without its number; a rollback where it says which release it brings back
     * @param objects everything that it renders
     */
    DeployResult run(Release draft, List<RenderedObject> objects) throws InterruptedException {
        try (var lock = destination.lock().acquire(draft.by(), settings.lockTimeout(), progress)) {
            ReleaseLog log = new ReleaseLog(endCrashed(destination.ledger().list()));
            List<InventoryItem> before = inventory(log);
            boolean rollback = draft.rollbackOf() != null;
            Plan plan = new Planner(destination.cluster())
                    .plan(objects, before, new PlanOptions(rollback, settings.pruneData()));
            Optional<Release> current = log.current();
            if (plan.isEmpty() && current.isPresent() && current.get().seal().equals(draft.seal())) {
                progress.step("nothing to do: release " + current.get().number() + " is just that");
                return new DeployResult(
                        current.get(), verdictOf(current.get()), null, null, plan, 0, stopwatch.seconds());
            }
            Release begun = destination.ledger().begin(draft, objects);
            progress.step("release " + begun.number() + " of revision " + begun.revision());
            return rollOut(begun, plan, before, current, lock);
        }
    }

    private DeployResult rollOut(
            Release begun, Plan plan, List<InventoryItem> before, Optional<Release> current, EnvironmentLock.Held lock)
            throws InterruptedException {
        try {
            lock.check();
            RolloutResult rollout = rollout(begun.rollbackOf() != null || settings.takeOwnership(), false)
                    .run(plan, stamp(begun), progress);
            if (rollout.verdict().isGood()) {
                lock.check();
                List<InventoryItem> kept = new Pruner(destination.cluster()).prune(plan, progress);
                Release ended = begun.ended(rollout.verdict(), null);
                destination.ledger().finish(ended, union(kept, rollout.applied()));
                return new DeployResult(
                        ended,
                        rollout.verdict(),
                        null,
                        null,
                        plan,
                        plan.count(io.jenkins.plugins.lockstep.deploy.Change.Operation.PRUNE)
                                - pruneFailures(plan, kept),
                        stopwatch.seconds());
            }
            return failed(begun, plan, rollout, before, current, lock);
        } catch (InterruptedException e) {
            finishInterrupted(begun, before, plan);
            throw e;
        } catch (DeliveryException e) {
            if (e.problem() == Problem.INTERRUPTED) {
                finishInterrupted(begun, before, plan);
            } else if (e.problem() != Problem.LOCKED) {
                finishQuietly(begun, clusterFailed(e), before);
            }
            throw e;
        }
    }

    /** Brings the last good release back, if there is one and it is wanted, and records both. */
    private DeployResult failed(
            Release begun,
            Plan plan,
            RolloutResult rollout,
            List<InventoryItem> before,
            Optional<Release> good,
            EnvironmentLock.Held lock)
            throws InterruptedException {
        Verdict verdict = rollout.verdict();
        progress.step("release " + begun.number() + " failed: " + verdict.message());
        List<InventoryItem> inventory = union(before, rollout.applied());
        if (!settings.restoreOnFailure() || good.isEmpty()) {
            progress.step(
                    good.isEmpty()
                            ? "no earlier release was good: what was applied stays"
                            : "what was applied stays, as asked for");
            Release ended = begun.ended(verdict, null);
            destination.ledger().finish(ended, inventory);
            return new DeployResult(ended, verdict, null, null, plan, 0, stopwatch.seconds());
        }
        Release back = good.get();
        progress.step("bringing release " + back.number() + " back, revision " + back.revision());
        Plan way = new Planner(destination.cluster())
                .plan(destination.ledger().objects(back.number()), inventory, new PlanOptions(true, false));
        lock.check();
        RolloutResult restore = rollout(true, true).run(way, stamp(back), progress);
        List<InventoryItem> left = union(inventory, restore.applied());
        if (restore.verdict().isGood()) {
            left = union(new Pruner(destination.cluster()).prune(way, progress), restore.applied());
            progress.step("release " + back.number() + " is back");
        }
        Release ended = begun.ended(verdict, restore.verdict().isGood() ? back.number() : null);
        destination.ledger().finish(ended, left);
        return new DeployResult(
                ended,
                verdict,
                restore.verdict().isGood() ? back : null,
                restore.verdict(),
                plan,
                0,
                stopwatch.seconds());
    }

    private Rollout rollout(boolean force, boolean restore) {
        return new Rollout(
                destination.cluster(),
                new RolloutOptions(
                        settings.timeout(),
                        force,
                        restore,
                        bounds == null ? null : bounds.min(),
                        bounds == null ? null : bounds.max()));
    }

    private static Stamp stamp(Release release) {
        return new Stamp(release.app(), release.environment(), release.revision(), release.number(), release.seal());
    }

    /** Whoever holds the lock knows that nobody else works on a release: one without an end has lost its process. */
    private List<Release> endCrashed(List<Release> releases) {
        ReleaseLog log = new ReleaseLog(releases);
        if (log.unfinished().isEmpty()) {
            return releases;
        }
        List<InventoryItem> inventory = inventory(log);
        for (Release release : log.unfinished()) {
            progress.step("release " + release.number() + " by " + release.by() + " never ended: recorded as crashed");
            Verdict crashed = new Verdict(
                    Verdict.Code.CRASHED,
                    "whoever released it stopped without a word",
                    List.of(),
                    "the next release makes the environment match its own revision");
            destination.ledger().finish(release.ended(crashed, null), inventory);
        }
        return destination.ledger().list();
    }

    /** What the environment holds according to the newest release that ended. */
    private List<InventoryItem> inventory(ReleaseLog log) {
        return log.newestEnded()
                .map(release -> destination.ledger().inventory(release.number()))
                .orElse(List.of());
    }

    private void finishInterrupted(Release begun, List<InventoryItem> before, Plan plan) {
        // The record is worth a moment more: without it the next release would take this one for crashed.
        boolean interrupted = Thread.interrupted();
        try {
            progress.step("interrupted: release " + begun.number() + " is recorded as such, nothing is undone");
            finishQuietly(
                    begun,
                    new Verdict(
                            Verdict.Code.INTERRUPTED,
                            "stopped before the " + plan.changes().size() + " objects were known to run",
                            List.of(),
                            "the next release makes the environment match its own revision"),
                    before);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void finishQuietly(Release begun, Verdict verdict, List<InventoryItem> inventory) {
        try {
            destination.ledger().finish(begun.ended(verdict, null), inventory);
        } catch (DeliveryException e) {
            progress.warn("release " + begun.number() + " could not be ended in the ledger: " + e.getMessage());
        }
    }

    private static Verdict clusterFailed(DeliveryException failure) {
        return new Verdict(Verdict.Code.CLUSTER_FAILED, failure.getMessage(), List.of(), failure.hint());
    }

    private static Verdict verdictOf(Release release) {
        Verdict verdict = release.verdict();
        if (verdict == null) {
            throw new IllegalStateException("the current release has ended: " + release.number());
        }
        return verdict;
    }

    /** Joins by identity; the second list wins. */
    private static List<InventoryItem> union(List<InventoryItem> first, List<InventoryItem> second) {
        Map<ResourceKey, InventoryItem> items = new LinkedHashMap<>();
        first.forEach(item -> items.put(item.key(), item));
        second.forEach(item -> items.put(item.key(), item));
        return List.copyOf(items.values());
    }
}
