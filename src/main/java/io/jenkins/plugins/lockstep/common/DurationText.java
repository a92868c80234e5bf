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
     * @throws DeliveryException {@link Problem#BAD_USAGE} where it is anything else, or no time at all
     */
    public static Duration parse(String text) {
        Matcher parts = FORM.matcher(text.trim());
        if (parts.matches()) {
            Duration span = Duration.ofHours(number(parts, 1))
                    .plusMinutes(number(parts, 2))
                    .plusSeconds(number(parts, 3));
            if (!span.isZero()) {
                return span;
            }
        }
        throw DeliveryException.of(Problem.BAD_USAGE, "'" + text + "' is no span of time")
                .hint("write hours, minutes or seconds with their letter, for example 10m or 1h30m");
    }

    private static long number(Matcher parts, int group) {
        return parts.group(group) == null ? 0 : Long.parseLong(parts.group(group));
    }
}
