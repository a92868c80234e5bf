package io.jenkins.plugins.lockstep.manifest;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Looks into plain trees and copies them. */
final class Trees {

    private Trees() {}

    /** Returns a node as a map; an empty one where it is something else. */
    static Map<String, @Nullable Object> map(@Nullable Object node) {
        return node instanceof Map<?, ?> map ? uncheckedMap(map) : Map.of();
    }

    /** Returns a node as a list; an empty one where it is something else. */
    static List<@Nullable Object> list(@Nullable Object node) {
        return node instanceof List<?> list ? uncheckedList(list) : List.of();
    }

    /** Copies a tree; the copy is free to be changed. */
    static @Nullable Object copy(@Nullable Object node) {
        if (node instanceof Map<?, ?> map) {
            return copy(uncheckedMap(map));
        }
        if (node instanceof List<?> list) {
            var copy = new ArrayList<@Nullable Object>(list.size());
            list.forEach(item -> copy.add(copy(item)));
            return copy;
        }
        return node;
    }

    static Map<String, @Nullable Object> copy(Map<String, @Nullable Object> map) {
        var copy = new LinkedHashMap<String, @Nullable Object>();
        map.forEach((key, value) -> copy.put(key, copy(value)));
        return copy;
    }

    @SuppressWarnings("unchecked")
    private static Map<String, @Nullable Object> uncheckedMap(Map<?, ?> map) {
        return (Map<String, @Nullable Object>) map;
    }

    @SuppressWarnings("unchecked")
    private static List<@Nullable Object> uncheckedList(List<?> list) {
        return (List<@Nullable Object>) list;
    }
}
