package io.jenkins.plugins.lockstep.deploy;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.document.Json;
import io.jenkins.plugins.lockstep.common.document.Tree;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads {@code metadata.managedFields}: which field manager applied what. */
final class FieldOwnership {

    private FieldOwnership() {}

    /**
     * Tells whether Lockstep applied the object. Where the server keeps no such books (a directory), the annotation
     * with the applied hash has to do.
     */
    static boolean isLocksteps(LiveObject live) {
        return Tree.list(live.tree(), "metadata", "managedFields").isEmpty() || entry(live, Cluster.MANAGER) != null;
    }

    /** Tells whether every field that somebody ever wrote was written by Lockstep; false where there are no such books. */
    static boolean isOfNobodyElse(LiveObject live) {
        List<?> entries = Tree.list(live.tree(), "metadata", "managedFields");
        return !entries.isEmpty()
                && entries.stream().allMatch(entry -> Cluster.MANAGER.equals(Tree.text(entry, "manager")));
    }

    /**
     * Tells whether the creation of the object with its replica count was cut short: the manager of the replica count
     * still owns more than that (see {@link ObjectWriter}).
     */
    static boolean isCreationHalfDone(LiveObject live) {
        Object entry = entry(live, Cluster.REPLICAS_MANAGER);
        if (entry == null) {
            return false;
        }
        Map<String, @Nullable Object> fields = Tree.map(entry, "fieldsV1");
        Map<String, @Nullable Object> spec = Tree.map(fields, "f:spec");
        return fields.keySet().stream().anyMatch(field -> !field.equals("f:spec"))
                || spec.keySet().stream().anyMatch(field -> !field.equals("f:replicas") && !field.equals("."));
    }

    /** Tells whether one of Lockstep's managers owns a field, or something below it. */
    static boolean isLocksteps(LiveObject live, List<Object> parts) {
        return anyOwns(live, parts, true);
    }

    /** Tells whether somebody else than Lockstep owns a field, or something below it. */
    static boolean isOfOthers(LiveObject live, List<Object> parts) {
        return anyOwns(live, parts, false);
    }

    /**
     * @param parts names, {@code Map}s with the merge keys of a list's item (as texts), numbers of items of other lists
     */
    private static boolean anyOwns(LiveObject live, List<Object> parts, boolean lockstep) {
        return Tree.list(live.tree(), "metadata", "managedFields").stream()
                .filter(entry -> Tree.text(entry, "manager").startsWith(Cluster.MANAGER) == lockstep)
                .anyMatch(entry -> owns(Tree.map(entry, "fieldsV1"), parts));
    }

    private static boolean owns(Map<String, @Nullable Object> fields, List<Object> parts) {
        if (parts.isEmpty()) {
            return true;
        }
        List<Object> rest = parts.subList(1, parts.size());
        if (parts.get(0) instanceof String name) {
            return fields.containsKey("f:" + name) && isOwnedBelow(Tree.map(fields.get("f:" + name)), rest);
        }
        if (parts.get(0) instanceof Map<?, ?> keys) {
            return fields.entrySet().stream()
                    .filter(field -> field.getKey().startsWith("k:"))
                    .filter(field -> texts(field.getKey().substring(2)).equals(keys))
                    .anyMatch(field -> isOwnedBelow(Tree.map(field.getValue()), rest));
        }
        return true; // an item of a list that has one owner as a whole
    }

    /** Who owns a field whose books go no deeper owns all of it. */
    private static boolean isOwnedBelow(Map<String, @Nullable Object> fields, List<Object> rest) {
        return fields.isEmpty() || owns(fields, rest);
    }

    private static Map<String, Object> texts(String keysAsJson) {
        var texts = new LinkedHashMap<String, Object>();
        Tree.map(parsed(keysAsJson)).forEach((key, value) -> texts.put(key, String.valueOf(value)));
        return texts;
    }

    /** Returns the paths of the fields that Lockstep applied earlier and that {@code rendered} has no more. */
    static List<String> dropped(Map<String, @Nullable Object> rendered, LiveObject live) {
        var paths = new ArrayList<String>();
        Object entry = entry(live, Cluster.MANAGER);
        // In another version of the API the same field may have another path.
        if (entry != null && Tree.text(entry, "apiVersion").equals(rendered.get("apiVersion"))) {
            collectDropped(Tree.map(entry, "fieldsV1"), rendered, "", paths);
        }
        return paths;
    }

    private static void collectDropped(
            Map<String, @Nullable Object> fields, @Nullable Object node, String path, List<String> paths) {
        fields.forEach((field, below) -> {
            if (field.length() < 2 || field.contains("lockstep.io/")) {
                return;
            }
            String name = field.substring(2);
            if (field.startsWith("f:")) {
                String fieldPath = path.isEmpty() ? name : path + "." + name;
                if (!(node instanceof Map<?, ?> map) || !map.containsKey(name)) {
                    // Lockstep's own labels and annotations are no part of what was rendered.
                    if (!isOnlyLocksteps(below)) {
                        paths.add(fieldPath);
                    }
                } else {
                    collectDropped(Tree.map(below), map.get(name), fieldPath, paths);
                }
            } else if (field.startsWith("k:")) {
                Object item = find(node, name);
                String itemPath = itemPath(path, name);
                if (item == null) {
                    paths.add(itemPath);
                } else {
                    collectDropped(Tree.map(below), item, itemPath, paths);
                }
            } else if (field.startsWith("v:") && node instanceof List<?> list && !list.contains(parsed(name))) {
                paths.add(path + "[" + name.replace("\"", "") + "]");
            }
        });
    }

    /** Returns the path of a list's item, as {@link io.jenkins.plugins.lockstep.manifest.Drift} writes it. */
    private static String itemPath(String path, String keysAsJson) {
        var parts = new ArrayList<String>();
        Tree.map(parsed(keysAsJson)).forEach((key, value) -> parts.add(key + "=" + value));
        return path + "[" + String.join(",", parts) + "]";
    }

    /**
     * Who manages a field.
     *
     * @param manager the field manager
     * @param at when it last changed anything of what it manages, as the server wrote it; null where it did not
     */
    record Owner(String manager, @Nullable String at) {

        boolean isLockstep() {
            return manager.equals(Cluster.MANAGER) || manager.equals(Cluster.REPLICAS_MANAGER);
        }
    }

    /**
     * Returns who manages a field, something in it, or what it is in; the one that changed something last comes first.
     *
     * @param path as a plan writes it
     */
    static List<Owner> owners(LiveObject live, String path) {
        var owners = new ArrayList<Owner>();
        for (Object entry : Tree.list(live.tree(), "metadata", "managedFields")) {
            if (Tree.text(entry, "subresource").isEmpty() && holds(Tree.map(entry, "fieldsV1"), "", path)) {
                String at = Tree.text(entry, "time");
                owners.add(new Owner(Tree.text(entry, "manager"), at.isEmpty() ? null : at));
            }
        }
        owners.sort(Comparator.comparing(owner -> owner.at() == null ? "" : owner.at(), Comparator.reverseOrder()));
        return owners;
    }

    private static boolean holds(Map<String, @Nullable Object> fields, String at, String path) {
        for (Map.Entry<String, @Nullable Object> field : fields.entrySet()) {
            if (field.getKey().length() < 3) {
                continue;
            }
            String name = field.getKey().substring(2);
            String own =
                    switch (field.getKey().substring(0, 2)) {
                        case "f:" -> at.isEmpty() ? name : at + "." + name;
                        case "k:" -> itemPath(at, name);
                        default -> at + "[" + name.replace("\"", "") + "]";
                    };
            Map<String, @Nullable Object> below = Tree.map(field.getValue());
            if (own.equals(path) || FieldPath.isWithin(own, path)) {
                return true;
            }
            if (FieldPath.isWithin(path, own) && (below.isEmpty() || holds(below, own, path))) {
                return true;
            }
        }
        return false;
    }

    private static boolean isOnlyLocksteps(@Nullable Object fields) {
        Map<String, @Nullable Object> map = Tree.map(fields);
        return !map.isEmpty()
                && map.keySet().stream().allMatch(field -> field.equals(".") || field.startsWith("f:lockstep.io/"));
    }

    /** Returns the item of a list that {@code fieldsV1} names by its keys, null where there is none. */
    static @Nullable Object find(@Nullable Object node, String keysAsJson) {
        Map<String, @Nullable Object> keys = Tree.map(parsed(keysAsJson));
        if (node instanceof List<?> list) {
            for (Object item : list) {
                if (keys.entrySet().stream().allMatch(key -> Json.canonical(key.getValue())
                        .equals(Json.canonical(Tree.map(item).getOrDefault(key.getKey(), defaultOf(key.getKey())))))) {
                    return item;
                }
            }
        }
        return null;
    }

    private static @Nullable String defaultOf(String key) {
        return key.equals("protocol") ? "TCP" : null;
    }

    /** Reads a value as {@code fieldsV1} writes it, null where it is none. */
    static @Nullable Object parsed(String json) {
        try {
            return Json.read(json);
        } catch (DeliveryException e) {
            return null;
        }
    }

    private static @Nullable Object entry(LiveObject live, String fieldManager) {
        for (Object entry : Tree.list(live.tree(), "metadata", "managedFields")) {
            if (fieldManager.equals(Tree.text(entry, "manager"))
                    && "Apply".equals(Tree.text(entry, "operation"))
                    && Tree.text(entry, "subresource").isEmpty()) {
                return entry;
            }
        }
        return null;
    }
}
