package io.jenkins.plugins.lockstep.jenkins.board;

import java.time.Duration;
import java.time.Instant;

/** Spans of time in words for people, one unit alone: {@code 3 minutes}. */
public final class Ages {

    private Ages() {}

    /** Returns how long ago something was, for example {@code 3 minutes ago}; {@code just now} within a minute. */
    public static String ago(Instant then, Instant now) {
        Duration span = Duration.between(then, now);
        return span.compareTo(Duration.ofMinutes(1)) < 0 ? "just now" : words(span) + " ago";
    }

    /** Returns a span, for example {@code 3 minutes}; never less than a minute. */
    static String words(Duration span) {
        if (span.compareTo(Duration.ofHours(1)) < 0) {
            return count(Math.max(1, span.toMinutes()), "minute");
        }
        return span.compareTo(Duration.ofDays(2)) < 0 ? count(span.toHours(), "hour") : count(span.toDays(), "day");
    }

    private static String count(long number, String unit) {
        return number + " " + unit + (number == 1 ? "" : "s");
    }
}
