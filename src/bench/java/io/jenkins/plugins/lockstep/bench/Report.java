package io.jenkins.plugins.lockstep.bench;

import java.io.PrintStream;
import java.util.List;

/** Writes what was measured as Markdown, as it stands in {@code docs/performance.md}. */
final class Report {

    private final PrintStream out;

    Report(PrintStream out) {
        this.out = out;
    }

    void heading(String text) {
        out.printf("%n## %s%n%n", text);
    }

    void line(String text) {
        out.println(text);
    }

    void header(String... columns) {
        out.println();
        row(columns);
        out.println("| --- " + "| --- ".repeat(columns.length - 1) + "|");
    }

    void row(String... cells) {
        out.println("| " + String.join(" | ", cells) + " |");
        out.flush();
    }

    /** A row of a table whose columns are: what, Lockstep's seconds, peer, peer's seconds, peer / Lockstep. */
    void comparison(String what, List<Double> lockstep, String peer, List<Double> peers) {
        row(
                what,
                Spread.of(lockstep).text("%.3f"),
                peer,
                Spread.of(peers).text("%.3f"),
                Spread.ofRatios(peers, lockstep).text("%.2f"));
    }
}
