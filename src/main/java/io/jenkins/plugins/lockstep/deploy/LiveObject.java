package io.jenkins.plugins.lockstep.deploy;

import io.jenkins.plugins.lockstep.common.document.Tree;
import io.jenkins.plugins.lockstep.manifest.ResourceKey;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An object as the cluster has it.
 *
 * @param apiVersion the version that it was read in
 * @param key its identity
 * @param tree the whole object as a plain tree, {@code status} and {@code managedFields} included; never changed
 */
public record LiveObject(String apiVersion, ResourceKey key, Map<String, @Nullable Object> tree) {

    public String uid() {
        return metadata("uid");
    }

    public String resourceVersion() {
        return metadata("resourceVersion");
    }

    /** Returns the value of an annotation, or null. */
    public @Nullable String annotation(String name) {
        return metadata("annotations", name);
    }

    /** Returns the value of a label, or null. */
    public @Nullable String label(String name) {
        return metadata("labels", name);
    }

    private @Nullable String metadata(String map, String name) {
        return Tree.at(tree, "metadata", map, name) instanceof String value ? value : null;
    }

    /** Tells whether somebody deleted it and only finalizers keep it. */
    public boolean isBeingDeleted() {
        return !metadata("deletionTimestamp").isEmpty();
    }

    /** Says nothing of the tree: it may be a Secret's. */
    @Override
    public String toString() {
        return apiVersion + " " + key + " " + uid();
    }

    private String metadata(String field) {
        return tree.get("metadata") instanceof Map<?, ?> metadata && metadata.get(field) instanceof String value
                ? value
                : "";
    }
}
