package io.jenkins.plugins.lockstep.cli;

import io.jenkins.plugins.lockstep.common.Progress;
import io.jenkins.plugins.lockstep.delivery.Delivery;
import io.jenkins.plugins.lockstep.delivery.DeployRequest;
import io.jenkins.plugins.lockstep.delivery.DeployResult;
import io.jenkins.plugins.lockstep.delivery.Projects;
import io.jenkins.plugins.lockstep.delivery.ProjectsResult;
import picocli.CommandLine.Command;

/** {@code lockstep deploy ENV}. */
@Command(
        name = "deploy",
        description = "Make an environment match a revision whose image exists, wait, and judge.",
        footer = {
            "",
            "Examples:",
            "  lockstep deploy staging",
            "  lockstep deploy production --revision 4f2c9ab --timeout 5m",
            "  lockstep deploy staging --json --report release.json",
            "  lockstep deploy staging --project services/cart --project services/shop"
        })
final class DeployCommand extends RevisionCommand {

    @Override
    DeployResult bring(Delivery delivery, DeployRequest request, Progress progress) throws InterruptedException {
        return delivery.deploy(request, progress);
    }

    @Override
    ProjectsResult<DeployResult> bringAll(Projects found, Progress progress) {
        return found.deploy(environment, target(), settings(), actor(), projects.concurrency(), progress);
    }
}
