package io.jenkins.plugins.lockstep.jenkins.run;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.DurationText;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.delivery.Overrides;
import io.jenkins.plugins.lockstep.delivery.RolloutSettings;
import java.io.Serializable;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a release is rolled out, as a user configured it.
 *
 * @param timeout for example {@code 10m}, null for the engine's default
 * @param lockTimeout likewise, how long to wait for someone else's release
 * @param onFailure {@value #ROLLBACK} or {@value #KEEP}, null for the former
 * @param takeOwnership whether fields that belong to other managers are taken
 * @param pruneData whether volumes, claims, namespaces and resource definitions may be pruned too
 * @param allowOlder whether a revision older than what runs may pass
 * @param allowDiverged whether a revision that lacks commits that run may pass
 * @param skipGate whether the environment that comes first is not asked
 * @param fixes the held revision that this one fixes, null where none is named
 * @param graces how long, or how often, faults may last, as {@code NAME=VALUE} with spaces or commas between them; null
 *     for the project file's alone
 */
public record RolloutArguments(
        @Nullable String timeout,
        @Nullable String lockTimeout,
        @Nullable String onFailure,
        boolean takeOwnership,
        boolean pruneData,
        boolean allowOlder,
        boolean allowDiverged,
        boolean skipGate,
        @Nullable String fixes,
        @Nullable String graces)
        implements Serializable {

    public static final String ROLLBACK = "rollback";
    public static final String KEEP = "keep";

    /** Nothing but defaults. */
    public static final RolloutArguments DEFAULT =
            new RolloutArguments(null, null, null, false, false, false, false, false, null, null);

    private static final long serialVersionUID = 1L;

    RolloutSettings settings() {
        return new RolloutSettings(
                orDefault(timeout, RolloutSettings.DEFAULT.timeout()),
                orDefault(lockTimeout, RolloutSettings.DEFAULT.lockTimeout()),
                restoreOnFailure(),
                takeOwnership,
                pruneData,
                new Overrides(allowOlder, allowDiverged, skipGate, fixes),
                GraceText.parse(graces));
    }

    Duration lockTime() {
        return orDefault(lockTimeout, RolloutSettings.DEFAULT.lockTimeout());
    }

    private static Duration orDefault(@Nullable String text, Duration standard) {
        return text == null ? standard : DurationText.parse(text);
    }

    private boolean restoreOnFailure() {
        if (onFailure == null || onFailure.equals(ROLLBACK)) {
            return true;
        }
        if (onFailure.equals(KEEP)) {
            return false;
        }
        throw DeliveryException.of(Problem.BAD_USAGE, "'" + onFailure + "' is nothing to do on failure")
                .hint("write onFailure: '" + ROLLBACK + "' or onFailure: '" + KEEP + "'");
    }
}
