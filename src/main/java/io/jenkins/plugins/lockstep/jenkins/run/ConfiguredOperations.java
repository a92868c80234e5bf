package io.jenkins.plugins.lockstep.jenkins.run;

import hudson.model.Item;
import io.jenkins.plugins.lockstep.common.Progress;
import io.jenkins.plugins.lockstep.delivery.Actor;
import io.jenkins.plugins.lockstep.delivery.BundledProject;
import io.jenkins.plugins.lockstep.delivery.Delivery;
import io.jenkins.plugins.lockstep.delivery.DeployResult;
import io.jenkins.plugins.lockstep.delivery.HistoryResult;
import io.jenkins.plugins.lockstep.delivery.HoldRequest;
import io.jenkins.plugins.lockstep.delivery.HoldResult;
import io.jenkins.plugins.lockstep.delivery.PlannedDeployRequest;
import io.jenkins.plugins.lockstep.delivery.ReadinessResult;
import io.jenkins.plugins.lockstep.delivery.ResumeRequest;
import io.jenkins.plugins.lockstep.delivery.RollbackRequest;
import io.jenkins.plugins.lockstep.delivery.StatusResult;
import io.jenkins.plugins.lockstep.delivery.Target;
import io.jenkins.plugins.lockstep.jenkins.config.Configured;
import java.util.Optional;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** The operations at the clusters that an item may use. */
final class ConfiguredOperations implements ControllerOperations {

    private final Configured configured;
    private final KeptBundle bundle;

    ConfiguredOperations(Item item, KeptBundle bundle) {
        this.configured = Configured.of(item);
        this.bundle = bundle;
    }

    @Override
    public String app() {
        return bundle.app();
    }

    @Override
    public DeployResult deploy(
            String environment, RolloutArguments rollout, Actor actor, IntConsumer begun, Progress progress)
            throws InterruptedException {
        var request = new PlannedDeployRequest(bundle, environment, target(), rollout.settings(), actor);
        return delivery(progress).deployPlanned(request, progress, release -> begun.accept(release.number()));
    }

    @Override
    public DeployResult rollback(
            String environment, String to, RolloutArguments rollout, Actor actor, IntConsumer begun, Progress progress)
            throws InterruptedException {
        return delivery(progress)
                .rollback(back(environment, to, rollout, actor), progress, release -> begun.accept(release.number()));
    }

    @Override
    public Optional<DeployResult> resume(
            String environment, RolloutArguments rollout, Actor actor, @Nullable Integer number, Progress progress)
            throws InterruptedException {
        return delivery(progress)
                .resume(
                        new ResumeRequest(project(), environment, target(), rollout.settings(), actor, number),
                        progress);
    }

    @Override
    public StatusResult status(@Nullable String environment) {
        return delivery(Progress.NONE).status(project(), environment, target());
    }

    @Override
    public HistoryResult history(String environment) {
        return history(environment, 0);
    }

    @Override
    public HistoryResult history(String environment, int most) {
        return delivery(Progress.NONE).history(project(), environment, target(), most);
    }

    @Override
    public ReadinessResult readiness(String environment, int most) {
        var request = back(environment, Operation.PREVIOUS, RolloutArguments.DEFAULT, new Actor("jenkins", null));
        return delivery(Progress.NONE).rollbackReadiness(request, false, most);
    }

    @Override
    public HoldResult hold(String environment, boolean lift, @Nullable String reason, Actor actor) {
        return delivery(Progress.NONE).hold(new HoldRequest(project(), environment, target(), lift, reason, actor));
    }

    private RollbackRequest back(String environment, String to, RolloutArguments rollout, Actor actor) {
        return new RollbackRequest(project(), environment, to, target(), rollout.settings(), actor);
    }

    private BundledProject project() {
        return new BundledProject(bundle);
    }

    private Target target() {
        return ControllerEngine.target(configured, null, null, null);
    }

    private Delivery delivery(Progress progress) {
        return ControllerEngine.delivery(configured.logins(null), progress);
    }
}
