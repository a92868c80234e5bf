package io.jenkins.plugins.lockstep.cli;

import io.jenkins.plugins.lockstep.common.document.Json;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/**
 * What the program gets from its surroundings, so that a test can bring its own.
 *
 * @param out results
 * @param err progress and failures
 * @param variables environment variables
 * @param directory the working directory
 * @param terminal whether a person watches: a progress bar and colours make sense
 * @param user the name that the ledger records
 */
record Shell(
        PrintStream out,
        PrintStream err,
        Map<String, String> variables,
        Path directory,
        boolean terminal,
        String user) {

    /** Prints a JSON document in one line of ASCII, so that no character set of a terminal or a container spoils it. */
    void print(Map<String, ?> document) {
        var line = new StringBuilder();
        for (char next : Json.write(document).toCharArray()) {
            line.append(next < 0x7f ? String.valueOf(next) : String.format(Locale.ROOT, "\\u%04x", (int) next));
        }
        out.println(line);
    }

    /** Colours are for terminals, and for those who have not switched them off (no-color.org). */
    boolean wantsColor() {
        return terminal && variables.getOrDefault("NO_COLOR", "").isEmpty() && !"dumb".equals(variables.get("TERM"));
    }
}
