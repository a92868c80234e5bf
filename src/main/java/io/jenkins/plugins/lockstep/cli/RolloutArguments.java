package io.jenkins.plugins.lockstep.cli;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.delivery.Overrides;
import io.jenkins.plugins.lockstep.delivery.RolloutSettings;
import io.jenkins.plugins.lockstep.deploy.Graces;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Option;

/** How a release is rolled out. */
final class RolloutArguments {

    /** What happens when a rollout fails. */
    enum OnFailure {
        rollback,
        keep
    }

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            description = "How long pods may take, for example 90s or 10m (default: 10m). A restore gets it again.")
    Duration timeout = RolloutSettings.DEFAULT.timeout();

    @Option(
            names = "--lock-timeout",
            paramLabel = "TIME",
            description = "How long to wait for someone else's release (default: 5m).")
    Duration lockTimeout = RolloutSettings.DEFAULT.lockTimeout();

    @Option(
            names = "--on-failure",
            paramLabel = "rollback|keep",
            description = "What to do when the rollout fails: bring the last good release back (the default), or keep.")
    OnFailure onFailure = OnFailure.rollback;

    @Option(names = "--take-ownership", description = "Take fields that belong to other field managers.")
    boolean takeOwnership;

    @Option(names = "--prune-data", description = "Prune volumes, claims, namespaces and resource definitions too.")
    boolean pruneData;

    @Option(
            names = "--grace",
            paramLabel = "NAME=VALUE",
            description =
                    "How long, or how often, one kind of fault may last before the rollout has failed, for example"
                            + " scheduling=5m or exits=5; may be repeated. It wins over the project file's graces.")
    Map<String, String> graces = new LinkedHashMap<>();

    RolloutSettings settings() {
        return settings(Overrides.NONE);
    }

    /** Returns the settings of a release that has to pass guards. */
    RolloutSettings settings(Overrides overrides) {
        Graces.DEFAULT.with(graces);
        if (timeout.isZero()) {
            throw DeliveryException.of(Problem.BAD_USAGE, "--timeout is no time at all")
                    .hint("give what your pods need to become ready, for example 10m");
        }
        return new RolloutSettings(
                timeout, lockTimeout, onFailure == OnFailure.rollback, takeOwnership, pruneData, overrides, graces);
    }
}
