package io.jenkins.plugins.lockstep.delivery;

import io.jenkins.plugins.lockstep.history.Hold;
import io.jenkins.plugins.lockstep.history.HoldNotes;
import io.jenkins.plugins.lockstep.history.Holds;
import io.jenkins.plugins.lockstep.history.Ledger;
import io.jenkins.plugins.lockstep.history.ReleaseLog;
import io.jenkins.plugins.lockstep.project.Environment;
import java.time.Clock;
import java.util.List;

/**
 * Holds an environment by hand, or lifts whatever holds it. Needs no lock: a release under way looks at the hold when it has
 * the lock, and what it has begun then is not called back.
 */
final class HoldEnvironment {

    private final Connections connections;
    private final Clock clock;

    HoldEnvironment(Connections connections, Clock clock) {
        this.connections = connections;
        this.clock = clock;
    }

    HoldResult run(HoldRequest request) {
        try (KnownProject project =
                KnownProject.open(connections.repositories(), request.project().atHead())) {
            Environment environment = project.environment(request.environment());
            String app = project.app();
            try (Destination destination = connections.destination(request.target(), app, environment)) {
                destination.requireNamespace();
                Ledger ledger = destination.ledger();
                ReleaseLog log = ReleaseLog.of(ledger);
                List<Hold> lifted = request.release() ? lift(ledger, log, request) : hold(ledger, request);
                return new HoldResult(
                        app,
                        environment.name(),
                        new Holds(log, ledger.holdNotes()).shown().orElse(null),
                        lifted);
            }
        }
    }

    private List<Hold> hold(Ledger ledger, HoldRequest request) {
        var said = new HoldNotes.ByHand(request.actor().name(), clock.instant(), request.reason());
        ledger.noteHold(notes -> new HoldNotes(said, notes.lift()));
        return List.of();
    }

    private List<Hold> lift(Ledger ledger, ReleaseLog log, HoldRequest request) {
        List<Hold> holding = new Holds(log, ledger.holdNotes()).all();
        if (!holding.isEmpty()) {
            var lift =
                    new HoldNotes.Lift(log.nextNumber() - 1, request.actor().name(), clock.instant(), request.reason());
            ledger.noteHold(notes -> new HoldNotes(null, lift));
        }
        return holding;
    }
}
