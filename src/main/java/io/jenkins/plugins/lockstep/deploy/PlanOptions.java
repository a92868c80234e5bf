package io.jenkins.plugins.lockstep.deploy;

/**
 * What a {@link Planner} may and may not plan.
 *
 * @param rollback leaves Jobs out, unless annotated {@code lockstep.io/on-rollback: run}; true for a restore, too
 * @param pruneData also prunes PersistentVolumes, their claims, Namespaces and custom resource definitions
 */
public record PlanOptions(boolean rollback, boolean pruneData) {

    /** A deploy that keeps data. */
    public static final PlanOptions DEPLOY = new PlanOptions(false, false);

    /** A rollback or a restore, which keeps data. */
    public static final PlanOptions ROLLBACK = new PlanOptions(true, false);
}
