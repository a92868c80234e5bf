package io.jenkins.plugins.lockstep.jenkins.run;

import hudson.AbortException;
import hudson.model.TaskListener;
import hudson.remoting.ProxyException;
import io.jenkins.plugins.lockstep.common.DeliveryException;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The plugin's one translator of failures.
 *
 * <p>It works on the machine that ran the operation: what it returns holds nothing but texts and stack frames, so
 * it passes a controller's filter of classes, which the exceptions of Jib or the Kubernetes client would not.
 */
final class StepFailures {

    private StepFailures() {}

    /**
     * Translates what the user, the registry or the cluster caused into a message without a stack trace, and a defect
     * into one that keeps it.
     *
     * @throws InterruptedException where the failure is that the operation was stopped
     */
    static IOException translate(DeliveryException failure) throws InterruptedException {
        return switch (failure.problem()) {
            case INTERRUPTED -> throw new InterruptedException(failure.getMessage());
            case DEFECT -> defect(failure);
            default -> new AbortException(text(failure));
        };
    }

    /** Translates what an operation was said to have failed with, wherever it ran. */
    static AbortException translate(Map<String, @Nullable Object> problem) {
        return new AbortException(text(
                String.valueOf(problem.get("what")),
                (String) problem.get("where"),
                (String) problem.get("why"),
                (String) problem.get("hint")));
    }

    /** As {@link #defect(RuntimeException)}, and asks in the build log to report it. */
    static IOException defect(RuntimeException mistake, TaskListener listener) {
        listener.getLogger().println("This is a defect in Lockstep; please report it with the stack trace below.");
        return defect(mistake);
    }

    /** Keeps types, messages and stack traces of a mistake in Lockstep, but none of the objects. */
    static IOException defect(RuntimeException mistake) {
        return new ProxyException(mistake);
    }

    private static String text(DeliveryException failure) {
        return text(failure.what(), failure.where(), failure.why(), failure.hint());
    }

    private static String text(String what, @Nullable String where, @Nullable String why, @Nullable String hint) {
        var lines = new StringBuilder(what);
        append(lines, "where", where);
        append(lines, "why", why);
        append(lines, "hint", hint);
        return lines.toString();
    }

    private static void append(StringBuilder lines, String label, @Nullable String text) {
        if (text != null) {
            lines.append("\n  ").append(label).append(": ").append(text.replace("\n", "\n    "));
        }
    }
}
