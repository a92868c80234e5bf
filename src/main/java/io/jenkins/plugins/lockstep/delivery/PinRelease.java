package io.jenkins.plugins.lockstep.delivery;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.history.Release;
import io.jenkins.plugins.lockstep.history.ReleaseLog;
import io.jenkins.plugins.lockstep.history.RollbackTarget;
import io.jenkins.plugins.lockstep.project.Environment;

/** Pins a release, or ends that. */
final class PinRelease {

    private final Connections connections;

    PinRelease(Connections connections) {
        this.connections = connections;
    }

    PinResult run(ProjectSource source, String environmentName, int number, boolean pinned, Target target) {
        try (KnownProject project = KnownProject.open(connections.repositories(), source.atHead())) {
            Environment environment = project.environment(environmentName);
            try (Destination destination = connections.destination(target, project.app(), environment)) {
                Release release = ReleaseLog.of(destination.ledger()).demand(new RollbackTarget.ToRelease(number));
                if (pinned && release.collected()) {
                    throw collected(release);
                }
                Release pin = release.pinned() == pinned
                        ? release
                        : destination.ledger().pin(number, pinned);
                if (pinned && pin.collected()) {
                    // A clean-up was quicker.
                    throw collected(pin);
                }
                return new PinResult(pin);
            }
        }
    }

    private static DeliveryException collected(Release release) {
        return DeliveryException.of(
                        Problem.BAD_INPUT, "what release #" + release.number() + " rendered is no longer kept")
                .where(release.app() + " in " + release.environment())
                .why("pinning it would keep nothing")
                .hint("a rollback to it renders it again from the repository, and that release can be"
                        + " pinned: lockstep rollback " + release.environment() + " --to '#" + release.number() + "'");
    }
}
