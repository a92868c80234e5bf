package io.jenkins.plugins.lockstep.manifest;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Looks into plain trees without copying: what is put into the map or the list is put into the tree. */
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

    @SuppressWarnings("unchecked")
    private static Map<String, @Nullable Object> uncheckedMap(Map<?, ?> map) {
        return (Map<String, @Nullable Object>) map;
    }

    @SuppressWarnings("unchecked")
    private static List<@Nullable Object> uncheckedList(List<?> list) {
        return (List<@Nullable Object>) list;
    }
}
