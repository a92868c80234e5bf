package io.jenkins.plugins.lockstep.deploy;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.document.Json;
import io.jenkins.plugins.lockstep.common.document.Tree;
import java.util.ArrayList;
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
                String itemPath = path + "[" + name.replaceAll("[{}\"]", "").replace(':', '=') + "]";
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

    private static boolean isOnlyLocksteps(@Nullable Object fields) {
        Map<String, @Nullable Object> map = Tree.map(fields);
        return !map.isEmpty()
                && map.keySet().stream().allMatch(field -> field.equals(".") || field.startsWith("f:lockstep.io/"));
    }

    private static @Nullable Object find(@Nullable Object node, String keysAsJson) {
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

    private static @Nullable Object parsed(String json) {
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
