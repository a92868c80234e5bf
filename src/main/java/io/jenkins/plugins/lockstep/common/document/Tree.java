package io.jenkins.plugins.lockstep.common.document;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads plain trees where anything may be missing or of another type than expected. */
public final class Tree {

    private Tree() {}

    /** Returns what is at the path, null where there is nothing. */
    public static @Nullable Object at(@Nullable Object tree, String... path) {
        Object node = tree;
        for (String key : path) {
            node = node instanceof Map<?, ?> map ? map.get(key) : null;
        }
        return node;
    }

    /** Returns the text at the path, the empty string where there is none. */
    public static String text(@Nullable Object tree, String... path) {
        return at(tree, path) instanceof String text ? text : "";
    }

    /** Returns the whole number at the path, null where there is none. */
    public static @Nullable Integer integer(@Nullable Object tree, String... path) {
        return at(tree, path) instanceof Number number ? Integer.valueOf(number.intValue()) : null;
    }

    /** Returns the whole number at the path, {@code otherwise} where there is none. */
    public static int integer(int otherwise, @Nullable Object tree, String... path) {
        Integer number = integer(tree, path);
        return number == null ? otherwise : number;
    }

    /** Tells whether {@code true} is at the path. */
    public static boolean isTrue(@Nullable Object tree, String... path) {
        return Boolean.TRUE.equals(at(tree, path));
    }

    /** Returns the list at the path, empty where there is none. */
    public static List<?> list(@Nullable Object tree, String... path) {
        return at(tree, path) instanceof List<?> list ? list : List.of();
    }

    /** Returns the map at the path as a new one; empty where there is none. What is inside is shared. */
    public static Map<String, @Nullable Object> map(@Nullable Object tree, String... path) {
        var copy = new LinkedHashMap<String, @Nullable Object>();
        if (at(tree, path) instanceof Map<?, ?> map) {
            map.forEach((key, value) -> copy.put(String.valueOf(key), value));
        }
        return copy;
    }

    /** Returns the first map of a list that has {@code value} under {@code key}, null where there is none. */
    public static @Nullable Object find(List<?> list, String key, String value) {
        for (Object item : list) {
            if (value.equals(at(item, key))) {
                return item;
            }
        }
        return null;
    }

    /** Copies a map with everything in it; the copy may be changed. */
    public static Map<String, @Nullable Object> copy(Map<String, @Nullable Object> map) {
        var copy = new LinkedHashMap<String, @Nullable Object>();
        map.forEach((key, value) -> copy.put(key, copyOf(value)));
        return copy;
    }

    private static @Nullable Object copyOf(@Nullable Object node) {
        if (node instanceof Map<?, ?>) {
            return copy(map(node));
        }
        if (node instanceof List<?> list) {
            var copy = new ArrayList<@Nullable Object>(list.size());
            list.forEach(item -> copy.add(copyOf(item)));
            return copy;
        }
        return node;
    }
}
