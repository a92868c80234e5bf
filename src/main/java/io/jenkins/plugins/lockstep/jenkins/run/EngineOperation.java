package io.jenkins.plugins.lockstep.jenkins.run;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.common.Progress;
import io.jenkins.plugins.lockstep.delivery.Actor;
import io.jenkins.plugins.lockstep.delivery.BundleSource;
import io.jenkins.plugins.lockstep.delivery.BundledProject;
import io.jenkins.plugins.lockstep.delivery.CollectionRequest;
import io.jenkins.plugins.lockstep.delivery.Delivery;
import io.jenkins.plugins.lockstep.delivery.DeployRequest;
import io.jenkins.plugins.lockstep.delivery.DeployResult;
import io.jenkins.plugins.lockstep.delivery.HoldRequest;
import io.jenkins.plugins.lockstep.delivery.PlanResult;
import io.jenkins.plugins.lockstep.delivery.PlannedDeployRequest;
import io.jenkins.plugins.lockstep.delivery.ProjectLocation;
import io.jenkins.plugins.lockstep.delivery.ProjectSource;
import io.jenkins.plugins.lockstep.delivery.ResumeRequest;
import io.jenkins.plugins.lockstep.delivery.RollbackRequest;
import io.jenkins.plugins.lockstep.delivery.RolloutSettings;
import io.jenkins.plugins.lockstep.delivery.Target;
import io.jenkins.plugins.lockstep.delivery.VerifyResult;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** An operation at the engine of this machine. Used once, by one thread. */
final class EngineOperation {

    /** How many releases one can go back to are looked at, the newest. */
    private static final int MOST_CHECKED = 20;

    /** The verdict of a release that somebody or something stopped: what was asked for is still to be done. */
    private static final String INTERRUPTED = "interrupted";

    private final Operation operation;
    private final Delivery delivery;
    private final Actor actor;
    private final Progress progress;
    private final ReleaseWatch watch;
    private final AtomicBoolean begun = new AtomicBoolean();

    EngineOperation(Operation operation, Delivery delivery, Actor actor, Progress progress, ReleaseWatch watch) {
        this.operation = operation;
        this.delivery = delivery;
        this.actor = actor;
        this.progress = progress;
        this.watch = watch;
    }

    /**
     * Runs it in a workspace, which has the repository.
     *
     * @param resumed what is known of a release that this continues, null where this is the first attempt
     */
    Outcome inWorkspace(Path workspace, @Nullable Target target, @Nullable Resumed resumed)
            throws InterruptedException {
        ProjectLocation project = operation.project().in(workspace);
        Target place =
                target == null ? operation.target().in(operation.project().directoryIn(workspace)) : target;
        return run(new Site(project, project, null, place), resumed);
    }

    /** Runs it with what a bundle knows, as {@link #inWorkspace} does. */
    Outcome withBundle(BundleSource bundle, Target target, @Nullable Resumed resumed) throws InterruptedException {
        return run(new Site(new BundledProject(bundle), null, bundle, target), resumed);
    }

    /**
     * A release that this build began before the controller was restarted.
     *
     * @param number null where it was never told
     * @param others the numbers that other steps of this build were told
     */
    record Resumed(@Nullable Integer number, Set<Integer> others) implements Serializable {}

    /** Where it is known what the project is, and where it goes: a workspace or a bundle. */
    private record Site(
            ProjectSource source, @Nullable ProjectLocation checkout, @Nullable BundleSource bundle, Target target) {

        ProjectLocation repository() {
            if (checkout == null) {
                throw DeliveryException.of(Problem.BAD_USAGE, "this needs a repository")
                        .hint("run it in a workspace that has one");
            }
            return checkout;
        }
    }

    private Outcome run(Site site, @Nullable Resumed resumed) throws InterruptedException {
        return switch (operation.kind()) {
            case BUILD ->
                Outcome.of(delivery.build(site.repository(), site.target(), progress)
                        .toTree());
            case CONFIG -> Outcome.of(loadConfig(site));
            case PLAN -> plan(site);
            case DEPLOY, RELEASE, ROLLBACK -> operation.releases() ? release(site, resumed) : readiness(site);
            case HISTORY ->
                Outcome.of(delivery.history(site.source(), environment(), site.target())
                        .toTree());
            case STATUS ->
                Outcome.of(delivery.status(site.source(), operation.text("environment"), site.target())
                        .toTree());
            case VERIFY -> verify(site);
            case HOLD ->
                Outcome.of(delivery.hold(new HoldRequest(
                                site.source(),
                                environment(),
                                site.target(),
                                operation.flag("lift"),
                                operation.text("reason"),
                                actor))
                        .toTree());
            case KEEP ->
                Outcome.of(delivery.pin(
                                site.source(),
                                environment(),
                                operation.number("release"),
                                !operation.flag("unpin"),
                                site.target())
                        .toTree());
            case COLLECT ->
                Outcome.of(delivery.collect(
                                new CollectionRequest(
                                        site.source(),
                                        operation.text("environment"),
                                        site.target(),
                                        operation.flag("dryRun"),
                                        operation.flag("registry"),
                                        operation.flag("unreleased"),
                                        operation.rollout().lockTime(),
                                        actor),
                                progress)
                        .toTree());
        };
    }

    private Map<String, @Nullable Object> loadConfig(Site site) {
        return site.bundle() == null
                ? delivery.loadConfig(site.repository(), environment(), site.target(), progress)
                        .toTree()
                : delivery.loadConfig(deployment(site.bundle(), site.target()), progress)
                        .toTree();
    }

    private Outcome plan(Site site) throws InterruptedException {
        PlanResult planned = site.bundle() == null
                ? delivery.plan(deployment(site.repository(), site.target()), null, progress)
                : delivery.planBundled(deployment(site.bundle(), site.target()));
        Outcome outcome = Outcome.of(planned.toTree());
        return planned.failure().map(outcome::with).orElse(outcome);
    }

    private Outcome readiness(Site site) {
        String to = operation.text("to");
        return Outcome.of(delivery.rollbackReadiness(
                        rollback(site), to != null, operation.flag("all") ? Integer.MAX_VALUE : MOST_CHECKED)
                .toTree());
    }

    private Outcome verify(Site site) {
        VerifyResult verified = delivery.verify(site.source(), environment(), site.target());
        Outcome outcome = Outcome.of(verified.toTree());
        if (verified.intact() || operation.flag("allowDrift")) {
            return outcome;
        }
        return outcome.with(DeliveryException.of(
                        Problem.ANSWER_NO,
                        "what is live is not what release " + verified.release().number() + " made")
                .where(verified.release().app() + " in " + environment())
                .why(verified.drift().stream().map(VerifyResult::words).collect(Collectors.joining("\n")))
                .hint("deploy the revision again, or commit the change; allowDrift: true only tells"));
    }

    private Outcome release(Site site, @Nullable Resumed resumed) throws InterruptedException {
        DeployResult ended = null;
        if (resumed != null) {
            ended = continued(site, resumed).orElse(null);
        }
        if (ended == null) {
            ended = begin(site);
        } else {
            begun.set(true);
        }
        return Outcome.of(ended, begun.get());
    }

    private Optional<DeployResult> continued(Site site, Resumed resumed) throws InterruptedException {
        progress.step("looking for the release that this build began before Jenkins was restarted");
        return delivery.resume(
                        new ResumeRequest(
                                site.source(),
                                environment(),
                                site.target(),
                                settings(),
                                actor,
                                resumed.number(),
                                resumed.others()),
                        progress)
                .filter(ended -> !INTERRUPTED.equals(ended.verdict().code().word()));
    }

    private DeployResult begin(Site site) throws InterruptedException {
        if (operation.kind() == Operation.Kind.ROLLBACK) {
            return delivery.rollback(rollback(site), progress, release -> noteBegun(release.number()));
        }
        if (site.bundle() != null) {
            return delivery.deployPlanned(
                    deployment(site.bundle(), site.target()), progress, release -> noteBegun(release.number()));
        }
        DeployRequest request = deployment(site.repository(), site.target());
        return operation.kind() == Operation.Kind.RELEASE
                ? delivery.release(request, progress, release -> noteBegun(release.number()))
                : delivery.deploy(request, progress, release -> noteBegun(release.number()));
    }

    private void noteBegun(int number) {
        begun.set(true);
        watch.began(number);
    }

    private DeployRequest deployment(ProjectLocation project, Target target) {
        return new DeployRequest(project, environment(), target, settings(), actor);
    }

    private PlannedDeployRequest deployment(BundleSource bundle, Target target) {
        return new PlannedDeployRequest(bundle, environment(), target, settings(), actor);
    }

    private RollbackRequest rollback(Site site) {
        String to = operation.text("to");
        return new RollbackRequest(
                site.source(), environment(), to == null ? Operation.PREVIOUS : to, site.target(), settings(), actor);
    }

    private RolloutSettings settings() {
        return operation.rollout().settings();
    }

    private String environment() {
        // Left out, the engine says which environments there are.
        String name = operation.text("environment");
        return name == null ? "" : name;
    }
}
