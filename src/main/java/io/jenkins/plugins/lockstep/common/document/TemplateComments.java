package io.jenkins.plugins.lockstep.common.document;

import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The comments {@code # Source: CHART/templates/FILE} that {@code helm template} writes above each document. */
final class TemplateComments {

    private static final String COMMENT = "# Source: ";
    private static final String NONE = "";

    private final TreeMap<Integer, String> byLine = new TreeMap<>();

    /** Finds the comments of a text; cheap where there are none. */
    static TemplateComments of(CharSequence text) {
        var comments = new TemplateComments();
        String whole = text.toString();
        if (!whole.contains(COMMENT)) {
            return comments;
        }
        int line = 1;
        int start = 0;
        while (start < whole.length()) {
            int end = whole.indexOf('\n', start);
            end = end < 0 ? whole.length() : end;
            if (whole.startsWith("---", start)) {
                comments.byLine.put(line, NONE); // a document that says nothing is not from the template before
            } else if (whole.startsWith(COMMENT, start)) {
                comments.byLine.put(
                        line, whole.substring(start + COMMENT.length(), end).strip());
            }
            start = end + 1;
            line++;
        }
        return comments;
    }

    /** Returns the template of what stands at a line, from 1; null where no comment says it. */
    @Nullable
    String at(int line) {
        Map.Entry<Integer, String> entry = byLine.floorEntry(line);
        return entry == null || entry.getValue().equals(NONE) ? null : entry.getValue();
    }
}
