package io.jenkins.plugins.lockstep.deploy;

import io.jenkins.plugins.lockstep.TestBed;
import io.jenkins.plugins.lockstep.deploy.VerdictBench.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/** Writes {@code docs/verdicts.md} from what {@link VerdictsClusterTest} saw. */
final class VerdictsPage {

    private static final int EVIDENCE = 5;

    private final List<Outcome> failures;
    private final List<Outcome> recoveries;

    VerdictsPage(List<Outcome> outcomes) {
        failures = outcomes.stream().filter(one -> !one.given().recovers()).toList();
        recoveries = outcomes.stream().filter(one -> one.given().recovers()).toList();
    }

    /** Returns the durations in one line. */
    String figures() {
        List<Double> seconds = failures.stream().map(this::seconds).sorted().toList();
        return String.format(
                Locale.ROOT,
                "%d causes, %d recoveries; seconds from the moment a verdict was due: median %.1f, most %.1f",
                failures.size(),
                recoveries.size(),
                seconds.get(seconds.size() / 2),
                seconds.get(seconds.size() - 1));
    }

    String text() {
        var page = new StringBuilder(
                """
                # When a rollout has failed

                Written by `VerdictsClusterTest`, which provokes each cause on a real cluster:
                `src/testbed/testbed run -- ./mvnw -B -o -q test -Dtest=VerdictsClusterTest -Dlockstep.docs=write`. The seconds are
                those from the moment at which the condition held and its grace was over, as a watch of the test's own saw it, until
                the verdict was there, last lines of the log included.

                A verdict is one cause, one sentence, the evidence and one hint. Only pods of the new revision count, and what
                recovers inside its grace is no failure. Graces are keys of the [project file](project-file.md#graces) and options
                (`--grace scheduling=5m`).

                """);
        page.append("| cause | code | conclusive | seconds |\n| --- | --- | --- | --- |\n");
        failures.forEach(one -> page.append(row(one))
                .append(String.format(Locale.ROOT, " %.1f |%n", seconds(one)).replace("\r\n", "\n")));
        page.append('\n').append(capitalized(figures())).append(".\n\n## What they say\n\n");
        failures.forEach(one -> example(one, page));
        page.append("## What recovers is no failure\n\nIn the same run, none of these failed:\n\n");
        recoveries.forEach(one -> page.append("- ").append(one.given().cause).append('\n'));
        return page.toString();
    }

    /** Returns what has to stand on the page whenever it was written. */
    List<String> lastingLines() {
        var lines = new ArrayList<String>();
        failures.forEach(one -> {
            lines.add(row(one));
            lines.add("do       " + hint(one));
        });
        recoveries.forEach(one -> lines.add("- " + one.given().cause + "\n"));
        return lines;
    }

    private static String row(Outcome one) {
        return "| " + one.given().cause + " | `" + one.given().code.word() + "` | " + one.given().conclusive + " |";
    }

    private static void example(Outcome one, StringBuilder page) {
        page.append("### ").append(capitalized(one.given().cause)).append("\n\n```\n");
        page.append(told(one.verdict().message())).append('\n');
        page.append("cause    ").append(one.verdict().code().word()).append('\n');
        one.verdict().evidence().stream().flatMap(String::lines).limit(EVIDENCE).forEach(line -> page.append("| ")
                .append(told(line))
                .append('\n'));
        page.append("do       ").append(hint(one)).append("\n```\n\n");
    }

    private static String hint(Outcome one) {
        return told(Objects.requireNonNull(one.verdict().hint()));
    }

    /** Leaves out what differs from run to run. */
    private static String told(String text) {
        return text.replaceAll("verdict-[0-9a-z]+-[0-9]+", "shop")
                .replaceAll("\\bweb-[0-9a-f]{8,10}-(?:[0-9a-z]{5}(?![0-9a-z]))?", "web-5d8f7c9b6d-x2k4q")
                .replaceAll("\\bweb-[0-9a-z]{5}(?![0-9a-z])", "web-x2k4q")
                .replaceAll("\\([0-9a-f]{8}-[0-9a-f-]{27}\\)", "")
                .replace(TestBed.base(), "registry.example.com/shop/web:1")
                .replaceAll("(?<!/)127\\.0\\.0\\.1:[0-9]{1,5}/", "registry.example.com/")
                .replaceAll("https?://127\\.0\\.0\\.1:[0-9]+(?!/)", "https://cluster.example.com")
                .replaceAll("https?://127\\.0\\.0\\.1:[0-9]+(?=/)", "https://registry.example.com")
                .replaceAll("127\\.0\\.0\\.1:[0-9]{1,5}", "registry.example.com")
                .strip();
    }

    /** A verdict at a deadline is due at the deadline. */
    private double seconds(Outcome one) {
        boolean atDeadline =
                one.verdict().code() == Verdict.Code.NOT_READY || one.verdict().code() == Verdict.Code.DEADLINE;
        return Math.max(0, one.seconds() - (atDeadline ? one.given().timeout.toMillis() / 1e3 : 0));
    }

    private static String capitalized(String text) {
        return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
    }
}
