package io.jenkins.plugins.lockstep.jenkins.page;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import org.jspecify.annotations.Nullable;

/** Failures of the engine as pages and logs tell them. */
final class Failures {

    private Failures() {}

    /** Returns what, where, why and a hint, a line each. */
    static String text(DeliveryException failure) {
        var lines = new StringBuilder(failure.what());
        append(lines, "where", failure.where());
        append(lines, "why", failure.why());
        append(lines, "hint", failure.hint());
        return lines.toString();
    }

    private static void append(StringBuilder lines, String label, @Nullable String text) {
        if (text != null) {
            lines.append("\n  ").append(label).append(": ").append(text.replace("\n", "\n    "));
        }
    }
}
