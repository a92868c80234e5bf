package io.jenkins.plugins.lockstep.cli;

import io.jenkins.plugins.lockstep.common.Progress;
import io.jenkins.plugins.lockstep.delivery.Delivery;
import io.jenkins.plugins.lockstep.delivery.DeployRequest;
import io.jenkins.plugins.lockstep.delivery.DeployResult;
import io.jenkins.plugins.lockstep.delivery.Projects;
import io.jenkins.plugins.lockstep.delivery.ProjectsResult;
import io.jenkins.plugins.lockstep.delivery.RolloutSettings;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What the commands share that make an environment match a revision. */
abstract class RevisionCommand extends ClusterCommand {

    @Parameters(paramLabel = "ENV", description = "The environment.")
    String environment;

    @Option(names = "--revision", paramLabel = "R", description = "The revision (default: the checked-out commit).")
    @Nullable
    String revision;

    @Mixin
    RolloutArguments rollout = new RolloutArguments();

    @Mixin
    GuardOptions guards = new GuardOptions();

    @Mixin
    ProjectsOptions projects = new ProjectsOptions();

    @Override
    final int run(Delivery delivery, ConsoleProgress progress) throws InterruptedException {
        if (projects.several()) {
            return severally(
                    delivery,
                    progress,
                    projects,
                    revision,
                    found -> bringAll(found, progress),
                    new SeveralProjects.Summary<>(DeployResult::toTree, RevisionCommand::outcome, result -> {}));
        }
        var request = new DeployRequest(project(revision), environment, target(), settings(), actor());
        DeployResult result = bring(delivery, request, progress);
        progress.close();
        return new DeployOutcome(this).print(result);
    }

    final RolloutSettings settings() {
        return rollout.settings(guards.overrides());
    }

    /** Brings the revision to the environment. */
    abstract DeployResult bring(Delivery delivery, DeployRequest request, Progress progress)
            throws InterruptedException;

    /** Brings the revision to the environment of each project. */
    abstract ProjectsResult<DeployResult> bringAll(Projects found, Progress progress);

    private static String outcome(DeployResult result) {
        String verdict =
                result.verdict().code().word() + ", release " + result.release().number();
        return result.restored() == null
                ? verdict
                : verdict + "; release " + result.restored().number() + " is back";
    }
}
