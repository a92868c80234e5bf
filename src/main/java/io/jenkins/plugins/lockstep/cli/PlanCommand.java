package io.jenkins.plugins.lockstep.cli;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.delivery.Delivery;
import io.jenkins.plugins.lockstep.delivery.DeployRequest;
import io.jenkins.plugins.lockstep.delivery.PlanResult;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code lockstep plan ENV}. */
@Command(
        name = "plan",
        description = "Say what a deploy would change. Writes nothing.",
        footer = {
            "",
            "Examples:",
            "  lockstep plan production",
            "  lockstep plan production --exit-code         ends with 8 where there are changes",
            "  lockstep plan production --out plan.bundle   saves it: lockstep deploy production --plan plan.bundle",
            "  lockstep plan production --all               of every project of the repository"
        })
final class PlanCommand extends ClusterCommand {

    @Parameters(paramLabel = "ENV", description = "The environment.")
    String environment;

    @Option(names = "--revision", paramLabel = "R", description = "The revision (default: the checked-out commit).")
    @Nullable
    String revision;

    @Option(names = "--exit-code", description = "End with 8 where there are changes.")
    boolean exitCode;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description =
                    "Save the plan with everything that a deploy needs, for deploy --plan. It holds the manifests'"
                            + " Secrets as they are.")
    @Nullable
    Path out;

    @Mixin
    RolloutArguments rollout = new RolloutArguments();

    @Mixin
    GuardOptions guards = new GuardOptions();

    @Mixin
    ProjectsOptions projects = new ProjectsOptions();

    @Override
    int run(Delivery delivery, ConsoleProgress progress) throws InterruptedException {
        if (projects.several()) {
            return planSeveral(delivery, progress);
        }
        Path file = out == null ? null : root.shell.directory().resolve(out).normalize();
        PlanResult result = delivery.plan(
                new DeployRequest(
                        project(revision), environment, target(), rollout.settings(guards.overrides()), actor()),
                file,
                progress);
        progress.close();
        var document = new LinkedHashMap<String, @Nullable Object>(result.toTree());
        result.failure().ifPresent(failure -> document.put("error", failure.toTree()));
        print(document, () -> new PlanOutcome(this).words(result, file));
        return result.failure()
                .map(failure -> failure.problem().exitCode())
                .orElse(exitCode && result.hasChanges() ? Problem.ANSWER_NO.exitCode() : 0);
    }

    private int planSeveral(Delivery delivery, ConsoleProgress progress) {
        if (out != null) {
            throw DeliveryException.of(Problem.BAD_USAGE, "one file is given for the plans of several projects")
                    .hint("plan each by itself, with -C DIR or --file FILE");
        }
        return severally(
                delivery,
                progress,
                projects,
                revision,
                found -> found.plan(
                        environment,
                        target(),
                        rollout.settings(guards.overrides()),
                        actor(),
                        projects.concurrency(),
                        progress),
                new SeveralProjects.Summary<>(
                        PlanResult::toTree,
                        PlanOutcome::summary,
                        plan -> new PlanOutcome(this).words(plan, null),
                        plan -> exitCode && plan.hasChanges()));
    }
}
