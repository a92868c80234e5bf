package io.jenkins.plugins.lockstep.delivery;

import io.jenkins.plugins.lockstep.deploy.Graces;
import io.jenkins.plugins.lockstep.project.Environment;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * How a release is rolled out.
 *
 * @param timeout how long pods may take; a restore gets the same time again
 * @param lockTimeout how long to wait for someone else's release
 * @param restoreOnFailure whether a failed rollout brings the last good release back
 * @param takeOwnership whether fields that belong to other managers are taken
 * @param pruneData whether volumes, claims, namespaces and resource definitions may be pruned too
 * @param overrides which guards are told to let this release pass
 * @param graces how long faults may last, by name ({@link Graces#NAMES}), where the project file's do not hold
 */
public record RolloutSettings(
        Duration timeout,
        Duration lockTimeout,
        boolean restoreOnFailure,
        boolean takeOwnership,
        boolean pruneData,
        Overrides overrides,
        Map<String, String> graces) {

    public RolloutSettings {
        graces = Map.copyOf(graces);
    }

    /** With the graces of the project file. */
    public RolloutSettings(
            Duration timeout,
            Duration lockTimeout,
            boolean restoreOnFailure,
            boolean takeOwnership,
            boolean pruneData,
            Overrides overrides) {
        this(timeout, lockTimeout, restoreOnFailure, takeOwnership, pruneData, overrides, Map.of());
    }

    /** Returns a copy whose graces are those of the environment, except where these say otherwise. */
    RolloutSettings over(Environment environment) {
        var all = new HashMap<>(environment.graces());
        all.putAll(graces);
        return new RolloutSettings(timeout, lockTimeout, restoreOnFailure, takeOwnership, pruneData, overrides, all);
    }

    /** Returns a copy that takes and prunes what a plan decided. */
    RolloutSettings deciding(boolean taking, boolean pruning) {
        return new RolloutSettings(timeout, lockTimeout, restoreOnFailure, taking, pruning, overrides, graces);
    }

    /**
     * Makes sure that graces have names and values that there are.
     *
     * @throws io.jenkins.plugins.lockstep.common.DeliveryException
     *     {@link io.jenkins.plugins.lockstep.common.Problem#BAD_USAGE} for the first that has not
     */
    public static void requireGraces(Map<String, String> graces) {
        Graces.DEFAULT.with(graces);
    }

    /** Ten minutes, five for the lock, restore on failure, nothing taken, no data pruned. */
    public static final RolloutSettings DEFAULT =
            new RolloutSettings(Duration.ofMinutes(10), Duration.ofMinutes(5), true, false, false, Overrides.NONE);
}
