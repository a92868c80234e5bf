package io.jenkins.plugins.lockstep.deploy;

import io.jenkins.plugins.lockstep.common.document.Json;
import io.jenkins.plugins.lockstep.common.document.Tree;
import io.jenkins.plugins.lockstep.manifest.Drift;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Compares two states of one object field by field, both as the API server gives them. What the server keeps for itself
 * and what Lockstep notes on each object ({@code lockstep.io/}) is left out.
 */
final class ObjectDiff {

    private static final Set<String> SERVERS_METADATA = Set.of(
            "managedFields",
            "resourceVersion",
            "generation",
            "uid",
            "creationTimestamp",
            "deletionTimestamp",
            "selfLink");
    private static final String LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

    private final boolean builtIn;
    private final Predicate<List<Object>> shown;
    private final List<FieldChange> changes = new ArrayList<>();

    private ObjectDiff(boolean builtIn, Predicate<List<Object>> shown) {
        this.builtIn = builtIn;
        this.shown = shown;
    }

    /**
     * Compares.
     *
     * @param from an empty map for an object that is not there
     * @param shown which fields count; a path's parts are names, {@code Map}s with the merge keys of a list's item, and
     *     whole numbers for items of other lists
     */
    static List<FieldChange> between(
            Map<String, @Nullable Object> from, Map<String, @Nullable Object> to, Predicate<List<Object>> shown) {
        var diff = new ObjectDiff(Drift.isBuiltIn(String.valueOf(to.get("apiVersion"))), shown);
        diff.compareMaps(List.of(), "", content(from), content(to));
        return List.copyOf(diff.changes);
    }

    private static Map<String, @Nullable Object> content(Map<String, @Nullable Object> object) {
        var content = new LinkedHashMap<>(object);
        content.remove("status");
        Map<String, @Nullable Object> metadata = Tree.map(object, "metadata");
        SERVERS_METADATA.forEach(metadata::remove);
        withoutNotes(metadata, "labels");
        withoutNotes(metadata, "annotations");
        content.put("metadata", metadata);
        return content;
    }

    private static void withoutNotes(Map<String, @Nullable Object> metadata, String key) {
        Map<String, @Nullable Object> entries = Tree.map(metadata, key);
        entries.keySet()
                .removeIf(name -> (name.startsWith("lockstep.io/") && !Wish.isWish(name)) || name.equals(LAST_APPLIED));
        if (entries.isEmpty()) {
            metadata.remove(key);
        } else {
            metadata.put(key, entries);
        }
    }

    private void compareMaps(
            List<Object> parts, String path, Map<String, @Nullable Object> from, Map<String, @Nullable Object> to) {
        var keys = new LinkedHashSet<>(from.keySet());
        keys.addAll(to.keySet());
        for (String key : keys) {
            compare(with(parts, key), below(path, key), key, from.get(key), to.get(key));
        }
    }

    private void compare(List<Object> parts, String path, String key, @Nullable Object from, @Nullable Object to) {
        if (same(from, to)) {
            return;
        }
        if (from instanceof Map && to instanceof Map) {
            compareMaps(parts, path, Tree.map(from), Tree.map(to));
        } else if (from instanceof List<?> one && to instanceof List<?> other) {
            compareLists(parts, path, key, one, other);
        } else if (shown.test(parts)) {
            changes.add(new FieldChange(path, from, to));
        }
    }

    private void compareLists(List<Object> parts, String path, String key, List<?> from, List<?> to) {
        List<String> keys = Drift.mergeKeys(builtIn, path, key, to);
        if (!keys.isEmpty() && keys.equals(Drift.mergeKeys(builtIn, path, key, from))) {
            compareItems(parts, path, byKeys(from, keys), byKeys(to, keys));
        } else if (from.size() == to.size()) {
            for (int i = 0; i < from.size(); i++) {
                compare(with(parts, i), path + "[" + i + "]", key, from.get(i), to.get(i));
            }
        } else if (shown.test(parts)) {
            changes.add(new FieldChange(path, from, to));
        }
    }

    private void compareItems(
            List<Object> parts,
            String path,
            Map<Map<String, Object>, Object> from,
            Map<Map<String, Object>, Object> to) {
        var all = new LinkedHashSet<>(from.keySet());
        all.addAll(to.keySet());
        for (Map<String, Object> item : all) {
            var words = new ArrayList<String>();
            item.forEach((name, value) -> words.add(name + "=" + value));
            compare(with(parts, item), path + "[" + String.join(",", words) + "]", "", from.get(item), to.get(item));
        }
    }

    private static Map<Map<String, Object>, Object> byKeys(List<?> items, List<String> keys) {
        var byKeys = new LinkedHashMap<Map<String, Object>, Object>();
        for (Object item : items) {
            var identity = new LinkedHashMap<String, Object>();
            keys.forEach(key -> identity.put(key, String.valueOf(Tree.at(item, key))));
            byKeys.put(identity, item);
        }
        return byKeys;
    }

    private static boolean same(@Nullable Object from, @Nullable Object to) {
        return Json.canonical(from).equals(Json.canonical(to));
    }

    private static String below(String path, String key) {
        if (key.contains(".") || key.contains("/")) {
            return path + "[" + key + "]";
        }
        return path.isEmpty() ? key : path + "." + key;
    }

    private static List<Object> with(List<Object> parts, Object last) {
        var longer = new ArrayList<>(parts);
        longer.add(last);
        return longer;
    }
}
