package io.jenkins.plugins.lockstep.deploy;

import org.jspecify.annotations.Nullable;

/**
 * What a {@link Planner} may and may not plan.
 *
 * @param rollback leaves Jobs out, unless annotated {@code lockstep.io/on-rollback: run}; true for a restore, too
 * @param pruneData also prunes PersistentVolumes, their claims, Namespaces and custom resource definitions
 * @param bounds how many pods the environment wants
 * @param adopt also plans to take over what client-side appliers still manage, where nothing else has changed
 * @param resumed the release that is gone on with, whose Jobs are not run a second time; null for a new one
 */
public record PlanOptions(
        boolean rollback, boolean pruneData, ReplicaBounds bounds, boolean adopt, @Nullable Stamp resumed) {

    /** A deploy that keeps data. */
    public static final PlanOptions DEPLOY = new PlanOptions(false, false);

    /** A rollback or a restore, which keeps data. */
    public static final PlanOptions ROLLBACK = new PlanOptions(true, false);

    /** Any number of pods will do. */
    public PlanOptions(boolean rollback, boolean pruneData) {
        this(rollback, pruneData, ReplicaBounds.NONE);
    }

    /** Takes nothing over. */
    public PlanOptions(boolean rollback, boolean pruneData, ReplicaBounds bounds) {
        this(rollback, pruneData, bounds, false, null);
    }

    public PlanOptions bounded(ReplicaBounds newBounds) {
        return new PlanOptions(rollback, pruneData, newBounds, adopt, resumed);
    }

    /** Returns a copy that takes over from client-side appliers, or does not. */
    public PlanOptions adopting(boolean adopts) {
        return new PlanOptions(rollback, pruneData, bounds, adopts, resumed);
    }

    /** Returns a copy that goes on with a release that has begun. */
    public PlanOptions resuming(Stamp stamp) {
        return new PlanOptions(rollback, pruneData, bounds, adopt, stamp);
    }
}
