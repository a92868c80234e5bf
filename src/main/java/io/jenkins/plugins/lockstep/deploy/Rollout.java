package io.jenkins.plugins.lockstep.deploy;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.common.Progress;
import io.jenkins.plugins.lockstep.deploy.Cluster.ApplyMode;
import io.jenkins.plugins.lockstep.manifest.RenderedObject;
import java.time.Duration;

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
     * Asks the cluster, without changing anything, whether it would take what the plan changes of objects that are there:
     * someone else's fields and fields that never change are known before anything is written.
     *
     * <p>Objects to be created are not asked for: they may need each other.
     *
     * @throws DeliveryException with the cluster's own words: {@link Problem#FIELD_CONFLICT} or
     *     {@link Problem#CLUSTER_REJECTED}
     */
    public void rehearse(Plan plan, Stamp stamp) {
        for (Change change : plan.changes()) {
            RenderedObject desired = change.desired();
            if (change.operation() != Change.Operation.CONFIGURE || desired == null) {
                continue;
            }
            try {
                cluster.apply(
                        change.kind(),
                        change.key(),
                        stamp.on(desired, change.created()),
                        new ApplyMode(Cluster.MANAGER, options.force(), true));
            } catch (DeliveryException e) {
                if (e.getMessage().contains("does not support dry run")) {
                    continue; // an admission webhook with side effects: only the real apply can tell
                }
                throw desired.place() == null ? e : e.where(desired.place() + ", said by " + e.where());
            }
        }
    }
}
