package io.jenkins.plugins.lockstep.cli;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.delivery.Delivery;
import io.jenkins.plugins.lockstep.delivery.DeployRequest;
import io.jenkins.plugins.lockstep.delivery.PlanResult;
import io.jenkins.plugins.lockstep.deploy.Change;
import java.util.LinkedHashMap;
import java.util.Locale;
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
            "  lockstep plan production --exit-code     ends with 8 where there are changes",
            "  lockstep plan production --all           of every project of the repository"
        })
final class PlanCommand extends ClusterCommand {

    @Parameters(paramLabel = "ENV", description = "The environment.")
    String environment;

    @Option(names = "--revision", paramLabel = "R", description = "The revision (default: the checked-out commit).")
    @Nullable
    String revision;

    @Option(names = "--exit-code", description = "End with 8 where there are changes.")
    boolean exitCode;

    @Mixin
    RolloutArguments rollout = new RolloutArguments();

    @Mixin
    GuardOptions guards = new GuardOptions();

    @Mixin
    ProjectsOptions projects = new ProjectsOptions();

    @Override
    int run(Delivery delivery, ConsoleProgress progress) {
        if (projects.several()) {
            return planSeveral(delivery, progress);
        }
        PlanResult result = delivery.plan(new DeployRequest(
                project(revision), environment, target(), rollout.settings(guards.overrides()), actor()));
        var document = new LinkedHashMap<String, @Nullable Object>(result.toTree());
        DeliveryException refusal = result.refusal();
        if (refusal != null) {
            document.put("error", FailureReport.tree(refusal));
        }
        print(document, () -> words(result));
        if (refusal != null) {
            failures().printBeside(refusal);
            return refusal.problem().exitCode();
        }
        return exitCode && result.hasChanges() ? Problem.ANSWER_NO.exitCode() : 0;
    }

    private int planSeveral(Delivery delivery, ConsoleProgress progress) {
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
                        PlanCommand::outcome,
                        plan -> {
                            line("%s in %s:", plan.draft().app(), plan.draft().environment());
                            words(plan);
                        },
                        plan -> exitCode && plan.hasChanges()));
    }

    private static String outcome(PlanResult result) {
        long changes = result.plan().changes().stream()
                .filter(change -> change.operation() != Change.Operation.KEEP)
                .count();
        return changes > 0 ? changes + " changes" : result.hasChanges() ? "a release" : "no changes";
    }

    private void words(PlanResult result) {
        for (Change change : result.plan().changes()) {
            line("%-9s %s", change.operation().name().toLowerCase(Locale.ROOT), change.key());
            change.fields().forEach(field -> line("            %s", field));
        }
        if (!result.hasChanges()) {
            line("nothing to do");
        }
        result.draft().remarks().forEach(remark -> line("remark: %s", remark));
        result.warnings().forEach(warning -> line("warning: %s", warning));
    }
}
