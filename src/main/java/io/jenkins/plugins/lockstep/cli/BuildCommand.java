package io.jenkins.plugins.lockstep.cli;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.delivery.BuildResult;
import io.jenkins.plugins.lockstep.delivery.Delivery;
import io.jenkins.plugins.lockstep.delivery.ExplainResult;
import io.jenkins.plugins.lockstep.image.ImageDifference;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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
            "  lockstep build --explain                 what differs from the image that the tag holds; writes nothing",
            "  lockstep build --changed-since origin/main     in a repository of several projects"
        })
final class BuildCommand extends TargetCommand {

    @Option(names = "--revision", paramLabel = "R", description = "The revision (default: the checked-out commit).")
    @Nullable
    String revision;

    @Option(
            names = "--explain",
            description =
                    "Write nothing: say, file by file, how what would be built now differs from the image that the"
                            + " tag holds. Ends with 8 where it does.")
    boolean explain;

    @Mixin
    ProjectsOptions projects = new ProjectsOptions();

    @Override
    int run(Delivery delivery, ConsoleProgress progress) throws InterruptedException {
        if (explain) {
            if (projects.several()) {
                throw DeliveryException.of(Problem.BAD_USAGE, "--explain is for one project")
                        .hint("choose it with -C DIR or --file FILE");
            }
            return explain(delivery, progress);
        }
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

    private int explain(Delivery delivery, ConsoleProgress progress) throws InterruptedException {
        ExplainResult result = delivery.explain(project(revision), target(), progress);
        progress.close();
        print(result.toTree(), () -> result.images().forEach(this::words));
        return result.isSame() ? 0 : Problem.ANSWER_NO.exitCode();
    }

    private void words(ExplainResult.ExplainedImage image) {
        line("%-9s %s", image.isSame() ? "same" : "differs", image.stored().reference());
        if (!image.isSame()) {
            line("          built now: %s", image.builtDigest());
        }
        for (ImageDifference difference : image.comparison().differences()) {
            line("  %s", place(difference));
            line(
                    "      %s -> %s",
                    difference.stored() == null ? "not there" : difference.stored(),
                    difference.built() == null ? "not there" : difference.built());
            if (difference.advice() != null) {
                line("      %s", difference.advice());
            }
        }
        if (!image.isSame() && image.comparison().differences().isEmpty()) {
            line("  layers and configuration are the same: only the manifests around them differ");
        }
        if (image.comparison().more() > 0) {
            line("  and %d more", image.comparison().more());
        }
    }

    private static String place(ImageDifference difference) {
        return Stream.of(
                        difference.kind().word(),
                        difference.layer() == null ? null : "layer " + difference.layer(),
                        difference.entry() == null ? difference.path() : difference.path() + " ! " + difference.entry())
                .filter(Objects::nonNull)
                .collect(Collectors.joining("  "));
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
