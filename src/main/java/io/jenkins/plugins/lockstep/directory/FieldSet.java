package io.jenkins.plugins.lockstep.directory;

import io.jenkins.plugins.lockstep.common.document.Tree;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Trees as sets of fields, in the simple way: maps are walked into, everything else (a list too) is one field.
 *
 * <p>An API server knows which lists are sets or maps in disguise; here a list belongs to one manager as a whole.
 */
final class FieldSet {

    /** Fields that say which object it is, or that a server fills in: nobody owns them. */
    private static final Set<List<String>> UNOWNED = Set.of(
            List.of("apiVersion"),
            List.of("kind"),
            List.of("metadata", "name"),
            List.of("metadata", "namespace"),
            List.of("metadata", "uid"),
            List.of("metadata", "resourceVersion"),
            List.of("metadata", "generation"),
            List.of("metadata", "creationTimestamp"),
            List.of("metadata", "managedFields"));

    private FieldSet() {}

    /** Returns the value of each owned field of a tree by its path. */
    static Map<List<String>, @Nullable Object> of(Map<String, @Nullable Object> tree) {
        var fields = new LinkedHashMap<List<String>, @Nullable Object>();
        walk(List.of(), tree, (path, value) -> {
            if (!UNOWNED.contains(path)) {
                fields.put(path, value);
            }
        });
        return fields;
    }

    private static void walk(
            List<String> path, @Nullable Object node, BiConsumer<List<String>, @Nullable Object> sink) {
        if (node instanceof Map<?, ?> map && !(map.isEmpty() && !path.isEmpty())) {
            map.forEach((key, value) -> walk(append(path, String.valueOf(key)), value, sink));
        } else {
            sink.accept(path, node);
        }
    }

    private static List<String> append(List<String> path, String key) {
        var longer = new ArrayList<>(path);
        longer.add(key);
        return List.copyOf(longer);
    }

    /** Tells whether one field is the other or is inside it, so that both can't have two owners. */
    static boolean overlap(List<String> one, List<String> other) {
        int shared = Math.min(one.size(), other.size());
        return one.subList(0, shared).equals(other.subList(0, shared));
    }

    /** Takes a field out of a tree, and the maps around it that are empty then. */
    static void remove(Map<String, @Nullable Object> tree, List<String> path) {
        if (path.size() == 1) {
            tree.remove(path.get(0));
        } else if (tree.get(path.get(0)) instanceof Map<?, ?> child) {
            Map<String, @Nullable Object> inner = Tree.map(child);
            remove(inner, path.subList(1, path.size()));
            if (inner.isEmpty()) {
                tree.remove(path.get(0));
            } else {
                tree.put(path.get(0), inner);
            }
        }
    }

    /** Puts a field into a tree, in place of whatever is there. */
    static void put(Map<String, @Nullable Object> tree, List<String> path, @Nullable Object value) {
        if (path.size() == 1) {
            tree.put(path.get(0), value);
            return;
        }
        Map<String, @Nullable Object> inner =
                tree.get(path.get(0)) instanceof Map<?, ?> child ? Tree.map(child) : new LinkedHashMap<>();
        put(inner, path.subList(1, path.size()), value);
        tree.put(path.get(0), inner);
    }

    /** Writes the fields of a tree in the form of {@code fieldsV1}. */
    static Map<String, @Nullable Object> fieldsV1(Map<String, @Nullable Object> tree) {
        var fields = new LinkedHashMap<String, @Nullable Object>();
        of(tree).keySet()
                .forEach(
                        path -> put(fields, path.stream().map(key -> "f:" + key).toList(), Map.of()));
        return fields;
    }
}
