package io.jenkins.plugins.lockstep.revision.git;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.Repository;

/**
 * What a user may type for a commit: a name or an id, and steps back from it. The rest of Git's revision language is
 * refused: it searches messages, reads the reflog and the index, and none of them names one commit for ever.
 *
 * @param name a name that Git allows for a reference, or hex digits
 * @param steps what to do from there, in order
 */
record RevisionExpression(String name, List<Step> steps) {

    private static final Pattern SHAPE = Pattern.compile("([^~^]+)((?:[~^][0-9]{0,6})*)");
    private static final Pattern STEP = Pattern.compile("([~^])([0-9]*)");

    /**
     * One step back.
     *
     * @param parent which parent to go to, 1 is the first; 0 stays
     * @param times how often
     */
    record Step(int parent, int times) {}

    /**
     * Parses {@code text}.
     *
     * @throws DeliveryException {@link Problem#BAD_INPUT} where it is anything else
     */
    static RevisionExpression parse(String text, Path place) {
        Matcher shape = SHAPE.matcher(text);
        if (!shape.matches() || !isPlain(shape.group(1))) {
            throw DeliveryException.of(Problem.BAD_INPUT, "'" + printable(text) + "' can't be the name of a commit")
                    .where(place.toString())
                    .why(
                            "only a full or short id, a branch, a tag or HEAD is read, with ~N or ^N behind it; the rest of"
                                    + " Git's revision language is not")
                    .hint("'git rev-parse' turns any expression into a full id");
        }
        var steps = new ArrayList<Step>();
        Matcher step = STEP.matcher(shape.group(2));
        while (step.find()) {
            int number = step.group(2).isEmpty() ? 1 : Integer.parseInt(step.group(2));
            steps.add(step.group(1).equals("~") ? new Step(1, number) : new Step(number, 1));
        }
        return new RevisionExpression(shape.group(1), List.copyOf(steps));
    }

    /** Git's own rules for names keep out ranges, paths, searches, the reflog and {@code ../} in one go. */
    private static boolean isPlain(String name) {
        return !name.startsWith("-") && Repository.isValidRefName(Constants.R_HEADS + name);
    }

    /** Returns {@code text} without control characters, which must not reach a terminal. */
    static String printable(String text) {
        return text.replaceAll("\\p{Cntrl}", "?");
    }
}
