package io.jenkins.plugins.lockstep.cli;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.delivery.Delivery;
import io.jenkins.plugins.lockstep.delivery.HistoryResult;
import io.jenkins.plugins.lockstep.delivery.HoldResult;
import io.jenkins.plugins.lockstep.history.Release;
import java.time.temporal.ChronoUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code lockstep history ENV}. */
@Command(
        name = "history",
        description = "Show the releases of an environment, newest first.",
        footer = {
            "",
            "Examples:",
            "  lockstep history production",
            "  lockstep history production --json | jq '.releases[0].revision'"
        })
final class HistoryCommand extends ClusterCommand {

    @Parameters(paramLabel = "ENV", description = "The environment.")
    String environment;

    @Option(names = "--limit", paramLabel = "N", description = "How many at most (default: 20; 0 for all).")
    int limit = 20;

    @Override
    int run(Delivery delivery, ConsoleProgress progress) {
        if (limit < 0) {
            throw DeliveryException.of(Problem.BAD_USAGE, "--limit is " + limit)
                    .hint("give how many releases to show, or 0 for all");
        }
        HistoryResult result = delivery.history(project(null), environment, target(), limit);
        print(result.toTree(), () -> words(result));
        return 0;
    }

    private void words(HistoryResult result) {
        if (result.releases().isEmpty()) {
            line("%s has no release in %s yet", result.app(), result.environment());
            held(result);
            return;
        }
        line("%-5s %-12s %-19s %-20s %-14s %s", "#", "REVISION", "DIGEST", "AT", "BY", "VERDICT");
        for (Release release : result.releases()) {
            line(
                    "%-5d %-12s %-19s %-20s %-14s %s",
                    release.number(),
                    release.revision().substring(0, 12),
                    digest(release),
                    release.at().truncatedTo(ChronoUnit.SECONDS),
                    release.by(),
                    verdict(release));
            release.remarks().forEach(remark -> line("      %s", remark));
        }
        if (result.older() > 0) {
            line("and %d more: --limit 0 shows all", result.older());
        }
        held(result);
    }

    private void held(HistoryResult result) {
        if (result.hold() != null) {
            line("held: %s", HoldResult.inWords(result.hold()));
        }
    }

    private static String digest(Release release) {
        return release.images().stream()
                .map(image -> image.reference().digest())
                .filter(digest -> digest != null)
                .findFirst()
                .map(digest -> digest.substring(0, 19))
                .orElse("-");
    }

    private static String verdict(Release release) {
        String verdict = release.verdict() == null
                ? "has not ended"
                : release.verdict().code().word();
        if (release.rollbackOf() != null) {
            verdict += ", rollback to #" + release.rollbackOf();
        }
        if (release.restored() != null) {
            verdict += ", restored #" + release.restored();
        }
        if (release.pinned()) {
            verdict += ", pinned";
        }
        return verdict;
    }
}
