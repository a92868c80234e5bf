package io.jenkins.plugins.lockstep.delivery;

import io.jenkins.plugins.lockstep.bundle.Bundle;
import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.history.HoldNotes;
import io.jenkins.plugins.lockstep.history.Holds;
import io.jenkins.plugins.lockstep.history.Release;
import io.jenkins.plugins.lockstep.history.Release.ReleasedImage;
import io.jenkins.plugins.lockstep.history.ReleaseLog;
import io.jenkins.plugins.lockstep.project.Environment;
import io.jenkins.plugins.lockstep.revision.Lineage;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * The guards of one deploy: history, hold, gate. A rollback asks none of them, and what runs may always be deployed
 * again.
 */
final class Guards {

    private static final Set<Problem> REFUSALS = Set.of(
            Problem.OLDER_REVISION,
            Problem.DIVERGED_REVISION,
            Problem.HISTORY_UNKNOWN,
            Problem.HELD,
            Problem.GATE_CLOSED);

    private final Connections connections;
    private final Target target;
    private final String app;
    private final Map<String, Environment> environments;
    private final Environment environment;
    private final Overrides overrides;
    private final String revision;
    private final Lineage lineage;
    private final UnaryOperator<String> resolver;

    /**
     * @param environments those of the application, by name
     * @param environment the one to deploy to
     * @param lineage knows how the revision relates to others
     * @param resolver makes a full id of what a user typed
     */
    Guards(
            Connections connections,
            Target target,
            Overrides overrides,
            String app,
            Map<String, Environment> environments,
            Environment environment,
            String revision,
            Lineage lineage,
            UnaryOperator<String> resolver) {
        this.connections = connections;
        this.target = target;
        this.app = app;
        this.environments = environments;
        this.environment = environment;
        this.overrides = overrides;
        this.revision = revision;
        this.lineage = lineage;
        this.resolver = resolver;
    }

    static Guards of(Connections connections, DeployRequest request, OpenProject open) {
        return new Guards(
                connections,
                request.target(),
                request.settings().overrides(),
                open.project().app(),
                open.project().environments(),
                open.project().environment(request.environment()),
                open.revision().id(),
                open.repository(),
                expression -> open.repository().resolve(expression).id());
    }

    /** Asks for what a bundle carries: without a repository, only full and short ids name revisions. */
    static Guards of(Connections connections, PlannedDeployRequest request, Bundle bundle) {
        return new Guards(
                connections,
                request.target(),
                request.settings().overrides(),
                bundle.app(),
                bundle.environments(),
                bundle.environment(request.environment()),
                bundle.revision(),
                bundle.lineage(),
                expression -> ProjectOfBundle.resolve(expression, bundle));
    }

    /** Tells whether a failure is a guard's refusal. */
    static boolean isRefusal(DeliveryException failure) {
        return REFUSALS.contains(failure.problem());
    }

    /**
     * As {@link #admit(ReleaseLog, Supplier, List)}, of what the environment's ledger says now.
     *
     * @return what it says
     */
    ReleaseLog admit(Destination destination, List<ReleasedImage> images) {
        var log = ReleaseLog.of(destination.ledger());
        admit(log, () -> destination.ledger().holdNotes(), images);
        return log;
    }

    /**
     * Lets the revision pass, or refuses it.
     *
     * @param notes asked only where they matter
     * @param images what is to be released; empty where it is not known yet
     * @throws DeliveryException one that {@link #isRefusal} knows, or what the environment's ledger throws
     */
    Admission admit(ReleaseLog log, Supplier<HoldNotes> notes, List<ReleasedImage> images) {
        Optional<Release> running = log.current();
        if (running.filter(release -> release.revision().equals(revision)).isPresent()) {
            return Admission.PLAIN;
        }
        Admission held = new HoldGuard(place(), environment.name(), environment.hold(), overrides, lineage, resolver)
                .admit(revision, new Holds(log, notes.get()));
        Admission follows = running.map(
                        release -> new HistoryGuard(environment.history(), overrides, lineage).admit(revision, release))
                .orElse(Admission.PLAIN);
        return held.and(follows).and(gate(images));
    }

    private Admission gate(List<ReleasedImage> images) {
        String first = environment.after();
        if (first == null) {
            return Admission.PLAIN;
        }
        if (overrides.skipGate()) {
            return Admission.remarking("whether it ran in " + first + " was not asked: passed by --skip-gate");
        }
        var gate = new Gate(place(), first);
        return asked(gate, Objects.requireNonNull(environments.get(first), first), images);
    }

    /** Asks the ledger of the environment that comes first, where its own settings say that it lives. */
    private Admission asked(Gate gate, Environment first, List<ReleasedImage> images) {
        try (Destination destination = connections.destination(target.withoutPlace(), app, first)) {
            destination.requireNamespace();
            return gate.admit(
                    revision,
                    images,
                    new Holds(
                            ReleaseLog.of(destination.ledger()),
                            destination.ledger().holdNotes()));
        } catch (DeliveryException e) {
            if (e.problem() == Problem.INTERRUPTED
                    || e.problem() == Problem.DEFECT
                    || e.problem() == Problem.GATE_CLOSED) {
                throw e;
            }
            throw gate.unanswered(e);
        }
    }

    private String place() {
        return app + " in " + environment.name();
    }
}
