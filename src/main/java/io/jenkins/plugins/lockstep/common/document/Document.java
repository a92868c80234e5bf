package io.jenkins.plugins.lockstep.common.document;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One document of a YAML or JSON file, with the line of each of its nodes.
 *
 * @param file the path as the user knows it, relative to the project file
 * @param number which document of the file, from 1
 * @param tree the content, see the package description; null for an empty document
 * @param lines line by path, from 1; a path is written {@code spec.containers[0].image}, the root is the empty string
 * @param template what the document was rendered from, as {@code helm template} says in its comment {@code # Source:};
 *     null where nothing says so
 */
public record Document(
        String file, int number, @Nullable Object tree, Map<String, Integer> lines, @Nullable String template) {

    /** Creates a document that somebody wrote. */
    public Document(String file, int number, @Nullable Object tree, Map<String, Integer> lines) {
        this(file, number, tree, lines, null);
    }

    /** Returns the line of {@code path}, or of its nearest ancestor that the file has. */
    public int line(String path) {
        String known = path;
        while (!lines.containsKey(known) && !known.isEmpty()) {
            int dot = Math.max(known.lastIndexOf('.'), known.lastIndexOf('['));
            known = dot < 0 ? "" : known.substring(0, dot);
        }
        return lines.getOrDefault(known, 1);
    }

    /** Returns {@code FILE:LINE}, with the template, or else the document's number where it is not the first. */
    public String place(String path) {
        String place = file + ":" + line(path);
        if (template != null) {
            return place + " (from " + template + ")";
        }
        return number == 1 ? place : place + " (document " + number + ")";
    }

    /** Starts the failure for a mistake that the user made in this document. */
    public DeliveryException mistake(String path, String what) {
        return DeliveryException.of(Problem.BAD_INPUT, what).where(place(path));
    }
}
