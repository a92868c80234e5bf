package io.jenkins.plugins.lockstep.jenkins.config;

import io.jenkins.plugins.lockstep.common.Glob;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A field that holds several words or patterns, with spaces, commas or lines between them. */
final class Words {

    private Words() {}

    static List<String> of(@Nullable String field) {
        return field == null
                ? List.of()
                : Arrays.stream(field.split("[\\s,]+"))
                        .filter(word -> !word.isEmpty())
                        .toList();
    }

    /** Tells whether one of the patterns takes the whole name; {@code *} stays between slashes, {@code **} crosses them. */
    static boolean match(List<String> patterns, String name) {
        return patterns.stream().anyMatch(pattern -> Glob.ofPaths(pattern).matches(name));
    }
}
