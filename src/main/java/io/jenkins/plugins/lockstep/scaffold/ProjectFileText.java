package io.jenkins.plugins.lockstep.scaffold;

import io.jenkins.plugins.lockstep.common.document.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Writes lines of YAML with a comment behind each. */
final class ProjectFileText {

    private static final Pattern PLAIN = Pattern.compile("[A-Za-z/][A-Za-z0-9_./:@*-]*(?<!:)");
    private static final Set<String> NO_TEXT = Set.of("y", "n", "yes", "no", "on", "off", "true", "false", "null");
    private static final int COMMENT_COLUMN = 40;

    private final List<String> lines = new ArrayList<>();

    ProjectFileText line(String text) {
        lines.add(text);
        return this;
    }

    ProjectFileText line(String text, String comment) {
        int gap = Math.max(2, COMMENT_COLUMN - text.length());
        lines.add(comment.isEmpty() ? text : text + " ".repeat(gap) + "# " + comment);
        return this;
    }

    String text() {
        return String.join("\n", lines) + "\n";
    }

    /** Writes a text so that it stays one, in lists and mappings of one line too. */
    static String scalar(String text) {
        boolean plain = PLAIN.matcher(text).matches() && !NO_TEXT.contains(text.toLowerCase(java.util.Locale.ROOT));
        return plain ? text : Json.write(text);
    }

    static String list(List<String> texts) {
        return texts.stream().map(ProjectFileText::scalar).collect(Collectors.joining(", ", "[", "]"));
    }
}
