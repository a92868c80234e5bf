package io.jenkins.plugins.lockstep.jenkins.run;

import io.jenkins.plugins.lockstep.common.Progress;
import io.jenkins.plugins.lockstep.delivery.Delivery;
import io.jenkins.plugins.lockstep.delivery.DeployRequest;
import io.jenkins.plugins.lockstep.delivery.DeployResult;
import io.jenkins.plugins.lockstep.delivery.RollbackRequest;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One operation of the engine as a user configured it: texts alone, so that it crosses to an agent. What they mean is
 * found out there, by the engine.
 */
public sealed interface Operation extends Serializable {

    /**
     * Runs it on this machine.
     *
     * @return the JSON document of the contract
     * @throws io.jenkins.plugins.lockstep.common.DeliveryException where it failed, a failed rollout too
     */
    Map<String, @Nullable Object> run(Delivery delivery, Path workspace, RunContext context, Progress progress)
            throws InterruptedException;

    /** Makes sure that the images of a revision exist. */
    record Build(ProjectArguments project, TargetArguments target) implements Operation {

        @Override
        public Map<String, @Nullable Object> run(
                Delivery delivery, Path workspace, RunContext context, Progress progress) throws InterruptedException {
            return delivery.build(project.in(workspace), target.in(project.directoryIn(workspace)), progress)
                    .toTree();
        }
    }

    /** Makes an environment match a revision. */
    record Deploy(ProjectArguments project, String environment, TargetArguments target, RolloutArguments rollout)
            implements Operation {

        @Override
        public Map<String, @Nullable Object> run(
                Delivery delivery, Path workspace, RunContext context, Progress progress) throws InterruptedException {
            return judged(delivery.deploy(request(workspace, context), progress));
        }

        DeployRequest request(Path workspace, RunContext context) {
            return new DeployRequest(
                    project.in(workspace),
                    environment,
                    target.in(project.directoryIn(workspace)),
                    rollout.settings(),
                    context.actor());
        }
    }

    /**
     * Brings an earlier release back.
     *
     * @param to {@value #PREVIOUS}, {@code #N}, or a revision; null for the first
     */
    record Rollback(
            ProjectArguments project,
            String environment,
            @Nullable String to,
            TargetArguments target,
            RolloutArguments rollout)
            implements Operation {

        public static final String PREVIOUS = "previous";

        @Override
        public Map<String, @Nullable Object> run(
                Delivery delivery, Path workspace, RunContext context, Progress progress) throws InterruptedException {
            return judged(delivery.rollback(request(workspace, context), progress));
        }

        RollbackRequest request(Path workspace, RunContext context) {
            return new RollbackRequest(
                    project.in(workspace),
                    environment,
                    to == null ? PREVIOUS : to,
                    target.in(project.directoryIn(workspace)),
                    rollout.settings(),
                    context.actor());
        }
    }

    private static Map<String, @Nullable Object> judged(DeployResult result) {
        result.failure().ifPresent(failure -> {
            throw failure;
        });
        return result.toTree();
    }
}
