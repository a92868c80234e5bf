package io.jenkins.plugins.lockstep.revision.git;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.Repository;
import org.jspecify.annotations.Nullable;

/**
 * What a user may type for a commit: a name or an id, {@code @} for {@code HEAD}, and steps back from it. The rest of Git's revision language is
 * refused: it searches messages, reads the reflog and the index, and none of them names one commit for ever.
 *
 * @param name a name that Git allows for a reference, or hex digits
 * @param steps what to do from there, in order
 */
record RevisionExpression(String name, List<Step> steps) {

    private static final Pattern SHAPE = Pattern.compile("([^~^]+)((?:[~^][0-9]{0,6}|\\^\\{(?:commit)?})*)");
    private static final Pattern STEP = Pattern.compile("([~^])([0-9]*)(?:\\{(?:commit)?})?");

    /** What people type of the rest of Git's language, and what they may say instead; the first that fits counts. */
    private enum Unread {
        RANGE(".*\\.\\..*|\\^.*|.*\\^[@!-].*", "that is a set of commits", "name one commit"),
        SEARCH(":/.*|.*\\^\\{/.*", "that searches messages, and the next commit may answer it as well", null),
        REFLOG(".*@\\{.*", "that asks this clone's own records, which no other clone has", null),
        CONTENT(".*\\^\\{.*", "that asks for something else than a commit", "leave '^{...}' out"),
        PATH(".+:.*", "that names a file of a commit", "leave out the colon and what follows it"),
        OPTION("-.*", "that is an option", "name a commit");

        private final Pattern shape;
        private final String why;
        private final @Nullable String hint;

        Unread(String shape, String why, @Nullable String hint) {
            this.shape = Pattern.compile(shape, Pattern.DOTALL);
            this.why = why;
            this.hint = hint;
        }

        static Optional<Unread> of(String text) {
            return Arrays.stream(values())
                    .filter(unread -> unread.shape.matcher(text).matches())
                    .findFirst();
        }
    }

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
            throw refusal(text, place);
        }
        var steps = new ArrayList<Step>();
        Matcher step = STEP.matcher(shape.group(2));
        while (step.find()) {
            // ^{commit} and ^{} ask for the commit itself, as ^0 does.
            boolean itself = step.group().endsWith("}");
            int number = itself ? 0 : step.group(2).isEmpty() ? 1 : Integer.parseInt(step.group(2));
            steps.add(step.group(1).equals("~") ? new Step(1, number) : new Step(number, 1));
        }
        String name = shape.group(1).equals("@") ? Constants.HEAD : shape.group(1);
        return new RevisionExpression(name, List.copyOf(steps));
    }

    private static DeliveryException refusal(String text, Path place) {
        Optional<Unread> unread = Unread.of(text);
        return DeliveryException.of(Problem.BAD_INPUT, "'" + printable(text) + "' can't be the name of a commit")
                .where(place.toString())
                .why(unread.map(found -> found.why + "; ").orElse("")
                        + "only a full or short id, a branch, a tag or HEAD is read, with ~N or ^N behind it")
                .hint(unread.flatMap(found -> Optional.ofNullable(found.hint))
                        .orElse("'git rev-parse' turns any expression into a full id"));
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
