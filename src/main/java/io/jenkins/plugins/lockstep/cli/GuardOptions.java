package io.jenkins.plugins.lockstep.cli;

import io.jenkins.plugins.lockstep.delivery.Overrides;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which guards are told to let a revision pass; what was overridden is recorded with the release. */
final class GuardOptions {

    @Option(names = "--allow-older", description = "Pass although the revision is older than what runs.")
    boolean allowOlder;

    @Option(names = "--allow-diverged", description = "Pass although the revision lacks commits that run.")
    boolean allowDiverged;

    @Option(names = "--skip-gate", description = "Pass without asking the environment that comes first (after:).")
    boolean skipGate;

    @Option(
            names = "--fixes",
            paramLabel = "R",
            description = "The held revision that this one fixes: the release ends the hold.")
    @Nullable
    String fixes;

    Overrides overrides() {
        return new Overrides(
                allowOlder, allowDiverged, skipGate, fixes == null || fixes.isBlank() ? null : fixes.strip());
    }
}
