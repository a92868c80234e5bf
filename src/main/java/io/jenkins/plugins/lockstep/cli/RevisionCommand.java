package io.jenkins.plugins.lockstep.cli;

import io.jenkins.plugins.lockstep.common.Progress;
import io.jenkins.plugins.lockstep.delivery.Delivery;
import io.jenkins.plugins.lockstep.delivery.DeployRequest;
import io.jenkins.plugins.lockstep.delivery.DeployResult;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What the commands share that make an environment match a revision. */
abstract class RevisionCommand extends OperationCommand {

    @Parameters(paramLabel = "ENV", description = "The environment.")
    String environment;

    @Option(names = "--revision", paramLabel = "R", description = "The revision (default: the checked-out commit).")
    @Nullable
    String revision;

    @Mixin
    RolloutArguments rollout = new RolloutArguments();

    @Override
    final int run(Delivery delivery, ConsoleProgress progress) throws InterruptedException {
        var request = new DeployRequest(project(revision), environment, target(), rollout.settings(), actor());
        DeployResult result = bring(delivery, request, progress);
        progress.close();
        return new DeployOutcome(this).print(result);
    }

    /** Brings the revision to the environment. */
    abstract DeployResult bring(Delivery delivery, DeployRequest request, Progress progress)
            throws InterruptedException;
}
