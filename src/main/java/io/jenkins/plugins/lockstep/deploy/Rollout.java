package io.jenkins.plugins.lockstep.deploy;

import io.jenkins.plugins.lockstep.common.Progress;
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
     */
    public RolloutResult run(Plan plan, Stamp stamp, Progress progress) {
        // Wall clocks are set back and forth, and those of nodes differ.
        return new RolloutRun(cluster, options, () -> Duration.ofNanos(System.nanoTime()), plan, stamp, progress)
                .toItsEnd();
    }
}
