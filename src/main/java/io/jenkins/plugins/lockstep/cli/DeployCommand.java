package io.jenkins.plugins.lockstep.cli;

import io.jenkins.plugins.lockstep.delivery.Delivery;
import io.jenkins.plugins.lockstep.delivery.DeployRequest;
import io.jenkins.plugins.lockstep.delivery.DeployResult;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code lockstep deploy ENV}. */
@Command(
        name = "deploy",
        description = "Make an environment match a revision whose image exists, wait, and judge.",
        footer = {
            "",
            "Examples:",
            "  lockstep deploy staging",
            "  lockstep deploy production --revision 4f2c9ab --timeout 5m",
            "  lockstep deploy staging --json --report release.json"
        })
final class DeployCommand extends OperationCommand {

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
        DeployResult result = delivery.deploy(request, progress);
        progress.close();
        return new DeployOutcome(this).print(result);
    }
}
