package io.jenkins.plugins.lockstep.history;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a user wants to go back to. {@link ReleaseLog#select} finds the release. */
public sealed interface RollbackTarget {

    /** The good release before the one that runs. */
    record Previous() implements RollbackTarget {
        @Override
        public String toString() {
            return "previous";
        }
    }

    /**
     * A revision that was released.
     *
     * @param expression a full or short id, or a name that the repository resolves
     */
    record ToRevision(String expression) implements RollbackTarget {
        @Override
        public String toString() {
            return expression;
        }
    }

    /**
     * A release by its number.
     *
     * @param number from 1
     */
    record ToRelease(int number) implements RollbackTarget {

        /** Nine digits fit an int. */
        private static final Pattern WRITTEN = Pattern.compile("#([1-9][0-9]{0,8})");

        @Override
        public String toString() {
            return "#" + number;
        }
    }

    /**
     * Parses what a user typed: {@code previous}, {@code #N} for a release, or else a revision. A bare number is a
     * revision too: only the {@code #} tells the two apart without a guess.
     *
     * @throws DeliveryException {@link Problem#BAD_USAGE} where it can be none of them
     */
    static RollbackTarget parse(String text) {
        String typed = text.strip();
        if (typed.equals("previous")) {
            return new Previous();
        }
        if (typed.startsWith("#")) {
            Matcher number = ToRelease.WRITTEN.matcher(typed);
            if (!number.matches()) {
                throw DeliveryException.of(Problem.BAD_USAGE, "'" + typed + "' is no release number")
                        .hint("write # and a number, for example #7; lockstep history lists them");
            }
            return new ToRelease(Integer.parseInt(number.group(1)));
        }
        if (typed.isEmpty()) {
            throw DeliveryException.of(Problem.BAD_USAGE, "nothing is named to roll back to")
                    .hint("name a revision, a release as #7, or previous");
        }
        return new ToRevision(typed);
    }
}
