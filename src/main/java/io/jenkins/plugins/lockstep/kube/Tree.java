package io.jenkins.plugins.lockstep.kube;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads plain trees that a server sent, where anything may be missing or of another type. */
final class Tree {

    private Tree() {}

    /** Returns what is at the path, null where there is nothing. */
    static @Nullable Object at(@Nullable Object tree, String... path) {
        Object node = tree;
        for (String key : path) {
            node = node instanceof Map<?, ?> map ? map.get(key) : null;
        }
        return node;
    }

    /** Returns the text at the path, the empty string where there is none. */
    static String text(@Nullable Object tree, String... path) {
        return at(tree, path) instanceof String text ? text : "";
    }

    /** Returns the list at the path, empty where there is none. */
    static List<?> list(@Nullable Object tree, String... path) {
        return at(tree, path) instanceof List<?> list ? list : List.of();
    }

    /** Returns a map as one with text keys, empty where it is something else; what is inside is shared. */
    static Map<String, @Nullable Object> object(@Nullable Object tree) {
        var object = new LinkedHashMap<String, @Nullable Object>();
        if (tree instanceof Map<?, ?> map) {
            map.forEach((key, value) -> object.put(String.valueOf(key), value));
        }
        return object;
    }
}
