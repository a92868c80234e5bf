package io.jenkins.plugins.lockstep.jenkins.run;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Trees of the few classes that a controller lets in from an agent, keeps with a running Pipeline and lets a sandboxed
 * script read.
 */
final class PlainTree {

    private PlainTree() {}

    /** Copies a tree of maps, lists, texts, numbers and booleans into {@code LinkedHashMap} and {@code ArrayList}. */
    static Map<String, @Nullable Object> copy(Map<?, ?> tree) {
        var copy = new LinkedHashMap<String, @Nullable Object>();
        tree.forEach((key, value) -> copy.put(String.valueOf(key), plain(value)));
        return copy;
    }

    private static @Nullable Object plain(@Nullable Object value) {
        if (value instanceof Map<?, ?> map) {
            return copy(map);
        }
        if (value instanceof List<?> list) {
            var copy = new ArrayList<@Nullable Object>(list.size());
            list.forEach(item -> copy.add(plain(item)));
            return copy;
        }
        if (value == null
                || value instanceof String
                || value instanceof Boolean
                || value instanceof Integer
                || value instanceof Long
                || value instanceof Double) {
            return value;
        }
        throw new IllegalStateException("a result holds a " + value.getClass().getName());
    }
}
