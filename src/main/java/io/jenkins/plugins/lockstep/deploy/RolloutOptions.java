package io.jenkins.plugins.lockstep.deploy;

import java.time.Duration;

/**
 * How a plan is rolled out.
 *
 * @param timeout from the first write until everything must be ready
 * @param force takes fields that belong to other field managers; a rollback and a restore do
 * @param restore deletes broken pods of another StatefulSet revision: the controller would wait for them for ever
 * @param graces when a fault is conclusive
 * @param resumed goes on with a release: what is as it shall be gets its annotations also where nothing else is left to do
 */
public record RolloutOptions(Duration timeout, boolean force, boolean restore, Graces graces, boolean resumed) {

    /** A deploy that takes no field from anybody. */
    public static RolloutOptions within(Duration timeout) {
        return new RolloutOptions(timeout, false, false, Graces.DEFAULT, false);
    }

    /** Returns a copy that takes fields from other field managers. */
    public RolloutOptions forced() {
        return new RolloutOptions(timeout, true, restore, graces, resumed);
    }

    /** Tells whether it also takes over what client-side appliers manage, for good: a deploy that was told to. */
    boolean adopts() {
        return force && !restore;
    }

    /** Returns a copy for going back to what ran before, by hand or after a failure: forced, and with stuck pods deleted. */
    public RolloutOptions restoring() {
        return new RolloutOptions(timeout, true, true, graces, resumed);
    }

    public RolloutOptions patient(Graces newGraces) {
        return new RolloutOptions(timeout, force, restore, newGraces, resumed);
    }

    /**
     * Returns a copy that goes on with a release.
     *
     * @param left the time that is left
     */
    public RolloutOptions resuming(Duration left) {
        return new RolloutOptions(left, force, restore, graces, true);
    }
}
