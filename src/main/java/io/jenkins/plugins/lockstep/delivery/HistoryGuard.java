package io.jenkins.plugins.lockstep.delivery;

import static io.jenkins.plugins.lockstep.revision.Revision.shortId;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.history.Release;
import io.jenkins.plugins.lockstep.project.Environment.HistoryRule;
import io.jenkins.plugins.lockstep.revision.Ancestry;
import io.jenkins.plugins.lockstep.revision.CommitRange;
import io.jenkins.plugins.lockstep.revision.Horizon;
import io.jenkins.plugins.lockstep.revision.Lineage;
import java.util.stream.Collectors;

/**
 * Whether a revision may follow what runs (design, section 5, rule 12); pure but for what it asks of the lineage.
 *
 * @param rule the environment's
 * @param overrides what may pass nevertheless
 * @param lineage knows how the two descend from each other
 */
record HistoryGuard(HistoryRule rule, Overrides overrides, Lineage lineage) {

    /** As many as fit on a terminal below an error. */
    private static final int MOST_NAMED = 5;

    /**
     * Lets a revision follow a release, or refuses it.
     *
     * @throws DeliveryException {@link Problem#OLDER_REVISION}, {@link Problem#DIVERGED_REVISION} or
     *     {@link Problem#HISTORY_UNKNOWN}
     */
    Admission admit(String revision, Release running) {
        Ancestry ancestry = lineage.ancestry(revision, running.revision());
        return switch (ancestry.relation()) {
            case SAME, DESCENDANT -> Admission.PLAIN;
            case ANCESTOR -> older(revision, running);
            case DIVERGED -> diverged(revision, running, String.valueOf(ancestry.mergeBase()));
            case UNRELATED -> unrelated(revision, running);
            case UNKNOWN -> unknown(revision, running);
        };
    }

    private Admission older(String revision, Release running) {
        CommitRange lost = lost(revision, running);
        String fact = "this is older than what runs: " + commits(lost.count()) + " behind " + named(running);
        if (rule == HistoryRule.ANY) {
            return Admission.warning(fact);
        }
        if (overrides.allowOlder()) {
            return Admission.remarking("older than what ran, " + commits(lost.count()) + " behind " + named(running)
                    + ": passed by --allow-older");
        }
        throw refusal(Problem.OLDER_REVISION, "revision " + shortId(revision) + " is older than what runs", running)
                .why(named(running) + " runs, " + commits(lost.count()) + " further on, and the history goes forward"
                        + listed(lost))
                .hint("deploy a newer revision; to go back on purpose: lockstep rollback " + running.environment()
                        + " --to " + shortId(revision) + ", or deploy with --allow-older");
    }

    private Admission diverged(String revision, Release running, String base) {
        CommitRange lost = lost(revision, running);
        String fact =
                commits(lost.count()) + " of " + named(running) + " since " + shortId(base) + ", where the two parted";
        if (rule == HistoryRule.ANY) {
            return Admission.warning("this has diverged from what runs: it lacks " + fact);
        }
        if (overrides.allowDiverged()) {
            return Admission.remarking("diverged from what ran, without " + fact + ": passed by --allow-diverged");
        }
        throw refusal(
                        Problem.DIVERGED_REVISION,
                        "revision " + shortId(revision) + " has diverged from what runs",
                        running)
                .why("it would lose " + fact + listed(lost))
                .hint("merge or rebase onto " + shortId(running.revision())
                        + " and deploy that; to lose them on purpose: --allow-diverged");
    }

    private Admission unrelated(String revision, Release running) {
        if (rule == HistoryRule.ANY) {
            return Admission.warning("this has no history in common with what runs, " + named(running));
        }
        if (overrides.allowDiverged()) {
            return Admission.remarking(
                    "no history in common with what ran, " + named(running) + ": passed by --allow-diverged");
        }
        throw refusal(
                        Problem.DIVERGED_REVISION,
                        "revision " + shortId(revision) + " has no history in common with what runs",
                        running)
                .why("the two share no commit; " + named(running) + " runs")
                .hint("see whether this is the right repository; if the history was rewritten on purpose:"
                        + " --allow-diverged");
    }

    private Admission unknown(String revision, Release running) {
        Horizon horizon = lineage.horizon();
        String fact =
                horizon.who() + " can't tell how " + shortId(revision) + " relates to what runs, " + named(running);
        if (rule == HistoryRule.ANY) {
            return Admission.warning(fact + ": it may be older");
        }
        if (overrides.allowOlder() && overrides.allowDiverged()) {
            return Admission.remarking("how it relates to what ran, " + named(running)
                    + ", could not be told: passed by --allow-older --allow-diverged");
        }
        throw refusal(Problem.HISTORY_UNKNOWN, fact, running)
                .why(horizon.why() + "; and the history goes forward")
                .hint(horizon.hint() + "; to deploy whatever it is: --allow-older --allow-diverged");
    }

    private CommitRange lost(String revision, Release running) {
        return lineage.only(running.revision(), revision, MOST_NAMED);
    }

    private static DeliveryException refusal(Problem problem, String what, Release running) {
        return DeliveryException.of(problem, what).where(running.app() + " in " + running.environment());
    }

    private static String listed(CommitRange lost) {
        if (lost.newest().isEmpty()) {
            return "";
        }
        int more = lost.count() - lost.newest().size();
        return lost.newest().stream().map(commit -> "\n" + commit).collect(Collectors.joining("", ":", ""))
                + (more > 0 ? "\nand " + more + " more" : "");
    }

    private static String named(Release release) {
        return "release " + release.number() + " (" + shortId(release.revision()) + ")";
    }

    private static String commits(int count) {
        return count == 1 ? "1 commit" : count + " commits";
    }
}
