package io.jenkins.plugins.lockstep.common;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Spans of time as users type them: {@code 90s}, {@code 10m}, {@code 1h30m}. */
public final class DurationText {

    private static final Pattern FORM = Pattern.compile("(?:(\\d{1,6})h)?(?:(\\d{1,6})m)?(?:(\\d{1,6})s)?");

    private DurationText() {}

    /**
     * Parses hours, minutes and seconds, in this order, each with its letter.
     *
     * @throws DeliveryException {@link Problem#BAD_USAGE} where it is anything else
     */
    public static Duration parse(String text) {
        Matcher parts = FORM.matcher(text.trim());
        if (text.isBlank() || !parts.matches()) {
            throw DeliveryException.of(Problem.BAD_USAGE, "'" + text + "' is no time")
                    .hint("write for example 90s, 10m or 1h30m");
        }
        return Duration.ofHours(number(parts, 1)).plusMinutes(number(parts, 2)).plusSeconds(number(parts, 3));
    }

    private static long number(Matcher parts, int group) {
        return parts.group(group) == null ? 0 : Long.parseLong(parts.group(group));
    }
}
