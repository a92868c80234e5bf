package io.jenkins.plugins.lockstep.deploy;

/**
 * What a {@link Planner} may and may not plan.
 *
 * @param rollback leaves Jobs out, unless annotated {@code lockstep.io/on-rollback: run}; true for a restore, too
 * @param pruneData also prunes PersistentVolumes, their claims, Namespaces and custom resource definitions
 * @param bounds how many pods the environment wants
 */
public record PlanOptions(boolean rollback, boolean pruneData, ReplicaBounds bounds) {

    /** A deploy that keeps data. */
    public static final PlanOptions DEPLOY = new PlanOptions(false, false);

    /** A rollback or a restore, which keeps data. */
    public static final PlanOptions ROLLBACK = new PlanOptions(true, false);

    /** Any number of pods will do. */
    public PlanOptions(boolean rollback, boolean pruneData) {
        this(rollback, pruneData, ReplicaBounds.NONE);
    }

    public PlanOptions bounded(ReplicaBounds newBounds) {
        return new PlanOptions(rollback, pruneData, newBounds);
    }
}
