package io.jenkins.plugins.lockstep.deploy;

import java.time.Duration;

/**
 * How long, or how often, a fault may last before it is conclusive (design, section 6). What recovers before is no
 * failure.
 *
 * @param missingConfiguration for a ConfigMap, a Secret or a key that is not part of the release; default 1 min
 * @param registryUnreachable for a registry that does not answer or answers with a fault of its own; default 2 min
 * @param refusedPulls pulls of one container that the registry explicitly refused; default 2
 * @param exits ends of one container of the new revision; default 3
 * @param failedStarts starts of one container whose command is not there or can't be run; default 2
 * @param steady how long a new container without a readiness probe must have run to count as ready: one that crashes
 *     soon looks ready to the cluster until it does; default 5 s
 */
public record Graces(
        Duration missingConfiguration,
        Duration registryUnreachable,
        int refusedPulls,
        int exits,
        int failedStarts,
        Duration steady) {

    /** The defaults. */
    public static final Graces DEFAULT =
            new Graces(Duration.ofMinutes(1), Duration.ofMinutes(2), 2, 3, 2, Duration.ofSeconds(5));
}
