package io.jenkins.plugins.lockstep.cli;

import io.jenkins.plugins.lockstep.delivery.Delivery;
import io.jenkins.plugins.lockstep.delivery.HoldResult;
import io.jenkins.plugins.lockstep.delivery.StatusResult;
import io.jenkins.plugins.lockstep.delivery.StatusResult.EnvironmentStatus;
import io.jenkins.plugins.lockstep.history.Release;
import java.time.temporal.ChronoUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code lockstep status [ENV]}. */
@Command(
        name = "status",
        description = "Show what runs: in one environment, or in all.",
        footer = {
            "",
            "Examples:",
            "  lockstep status",
            "  lockstep status production --json",
            "  lockstep status production --all"
        })
final class StatusCommand extends ClusterCommand {

    @Parameters(paramLabel = "ENV", arity = "0..1", description = "The environment (default: all).")
    @Nullable
    String environment;

    @Mixin
    ProjectsOptions projects = new ProjectsOptions();

    @Override
    int run(Delivery delivery, ConsoleProgress progress) {
        if (projects.several()) {
            return severally(
                    delivery,
                    progress,
                    projects,
                    null,
                    found -> found.status(environment, target(), projects.concurrency(), progress),
                    new SeveralProjects.Summary<>(StatusResult::toTree, StatusCommand::outcome, this::words));
        }
        StatusResult result = delivery.status(project(null), environment, target());
        print(result.toTree(), () -> words(result));
        return 0;
    }

    private static String outcome(StatusResult result) {
        return result.environments().stream()
                .map(status -> status.environment() + ": "
                        + (status.current() == null
                                ? "nothing"
                                : "release " + status.current().number()))
                .collect(Collectors.joining(", "));
    }

    private void words(StatusResult result) {
        result.environments().forEach(status -> words(result.app(), status));
    }

    private void words(String app, EnvironmentStatus status) {
        Release current = status.current();
        if (current == null) {
            line("%s in %s: nothing runs yet", app, status.environment());
        } else {
            line(
                    "%s in %s: release %d of revision %s, since %s",
                    app,
                    status.environment(),
                    current.number(),
                    current.revision(),
                    current.at().truncatedTo(ChronoUnit.SECONDS));
            current.images().forEach(image -> line("  image    %s", image.reference()));
            current.configMaps().forEach(name -> line("  config   %s", name));
        }
        if (!status.pods().isEmpty()) {
            line("  pods     %d of %d ready", status.readyPods(), status.pods().size());
        }
        if (status.hold() != null) {
            line("  held     %s", HoldResult.inWords(status.hold()));
        }
        Release newest = status.newest();
        if (newest != null && (current == null || newest.number() != current.number())) {
            line(
                    "  newest   release %d of revision %s: %s",
                    newest.number(),
                    newest.revision().substring(0, 12),
                    newest.verdict() == null
                            ? "has not ended"
                            : newest.verdict().code().word());
        }
    }
}
