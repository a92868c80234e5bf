package io.jenkins.plugins.lockstep.cli;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.common.Progress;
import io.jenkins.plugins.lockstep.delivery.BundleSource;
import io.jenkins.plugins.lockstep.delivery.Delivery;
import io.jenkins.plugins.lockstep.delivery.DeployRequest;
import io.jenkins.plugins.lockstep.delivery.DeployResult;
import io.jenkins.plugins.lockstep.delivery.PlannedDeployRequest;
import io.jenkins.plugins.lockstep.delivery.Projects;
import io.jenkins.plugins.lockstep.delivery.ProjectsResult;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code lockstep deploy ENV}. */
@Command(
        name = "deploy",
        description = "Make an environment match a revision whose image exists, wait, and judge.",
        footer = {
            "",
            "Examples:",
            "  lockstep deploy staging",
            "  lockstep deploy production --revision 4f2c9ab --timeout 5m",
            "  lockstep deploy production --plan plan.bundle   exactly what plan --out saved; needs no repository",
            "  lockstep deploy staging --json --report release.json",
            "  lockstep deploy staging --project services/cart --project services/shop"
        })
final class DeployCommand extends RevisionCommand {

    @Option(
            names = "--plan",
            paramLabel = "FILE",
            description =
                    "Do exactly what a saved plan says (plan --out); refused where what it covers has moved. Needs no"
                            + " repository.")
    @Nullable
    Path plan;

    @Override
    DeployResult bring(Delivery delivery, DeployRequest request, Progress progress) throws InterruptedException {
        if (plan == null) {
            return delivery.deploy(request, progress);
        }
        refuse(revision != null, "--revision");
        refuse(targetOptions.repository != null, "--repository");
        Path file = root.shell.directory().resolve(plan).normalize();
        return delivery.deployPlanned(
                new PlannedDeployRequest(
                        BundleSource.file(file),
                        request.environment(),
                        request.target(),
                        request.settings(),
                        request.actor()),
                progress);
    }

    private static void refuse(boolean given, String option) {
        if (given) {
            throw DeliveryException.of(Problem.BAD_USAGE, option + " is given besides --plan")
                    .why("a saved plan has its revision and its images")
                    .hint("leave one of the two out");
        }
    }

    @Override
    ProjectsResult<DeployResult> bringAll(Projects found, Progress progress) {
        refuse(plan != null, "more than one project");
        return found.deploy(environment, target(), settings(), actor(), projects.concurrency(), progress);
    }
}
