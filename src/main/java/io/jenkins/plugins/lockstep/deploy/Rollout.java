package io.jenkins.plugins.lockstep.deploy;

import io.jenkins.plugins.lockstep.common.Progress;
import io.jenkins.plugins.lockstep.manifest.RenderedObject;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;

/** Applies a plan, waits by watching, and judges. One instance may be used for many plans, also at the same time. */
public final class Rollout {

    private final Cluster cluster;
    private final RolloutOptions options;

    public Rollout(Cluster cluster, RolloutOptions options) {
        this.cluster = cluster;
        this.options = options;
    }

    /**
     * Makes the environment as the plan says, prunes excepted, and waits until everything is ready or can't become so.
     *
     * <p>Never throws for a failed rollout or a failing cluster: that is the verdict. Interruption is one, too
     * ({@link Verdict.Code#INTERRUPTED}): it stops at once, undoes nothing, and clears the thread's interrupt flag, so
     * that the caller can still write down what was applied.
     *
     * @throws DeliveryException {@link Problem#LOCKED} where someone else has taken the environment over: there is no
     *     verdict on what others do now
     */
    public RolloutResult run(Plan plan, Stamp stamp, Progress progress) {
        // Wall clocks are set back and forth, and those of nodes differ.
        return new RolloutRun(cluster, options, () -> Duration.ofNanos(System.nanoTime()), plan, stamp, progress)
                .toItsEnd();
    }

    /**
     * Looks once whether what a plan keeps is as it should be, without waiting for it.
     *
     * @return one clause for each object that is not ready, with what is seen of its pods; empty where all is well, or
     *     where the cluster does not say in time
     */
    public List<String> look(Plan plan) throws InterruptedException {
        return cluster.runsPods()
                ? new HealthLook(cluster, options.graces(), () -> Duration.ofNanos(System.nanoTime())).at(plan)
                : List.of();
    }

    /**
     * Asks the cluster, without changing anything, what it would make of what the plan changes of objects that are there:
     * someone else's fields and fields that never change are known before anything is written.
     *
     * <p>Objects to be created are not asked for: they may need each other. A plan without changes asks nothing.
     */
    public Rehearsal rehearse(Plan plan, Stamp stamp, SecretMask mask) throws InterruptedException {
        return rehearse(plan, stamp, mask, change -> false);
    }

    /**
     * As {@link #rehearse(Plan, Stamp, SecretMask)}, and asks for objects to be created, too.
     *
     * @param creations which ones
     */
    public Rehearsal rehearse(Plan plan, Stamp stamp, SecretMask mask, Predicate<Change> creations)
            throws InterruptedException {
        var dryRun = new DryRun(cluster, options.force(), stamp, plan.bounds(), mask);
        List<ChangeDetail> details = Parallel.map(plan.changes(), change -> {
            RenderedObject desired = change.desired();
            if (desired != null && change.operation() == Change.Operation.CONFIGURE) {
                return dryRun.configure(change, desired);
            }
            if (desired != null && change.operation() == Change.Operation.CREATE && creations.test(change)) {
                return dryRun.create(change, desired);
            }
            return new ChangeDetail(change, List.of(), List.of(), null);
        });
        List<ChangeDetail> settled = details.stream()
                .map(detail -> DryRun.isUnchanged(detail) && !isToBeAdopted(detail.change())
                        ? new ChangeDetail(detail.change().kept(), List.of(), List.of(), null)
                        : detail)
                .toList();
        return new Rehearsal(
                plan.with(settled.stream().map(ChangeDetail::change).toList()), settled);
    }

    /** What client-side appliers still manage is taken over also where no value changes. */
    private boolean isToBeAdopted(Change change) {
        LiveObject live = change.live();
        return options.adopts() && live != null && !Adoption.appliers(live).isEmpty();
    }
}
