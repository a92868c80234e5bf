package io.jenkins.plugins.lockstep.delivery;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Progress;
import io.jenkins.plugins.lockstep.deploy.InventoryItem;
import io.jenkins.plugins.lockstep.deploy.Plan;
import io.jenkins.plugins.lockstep.deploy.PlanOptions;
import io.jenkins.plugins.lockstep.deploy.Planner;
import io.jenkins.plugins.lockstep.deploy.Pruner;
import io.jenkins.plugins.lockstep.deploy.ReplicaBounds;
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
import java.util.Set;
import java.util.stream.Collectors;
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
                    .plan(objects, before, new PlanOptions(rollback, settings.pruneData(), replicas(bounds, draft)));
            Optional<Release> current = log.current();
            if (plan.isEmpty() && current.isPresent() && current.get().seal().equals(draft.seal())) {
                progress.step("nothing to do: release " + current.get().number() + " is just that");
                return new DeployResult(
                        current.get(), verdictOf(current.get()), null, null, plan, 0, stopwatch.seconds());
            }
            Release begun = destination.ledger().begin(draft, objects);
            progress.step("release " + begun.number() + " of revision " + begun.revision());
            return rollOut(begun, plan, current, lock);
        }
    }

    private DeployResult rollOut(Release begun, Plan plan, Optional<Release> current, EnvironmentLock.Held lock)
            throws InterruptedException {
        boolean force = begun.rollbackOf() != null || settings.takeOwnership();
        RolloutResult rollout = rollOut(plan, begun, force ? options().forced() : options(), lock);
        Verdict verdict = rollout.verdict();
        if (verdict.code() == Verdict.Code.INTERRUPTED) {
            progress.step("interrupted: release " + begun.number() + " is recorded as such, nothing is undone");
            finish(begun.ended(verdict, null), plan.undesired(), rollout);
            throw new InterruptedException("release " + begun.number() + " was interrupted");
        }
        if (verdict.isGood()) {
            lock.check();
            List<InventoryItem> left = new Pruner(destination.cluster()).prune(plan, progress);
            Release ended = begun.ended(verdict, null);
            finish(ended, left, rollout);
            return result(ended, verdict, null, null, plan, plan.undesired().size() - left.size());
        }
        progress.step("release " + begun.number() + " failed: " + verdict.message());
        if (!settings.restoreOnFailure() || current.isEmpty()) {
            progress.step(
                    current.isEmpty()
                            ? "no earlier release was good: what was applied stays"
                            : "what was applied stays, as asked for");
            Release ended = begun.ended(verdict, null);
            finish(ended, plan.undesired(), rollout);
            return result(ended, verdict, null, null, plan, 0);
        }
        return restore(begun, plan, rollout, current.get(), lock);
    }

    /** Brings the last good release back, and records how both went. */
    private DeployResult restore(
            Release failed, Plan plan, RolloutResult rollout, Release good, EnvironmentLock.Held lock)
            throws InterruptedException {
        progress.step("bringing release " + good.number() + " back, revision " + good.revision());
        List<InventoryItem> inventory = union(plan.undesired(), rollout.applied());
        List<InventoryItem> left = inventory;
        RolloutResult restore;
        try {
            Plan way = new Planner(destination.cluster())
                    .plan(
                            destination.ledger().objects(good.number()),
                            inventory,
                            PlanOptions.ROLLBACK.bounded(replicas(bounds, good)));
            left = way.undesired();
            restore = rollOut(way, good, options().restoring(), lock);
            if (restore.verdict().isGood()) {
                left = new Pruner(destination.cluster()).prune(way, progress);
                progress.step("release " + good.number() + " is back");
            }
        } catch (DeliveryException e) {
            // The environment is in neither state: that is a verdict of its own, not just an error.
            restore = new RolloutResult(clusterFailed(e), List.of());
        }
        boolean back = restore.verdict().isGood();
        Release ended = failed.ended(rollout.verdict(), back ? good.number() : null);
        finish(ended, left, restore);
        if (restore.verdict().code() == Verdict.Code.INTERRUPTED) {
            throw new InterruptedException("bringing release " + good.number() + " back was interrupted");
        }
        return result(ended, rollout.verdict(), back ? good : null, restore.verdict(), plan, 0);
    }

    private RolloutResult rollOut(Plan plan, Release release, RolloutOptions options, EnvironmentLock.Held lock) {
        lock.check();
        var stamp =
                new Stamp(release.app(), release.environment(), release.revision(), release.number(), release.seal());
        return new Rollout(destination.cluster(), options).run(plan, stamp, progress);
    }

    private void finish(Release ended, List<InventoryItem> left, RolloutResult rollout) {
        destination.ledger().finish(ended, union(left, rollout.applied()));
    }

    private DeployResult result(
            Release ended,
            Verdict verdict,
            @Nullable Release restored,
            @Nullable Verdict restoreVerdict,
            Plan plan,
            int pruned) {
        return new DeployResult(ended, verdict, restored, restoreVerdict, plan, pruned, stopwatch.seconds());
    }

    private RolloutOptions options() {
        return RolloutOptions.within(settings.timeout());
    }

    /** Bounds are for the application's own workloads: a database among its manifests is not scaled along. */
    static ReplicaBounds replicas(Environment.@Nullable ReplicaBounds bounds, Release release) {
        if (bounds == null) {
            return ReplicaBounds.NONE;
        }
        Set<String> images = release.images().stream()
                .map(image -> image.reference().toString())
                .collect(Collectors.toSet());
        return new ReplicaBounds(bounds.min(), bounds.max(), images);
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
