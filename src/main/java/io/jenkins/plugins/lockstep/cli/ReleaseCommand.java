package io.jenkins.plugins.lockstep.cli;

import io.jenkins.plugins.lockstep.delivery.Delivery;
import io.jenkins.plugins.lockstep.delivery.DeployRequest;
import io.jenkins.plugins.lockstep.delivery.DeployResult;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code lockstep release ENV}. */
@Command(
        name = "release",
        description = "Build, then deploy: one command from a commit to running pods.",
        footer = {
            "",
            "Examples:",
            "  lockstep release staging",
            "  lockstep release staging --to dir:/tmp/try     without a registry or a cluster"
        })
final class ReleaseCommand extends OperationCommand {

    @Parameters(paramLabel = "ENV", description = "The environment.")
    String environment;

    @Option(names = "--revision", paramLabel = "R", description = "The revision (default: the checked-out commit).")
    @Nullable
    String revision;

    @Mixin
    RolloutArguments rollout = new RolloutArguments();

    @Override
    int run(Delivery delivery, ConsoleProgress progress) throws InterruptedException {
        var request = new DeployRequest(project(revision), environment, target(), rollout.settings(), actor());
        DeployResult result = delivery.release(request, progress);
        progress.close();
        return new DeployOutcome(this).print(result);
    }
}
