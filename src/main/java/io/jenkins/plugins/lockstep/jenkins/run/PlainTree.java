package io.jenkins.plugins.lockstep.jenkins.run;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Trees of the few classes that a controller lets in from an agent, keeps with a running Pipeline and lets a sandboxed
 * script read: {@code LinkedHashMap}, {@code ArrayList}, String, Integer, Long and Boolean.
 */
final class PlainTree {

    /** What the contract tells with fractions; whole seconds are enough for a script. */
    private static final String SECONDS = "seconds";

    private PlainTree() {}

    /** Copies a tree of maps, lists, texts, numbers and booleans. A number with a fraction becomes a text. */
    static LinkedHashMap<String, @Nullable Object> copy(Map<?, ?> tree) {
        var copy = new LinkedHashMap<String, @Nullable Object>();
        tree.forEach((key, value) -> copy.put(
                String.valueOf(key),
                SECONDS.equals(key) && value instanceof Double seconds ? (Object) Math.round(seconds) : plain(value)));
        return copy;
    }

    private static @Nullable Object plain(@Nullable Object value) {
        if (value instanceof Map<?, ?> map) {
            return copy(map);
        }
        if (value instanceof Collection<?> list) {
            var copy = new ArrayList<@Nullable Object>(list.size());
            list.forEach(item -> copy.add(plain(item)));
            return copy;
        }
        if (value == null
                || value instanceof String
                || value instanceof Boolean
                || value instanceof Integer
                || value instanceof Long) {
            return value;
        }
        if (value instanceof Number number) {
            return number.toString();
        }
        throw new IllegalStateException("a result holds a " + value.getClass().getName());
    }
}
