package io.jenkins.plugins.lockstep.cli;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The command line's one translator of failures: words for people, JSON for machines, and the exit code. */
final class FailureReport {

    private final Shell shell;
    private final GlobalOptions options;

    FailureReport(Shell shell, GlobalOptions options) {
        this.shell = shell;
        this.options = options;
    }

    /** Prints the failure and returns the exit code. */
    int print(Throwable failure) {
        DeliveryException known = translate(failure);
        if (options.json) {
            shell.print(Map.of("error", tree(known)));
        }
        words(known, "", failure);
        return known.problem().exitCode();
    }

    /** Prints the failure of one of several projects, whose results are printed beside it. */
    void printBeside(String project, DeliveryException failure) {
        words(failure, "[" + project + "] ", failure.getCause() == null ? failure : failure.getCause());
    }

    private void words(DeliveryException known, String prefix, Throwable failure) {
        boolean color = shell.wantsColor() && !options.noColor;
        shell.err().println((color ? "\u001b[31merror:\u001b[0m " : "error: ") + prefix + known.what());
        line("where", known.where());
        line("why", known.why());
        line("do", known.hint());
        if (known.problem() == Problem.DEFECT || options.verbose) {
            failure.printStackTrace(shell.err());
        }
    }

    private void line(String name, @Nullable String text) {
        if (text != null) {
            shell.err().printf("  %-6s %s%n", name + ":", text.replace("\n", System.lineSeparator() + "         "));
        }
    }

    private static DeliveryException translate(Throwable failure) {
        if (failure instanceof DeliveryException known) {
            return known;
        }
        if (failure instanceof InterruptedException) {
            return DeliveryException.of(Problem.INTERRUPTED, "interrupted");
        }
        return DeliveryException.of(Problem.DEFECT, "this is a defect in Lockstep: " + failure)
                .hint("please report it with the lines below")
                .causedBy(failure);
    }

    static Map<String, @Nullable Object> tree(DeliveryException failure) {
        return failure.toTree();
    }
}
