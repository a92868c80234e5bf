package io.jenkins.plugins.lockstep.revision;

import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Some commits, most of them only counted.
 *
 * @param count how many there are
 * @param newest the newest ones of them, newest first
 */
public record CommitRange(int count, List<Commit> newest) {

    /** No commit. */
    public static final CommitRange NONE = new CommitRange(0, List.of());

    public CommitRange {
        newest = List.copyOf(newest);
    }

    /**
     * One commit, for messages.
     *
     * @param id its full id
     * @param subject the first line of its message, shortened and without control characters; null where it is not known
     */
    public record Commit(String id, @Nullable String subject) {

        /** Whoever commits must not be able to steer a terminal. */
        private static final Pattern CONTROL = Pattern.compile("[\\p{Cntrl}\\p{Cf}]+");

        private static final int LONGEST_SUBJECT = 72;

        public Commit {
            subject = subject == null ? null : shown(subject);
        }

        static String shown(String subject) {
            String plain = CONTROL.matcher(subject).replaceAll(" ").strip();
            return plain.codePointCount(0, plain.length()) <= LONGEST_SUBJECT
                    ? plain
                    : plain.substring(0, plain.offsetByCodePoints(0, LONGEST_SUBJECT - 1)) + "…";
        }

        @Override
        public String toString() {
            String shortId = Revision.shortId(id);
            return subject == null || subject.isEmpty() ? shortId : shortId + " " + subject;
        }
    }
}
