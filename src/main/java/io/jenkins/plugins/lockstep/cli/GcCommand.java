package io.jenkins.plugins.lockstep.cli;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.delivery.CollectionRequest;
import io.jenkins.plugins.lockstep.delivery.CollectionResult;
import io.jenkins.plugins.lockstep.delivery.CollectionResult.Decision;
import io.jenkins.plugins.lockstep.delivery.CollectionResult.Sort;
import io.jenkins.plugins.lockstep.delivery.Delivery;
import io.jenkins.plugins.lockstep.delivery.RolloutSettings;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code lockstep gc [ENV]}. */
@Command(
        name = "gc",
        description =
                "Delete what no release that is kept, and nothing that runs, refers to: what old releases rendered,"
                        + " their ConfigMaps and, on request, their images. Says of each thing why it stays or goes.",
        footer = {
            "",
            "Examples:",
            "  lockstep gc --dry-run                 explain everything, delete nothing",
            "  lockstep gc production",
            "  lockstep gc --registry                images, too, that no environment needs"
        })
final class GcCommand extends ClusterCommand {

    @Parameters(paramLabel = "ENV", arity = "0..1", description = "The environment (default: all).")
    @Nullable
    String environment;

    @Option(names = "--dry-run", description = "Explain each decision, delete nothing, take no lock.")
    boolean dryRun;

    @Option(
            names = "--registry",
            description = "Delete images, too, that no environment of the project needs. All of them must be readable.")
    boolean registry;

    @Option(
            names = "--unreleased",
            description = "With --registry: also images that no environment ever released, once their commit is older"
                    + " than `keep: days` of the project file.")
    boolean unreleased;

    @Option(
            names = "--lock-timeout",
            paramLabel = "TIME",
            description = "How long to wait for someone else's release (default: 5m).")
    Duration lockTimeout = RolloutSettings.DEFAULT.lockTimeout();

    @Override
    int run(Delivery delivery, ConsoleProgress progress) throws InterruptedException {
        if (unreleased && !registry) {
            throw DeliveryException.of(Problem.BAD_USAGE, "--unreleased is about images")
                    .hint("give --registry, too");
        }
        var request = new CollectionRequest(
                project(null), environment, target(), dryRun, registry, unreleased, lockTimeout, actor());
        CollectionResult result = delivery.collect(request, progress);
        progress.close();
        print(result.toTree(), () -> words(result));
        return 0;
    }

    private void words(CollectionResult result) {
        for (Decision decision : result.decisions()) {
            line(
                    "%-7s %-9s %s%s: %s",
                    decision.kept() ? "keep" : "delete",
                    decision.sort().word(),
                    decision.environment() == null ? "" : decision.environment() + " ",
                    decision.name(),
                    decision.reason());
        }
        if (result.decisions().isEmpty()) {
            line("nothing was released yet: there is nothing to clean up");
        }
        for (Sort sort : Sort.values()) {
            long kept = result.count(sort, true);
            long deleted = result.count(sort, false);
            if (kept + deleted > 0) {
                line("%s: %d kept, %d %s", sort.word(), kept, deleted, result.dryRun() ? "to delete" : "deleted");
            }
        }
    }
}
