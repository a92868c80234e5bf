package io.jenkins.plugins.lockstep.cli;

import io.jenkins.plugins.lockstep.delivery.Delivery;
import io.jenkins.plugins.lockstep.delivery.Health;
import io.jenkins.plugins.lockstep.delivery.HoldResult;
import io.jenkins.plugins.lockstep.delivery.StatusResult;
import io.jenkins.plugins.lockstep.delivery.StatusResult.EnvironmentStatus;
import io.jenkins.plugins.lockstep.delivery.VerifyResult;
import io.jenkins.plugins.lockstep.history.Release;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code lockstep status [ENV]}. */
@Command(
        name = "status",
        description = "Show what runs, how well, and what has drifted: in one environment, or in all.",
        footer = {
            "",
            "Examples:",
            "  lockstep status",
            "  lockstep status production --json",
            "  lockstep status production --all"
        })
final class StatusCommand extends ClusterCommand {

    private static final int REVISION_WIDTH = 12;

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
        return result.failure().map(failure -> failure.problem().exitCode()).orElse(0);
    }

    private static String outcome(StatusResult result) {
        return result.environments().stream()
                .map(status -> status.environment() + ": "
                        + (!status.isReached()
                                ? "unknown"
                                : status.current() == null
                                        ? "nothing"
                                        : "release " + status.current().number()))
                .collect(Collectors.joining(", "));
    }

    private void words(StatusResult result) {
        if (result.environments().size() == 1) {
            words(result.app(), result.environments().get(0));
        } else {
            table(result);
        }
    }

    private void table(StatusResult result) {
        String format = "%-20s %-7s %-12s %5s  %-16s %s";
        line(format, "ENVIRONMENT", "RELEASE", "REVISION", "AGE", "HEALTH", "DRIFT");
        for (EnvironmentStatus status : result.environments()) {
            Release current = status.current();
            line(
                    format,
                    status.environment(),
                    current == null ? "-" : String.valueOf(current.number()),
                    current == null ? "-" : current.revision().substring(0, REVISION_WIDTH),
                    age(status),
                    !status.isReached()
                            ? "unknown"
                            : current == null ? "nothing runs" : status.health().words(),
                    drift(status));
        }
        for (EnvironmentStatus status : result.environments()) {
            remarks(status, status.environment() + ": ");
        }
    }

    private void words(String app, EnvironmentStatus status) {
        Release current = status.current();
        if (current == null) {
            line("%s in %s: nothing runs yet", app, status.environment());
        } else {
            line(
                    "%s in %s: release %d of revision %s, since %s (%s)",
                    app,
                    status.environment(),
                    current.number(),
                    current.revision(),
                    current.at().truncatedTo(ChronoUnit.SECONDS),
                    age(status));
            current.images().forEach(image -> line("  image    %s", image.reference()));
            current.configMaps().forEach(name -> line("  config   %s", name));
            if (status.health().state() != Health.State.NOTHING) {
                line("  health   %s", status.health().words());
            }
            line("  drift    %s", drift(status));
        }
        if (!status.pods().isEmpty()) {
            line("  pods     %d of %d ready", status.readyPods(), status.pods().size());
        }
        remarks(status, "  ");
    }

    /** What is not as it should be, a line each. */
    private void remarks(EnvironmentStatus status, String start) {
        Release current = status.current();
        Release newest = status.newest();
        if (status.hold() != null) {
            line("%sheld: %s", start, HoldResult.inWords(status.hold()));
        }
        if (status.failure() != null) {
            line("%s%s", start, status.failure().getMessage());
        }
        if (status.health().reason() != null) {
            line("%s%s", start, status.health().reason());
        }
        if (status.drift() != null && !status.drift().isEmpty()) {
            int more = status.drift().size() - 1;
            line(
                    "%sdrifted: %s%s",
                    start,
                    VerifyResult.words(status.drift().get(0)),
                    more > 0 ? " and " + more + " more (lockstep verify " + status.environment() + ")" : "");
        }
        if (newest != null && (current == null || newest.number() != current.number())) {
            line(
                    "%snewest: release %d of revision %s: %s",
                    start,
                    newest.number(),
                    newest.revision().substring(0, REVISION_WIDTH),
                    newest.verdict() == null
                            ? "has not ended"
                            : newest.verdict().code().word());
        }
    }

    private static String drift(EnvironmentStatus status) {
        if (status.current() == null) {
            return "-";
        }
        return status.drift() == null
                ? "unknown"
                : status.drift().isEmpty()
                        ? "none"
                        : String.valueOf(status.drift().size());
    }

    private static String age(EnvironmentStatus status) {
        Duration age = status.age();
        if (age == null) {
            return "-";
        }
        long seconds = Math.max(0, age.toSeconds());
        return seconds < 120
                ? seconds + "s"
                : seconds < 7200
                        ? seconds / 60 + "m"
                        : seconds < 172_800 ? seconds / 3600 + "h" : seconds / 86_400 + "d";
    }
}
