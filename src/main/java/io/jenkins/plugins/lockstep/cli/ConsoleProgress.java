package io.jenkins.plugins.lockstep.cli;

import io.jenkins.plugins.lockstep.common.Progress;
import java.io.PrintStream;
import java.util.HashSet;
import java.util.Set;

/** Shows progress on standard error: plain lines, and on a terminal a bar below them. Thread-safe. */
final class ConsoleProgress implements Progress, AutoCloseable {

    private static final int BAR_WIDTH = 30;
    private static final String CLEAR_LINE = "\r\u001b[K";

    private final PrintStream err;
    private final boolean bar;
    private final boolean color;
    private final boolean quiet;
    private final boolean verbose;
    private final Set<String> warnings = new HashSet<>();
    private boolean barShown;
    private int barSteps = -1;

    ConsoleProgress(Shell shell, GlobalOptions options) {
        this.err = shell.err();
        this.bar = shell.terminal() && !options.quiet;
        this.color = shell.wantsColor() && !options.noColor;
        this.quiet = options.quiet;
        this.verbose = options.verbose;
    }

    @Override
    public synchronized void step(String message) {
        if (!quiet) {
            line(message);
        }
    }

    @Override
    public synchronized void detail(String message) {
        if (verbose) {
            line(color ? "\u001b[2m" + message + "\u001b[0m" : message);
        }
    }

    @Override
    public synchronized void warn(String message) {
        if (warnings.add(message)) {
            line((color ? "\u001b[33mwarning:\u001b[0m " : "warning: ") + message);
        }
    }

    @Override
    public synchronized void advance(String task, double fraction) {
        int steps = (int) Math.round(Math.max(0, Math.min(1, fraction)) * BAR_WIDTH);
        if (!bar || steps == barSteps) {
            return;
        }
        barSteps = steps;
        barShown = true;
        err.print(CLEAR_LINE + "[" + "=".repeat(steps) + " ".repeat(BAR_WIDTH - steps) + "] " + task);
        err.flush();
    }

    /** Takes the bar away. */
    @Override
    public synchronized void close() {
        if (barShown) {
            err.print(CLEAR_LINE);
            err.flush();
            barShown = false;
            barSteps = -1;
        }
    }

    private void line(String message) {
        close();
        err.println(message);
    }
}
