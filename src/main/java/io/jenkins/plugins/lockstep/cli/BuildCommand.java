package io.jenkins.plugins.lockstep.cli;

import io.jenkins.plugins.lockstep.delivery.BuildResult;
import io.jenkins.plugins.lockstep.delivery.Delivery;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code lockstep build}. */
@Command(
        name = "build",
        description = "Make sure that an image of this commit exists: build, tag with the revision, push."
                + " A tag that holds this revision already is reused.",
        footer = {
            "",
            "Examples:",
            "  lockstep build",
            "  lockstep build --json | jq -r .digest",
            "  lockstep build -C services/cart --to dir:/tmp/try",
            "  lockstep build --changed-since origin/main     in a repository of several projects"
        })
final class BuildCommand extends OperationCommand {

    @Option(names = "--revision", paramLabel = "R", description = "The revision (default: the checked-out commit).")
    @Nullable
    String revision;

    @Mixin
    ProjectsOptions projects = new ProjectsOptions();

    @Override
    int run(Delivery delivery, ConsoleProgress progress) throws InterruptedException {
        if (projects.several()) {
            return severally(
                    delivery,
                    progress,
                    projects,
                    revision,
                    found -> found.build(target(), projects.concurrency(), progress),
                    new SeveralProjects.Summary<>(BuildResult::toTree, BuildCommand::outcome, this::words));
        }
        BuildResult result = delivery.build(project(revision), target(), progress);
        progress.close();
        print(result.toTree(), () -> words(result));
        return 0;
    }

    private void words(BuildResult result) {
        for (BuildResult.BuiltImage image : result.images()) {
            line("%s %s", image.reused() ? "reused" : "pushed", image.stored().reference());
        }
    }

    private static String outcome(BuildResult result) {
        return result.images().stream().allMatch(BuildResult.BuiltImage::reused) ? "reused" : "pushed";
    }
}
