package io.jenkins.plugins.lockstep.delivery;

import io.jenkins.plugins.lockstep.bundle.Bundle;
import io.jenkins.plugins.lockstep.bundle.BundledRelease;
import io.jenkins.plugins.lockstep.bundle.PlannedChange;
import io.jenkins.plugins.lockstep.bundle.SavedPlan;
import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.deploy.Cluster;
import io.jenkins.plugins.lockstep.deploy.LiveObject;
import io.jenkins.plugins.lockstep.deploy.PlanOptions;
import io.jenkins.plugins.lockstep.deploy.Planner;
import io.jenkins.plugins.lockstep.deploy.Rehearsal;
import io.jenkins.plugins.lockstep.deploy.Rollout;
import io.jenkins.plugins.lockstep.deploy.SecretMask;
import io.jenkins.plugins.lockstep.deploy.Survey;
import io.jenkins.plugins.lockstep.history.Release;
import io.jenkins.plugins.lockstep.history.ReleaseLog;
import io.jenkins.plugins.lockstep.manifest.ResourceKey;
import io.jenkins.plugins.lockstep.project.Environment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds out what a deploy would do, field by field, and why it would be refused; writes nothing to the environment.
 *
 * <p>Used once, by one thread.
 */
final class Planning {

    private final @Nullable OpenProject open;
    private final Environment environment;
    private final Destination destination;
    private final RolloutSettings settings;
    private final Guards guards;

    /** @param open null where the plan is not saved */
    Planning(
            @Nullable OpenProject open,
            Environment environment,
            Destination destination,
            RolloutSettings settings,
            Guards guards) {
        this.open = open;
        this.environment = environment;
        this.destination = destination;
        this.settings = settings;
        this.guards = guards;
    }

    /**
     * Plans.
     *
     * @param out where to write the bundle, null for nowhere; not written where a deploy would be refused
     */
    PlanResult plan(Release wanted, RenderedRelease rendered, @Nullable Path out) throws InterruptedException {
        var log = ReleaseLog.of(destination.ledger());
        var refusals = new ArrayList<DeliveryException>();
        Admission admission = admission(log, rendered, refusals);
        Release draft = admission.recordedIn(wanted);
        Cluster cluster = destination.cluster();
        var options = new PlanOptions(false, settings.pruneData(), ReleaseRun.replicas(environment.replicas(), draft))
                .adopting(settings.takeOwnership());
        Survey survey = new Planner(cluster).survey(rendered.objects(), destination.inventory(log), options);
        var foreign = ForeignObjects.of(survey.plan(), draft, cluster.location());
        SecretMask mask = SecretMask.random();
        Rehearsal rehearsal = new Rollout(cluster, ReleaseRun.options(settings))
                .rehearse(
                        foreign.spared(survey.plan()),
                        ReleaseRun.stamp(draft),
                        mask,
                        change -> !survey.missingNamespaces()
                                .contains(change.key().namespace()));

        refusals.addAll(survey.refusals());
        if (!settings.takeOwnership()) {
            refusals.addAll(foreign.refusals());
        }
        refusals.addAll(rehearsal.refusals());
        boolean saved = out != null && open != null && refusals.isEmpty();
        if (out != null && open != null && saved) {
            BundleFiles.write(out, bundle(open, draft, rendered, savedPlan(log, rehearsal, mask)));
        }
        return new PlanResult(
                draft, rehearsal, log.current().orElse(null), admission.warnings(), refusals, saved ? out : null);
    }

    /** Asks the guards; a deploy would ask them first. */
    private Admission admission(ReleaseLog log, RenderedRelease rendered, List<DeliveryException> refusals) {
        try {
            return guards.admit(log, () -> destination.ledger().holdNotes(), rendered.images());
        } catch (DeliveryException e) {
            if (!Guards.isRefusal(e)) {
                throw e;
            }
            refusals.add(e);
            return Admission.PLAIN;
        }
    }

    private SavedPlan savedPlan(ReleaseLog log, Rehearsal rehearsal, SecretMask mask) {
        return new SavedPlan(
                destination.cluster().location(),
                namespaceUid(destination),
                log.nextNumber() - 1,
                settings.takeOwnership(),
                settings.pruneData(),
                mask,
                rehearsal.details().stream().map(PlannedChange::of).toList());
    }

    private Bundle bundle(OpenProject project, Release draft, RenderedRelease rendered, SavedPlan plan) {
        var release =
                new BundledRelease(destination.namespace(), draft.configMaps(), draft.seal(), rendered.objects(), plan);
        return Bundling.of(project, draft.images(), Map.of(draft.environment(), release), draft.at(), draft.by());
    }

    /** Returns what tells one cluster's namespace from another's of that name, null where it may not be read. */
    static @Nullable String namespaceUid(Destination destination) {
        Cluster cluster = destination.cluster();
        try {
            return cluster.served("v1", "Namespace")
                    .flatMap(kind -> cluster.get(kind, new ResourceKey("", "Namespace", "", destination.namespace())))
                    .map(LiveObject::uid)
                    .orElse(null);
        } catch (DeliveryException e) {
            if (e.problem() != Problem.CLUSTER_FORBIDDEN) {
                throw e;
            }
            return null;
        }
    }
}
