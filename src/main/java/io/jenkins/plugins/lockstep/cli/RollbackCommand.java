package io.jenkins.plugins.lockstep.cli;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.delivery.Delivery;
import io.jenkins.plugins.lockstep.delivery.DeployResult;
import io.jenkins.plugins.lockstep.delivery.ReadinessResult;
import io.jenkins.plugins.lockstep.delivery.ReadinessResult.Target;
import io.jenkins.plugins.lockstep.delivery.RollbackRequest;
import io.jenkins.plugins.lockstep.history.Release;
import java.time.temporal.ChronoUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code lockstep rollback ENV}. */
@Command(
        name = "rollback",
        description = "Bring an earlier release back: its image digest, configuration and objects, as recorded."
                + " Nothing is built again. A rollback is itself a release. What to go back to is --to X: a revision, #N,"
                + " or previous (the default).",
        footer = {
            "",
            "Examples:",
            "  lockstep rollback production                 the previous good release",
            "  lockstep rollback production --to 4f2c9ab    the newest good release of a revision",
            "  lockstep rollback production --to '#7'       release 7 (see lockstep history)",
            "  lockstep rollback production --check         what one could go back to, and what is in the way"
        })
final class RollbackCommand extends ClusterCommand {

    private static final int MOST_CHECKED = 20;

    @Parameters(paramLabel = "ENV", description = "The environment.")
    String environment;

    @Option(
            names = "--check",
            description =
                    "Roll nothing back: list what one can go back to, ready or blocked and why. With --to X: of that"
                            + " alone, and end with 8 where it is blocked.")
    boolean check;

    @Option(names = "--all", description = "With --check: list all, instead of the newest 20.")
    boolean all;

    @Mixin
    RolloutArguments rollout = new RolloutArguments();

    @Override
    boolean goesBack() {
        return true;
    }

    @Override
    int run(Delivery delivery, ConsoleProgress progress) throws InterruptedException {
        var request = new RollbackRequest(
                project(null),
                environment,
                targetOptions.earlier().orElse("previous"),
                target(),
                rollout.settings(),
                actor());
        if (check) {
            return check(delivery, request);
        }
        if (all) {
            throw DeliveryException.of(Problem.BAD_USAGE, "--all is for --check")
                    .hint("lockstep rollback " + environment + " --check --all");
        }
        DeployResult result = delivery.rollback(request, progress);
        progress.close();
        return new DeployOutcome(this).print(result);
    }

    private int check(Delivery delivery, RollbackRequest request) {
        boolean only = targetOptions.earlier().isPresent();
        ReadinessResult result = delivery.rollbackReadiness(request, only, all ? Integer.MAX_VALUE : MOST_CHECKED);
        print(result.toTree(), () -> words(result));
        return only && !result.isReady() ? Problem.ANSWER_NO.exitCode() : 0;
    }

    private void words(ReadinessResult result) {
        if (result.targets().isEmpty()) {
            line("%s in %s: there is nothing to go back to", result.app(), result.environment());
        }
        for (Target target : result.targets()) {
            Release release = target.release();
            line(
                    "%-5s %-12s %-20s %s",
                    "#" + release.number(),
                    release.revision().substring(0, 12),
                    release.at().truncatedTo(ChronoUnit.SECONDS),
                    target.isReady() ? "ready" : "blocked");
            target.reasons().forEach(reason -> line("      %s", reason));
            target.notes().forEach(note -> line("      %s", note));
        }
        if (result.more() > 0) {
            line("and %d more: --all shows them", result.more());
        }
    }
}
