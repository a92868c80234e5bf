package io.jenkins.plugins.lockstep.delivery;

import java.time.Duration;

/**
 * How a release is rolled out.
 *
 * @param timeout how long pods may take; a restore gets the same time again
 * @param lockTimeout how long to wait for someone else's release
 * @param restoreOnFailure whether a failed rollout brings the last good release back
 * @param takeOwnership whether fields that belong to other managers are taken
 * @param pruneData whether volumes, claims, namespaces and resource definitions may be pruned too
 * @param overrides which guards are told to let this release pass
 */
public record RolloutSettings(
        Duration timeout,
        Duration lockTimeout,
        boolean restoreOnFailure,
        boolean takeOwnership,
        boolean pruneData,
        Overrides overrides) {

    /** Returns a copy that takes and prunes what a plan decided. */
    RolloutSettings deciding(boolean taking, boolean pruning) {
        return new RolloutSettings(timeout, lockTimeout, restoreOnFailure, taking, pruning, overrides);
    }

    /** Ten minutes, five for the lock, restore on failure, nothing taken, no data pruned. */
    public static final RolloutSettings DEFAULT =
            new RolloutSettings(Duration.ofMinutes(10), Duration.ofMinutes(5), true, false, false, Overrides.NONE);
}
