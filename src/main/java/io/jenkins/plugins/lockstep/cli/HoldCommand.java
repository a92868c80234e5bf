package io.jenkins.plugins.lockstep.cli;

import io.jenkins.plugins.lockstep.delivery.Delivery;
import io.jenkins.plugins.lockstep.delivery.HoldRequest;
import io.jenkins.plugins.lockstep.delivery.HoldResult;
import io.jenkins.plugins.lockstep.history.Hold;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code lockstep hold ENV}. */
@Command(
        name = "hold",
        description = "Hold an environment: every revision but the one that runs is refused. Or lift what holds it,"
                + " after a rollback too. What holds is shown by status and history.",
        footer = {
            "",
            "Examples:",
            "  lockstep hold production --reason 'the database is being moved'",
            "  lockstep hold production --release --reason 'fixed in the proxy'"
        })
final class HoldCommand extends ClusterCommand {

    @Parameters(paramLabel = "ENV", description = "The environment.")
    String environment;

    @Option(names = "--release", description = "Lift everything that holds it.")
    boolean release;

    @Option(names = "--reason", paramLabel = "TEXT", description = "Why, for whoever meets the hold.")
    @Nullable
    String reason;

    @Override
    int run(Delivery delivery, ConsoleProgress progress) {
        HoldResult result =
                delivery.hold(new HoldRequest(project(null), environment, target(), release, reason, actor()));
        progress.close();
        print(result.toTree(), () -> words(result));
        return 0;
    }

    private void words(HoldResult result) {
        for (Hold lifted : result.lifted()) {
            line("lifted: %s", HoldResult.inWords(lifted));
        }
        if (result.hold() != null) {
            line("%s in %s is held: %s", result.app(), result.environment(), HoldResult.inWords(result.hold()));
        } else if (result.lifted().isEmpty()) {
            line("nothing holds %s in %s", result.app(), result.environment());
        }
    }
}
