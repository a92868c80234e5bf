package io.jenkins.plugins.lockstep.deploy;

import java.time.Duration;

/**
 * How a plan is rolled out.
 *
 * @param timeout from the first write until everything must be ready
 * @param force takes fields that belong to other field managers; a rollback and a restore do
 * @param restore deletes the pods of a failed StatefulSet revision that are not ready, for which the controller would
 *     wait for ever
 * @param bounds how many pods the environment wants
 * @param graces when a fault is conclusive
 */
public record RolloutOptions(Duration timeout, boolean force, boolean restore, ReplicaBounds bounds, Graces graces) {

    /** A deploy that takes no field from anybody. */
    public static RolloutOptions within(Duration timeout) {
        return new RolloutOptions(timeout, false, false, ReplicaBounds.NONE, Graces.DEFAULT);
    }

    /** Returns a copy that takes fields from other field managers. */
    public RolloutOptions forced() {
        return new RolloutOptions(timeout, true, restore, bounds, graces);
    }

    /** Returns a copy for going back to what ran before a failure: forced, and with stuck pods deleted. */
    public RolloutOptions restoring() {
        return new RolloutOptions(timeout, true, true, bounds, graces);
    }

    public RolloutOptions bounded(ReplicaBounds newBounds) {
        return new RolloutOptions(timeout, force, restore, newBounds, graces);
    }

    public RolloutOptions patient(Graces newGraces) {
        return new RolloutOptions(timeout, force, restore, bounds, newGraces);
    }
}
