package io.jenkins.plugins.lockstep.cli;

import io.jenkins.plugins.lockstep.common.Progress;
import io.jenkins.plugins.lockstep.delivery.Delivery;
import io.jenkins.plugins.lockstep.delivery.DeployRequest;
import io.jenkins.plugins.lockstep.delivery.DeployResult;
import io.jenkins.plugins.lockstep.delivery.Projects;
import io.jenkins.plugins.lockstep.delivery.ProjectsResult;
import picocli.CommandLine.Command;

/** {@code lockstep release ENV}. */
@Command(
        name = "release",
        description = "Build, then deploy: one command from a commit to running pods.",
        footer = {
            "",
            "Examples:",
            "  lockstep release staging",
            "  lockstep release staging --to dir:/tmp/try     without a registry or a cluster",
            "  lockstep release staging --all                 every project of the repository, side by side",
            "  lockstep release staging --changed-since v1.4  those that changed since a commit"
        })
final class ReleaseCommand extends RevisionCommand {

    @Override
    DeployResult bring(Delivery delivery, DeployRequest request, Progress progress) throws InterruptedException {
        return delivery.release(request, progress);
    }

    @Override
    ProjectsResult<DeployResult> bringAll(Projects found, Progress progress) {
        return found.release(environment, target(), settings(), actor(), projects.concurrency(), progress);
    }
}
