package io.jenkins.plugins.lockstep.cli;

import io.jenkins.plugins.lockstep.delivery.Delivery;
import io.jenkins.plugins.lockstep.delivery.DeployResult;
import io.jenkins.plugins.lockstep.delivery.RollbackRequest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code lockstep rollback ENV}. */
@Command(
        name = "rollback",
        description = "Bring an earlier release back: its image digest, configuration and objects, as recorded."
                + " Nothing is built again. A rollback is itself a release.",
        footer = {
            "",
            "Examples:",
            "  lockstep rollback production                 the previous good release",
            "  lockstep rollback production --to 4f2c9ab    the newest good release of a revision",
            "  lockstep rollback production --to '#7'       release 7 (see lockstep history)"
        })
final class RollbackCommand extends ClusterCommand {

    @Parameters(paramLabel = "ENV", description = "The environment.")
    String environment;

    @Mixin
    RolloutArguments rollout = new RolloutArguments();

    @Override
    boolean goesBack() {
        return true;
    }

    @Override
    int run(Delivery delivery, ConsoleProgress progress) throws InterruptedException {
        var request = new RollbackRequest(
                project(null),
                environment,
                targetOptions.earlier().orElse("previous"),
                target(),
                rollout.settings(),
                actor());
        DeployResult result = delivery.rollback(request, progress);
        progress.close();
        return new DeployOutcome(this).print(result);
    }
}
