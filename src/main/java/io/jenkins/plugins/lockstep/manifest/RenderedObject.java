package io.jenkins.plugins.lockstep.manifest;

import io.jenkins.plugins.lockstep.common.Sha256;
import io.jenkins.plugins.lockstep.common.document.Json;
import io.jenkins.plugins.lockstep.common.document.Tree;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One object exactly as a release wants it: images and ConfigMap names pinned, without {@code spec.replicas} and without
 * Lockstep's own labels and annotations.
 *
 * @param apiVersion as the manifest says
 * @param key the object's identity, its namespace filled in for namespaced kinds
 * @param tree the whole object as a plain tree; never changed after creation
 * @param replicas the count that the manifest asks for, null where it asks for none
 * @param place {@code FILE:LINE} of the manifest, null for an object that Lockstep rendered or a ledger kept
 * @param manifest what it was rendered from, which knows the lines of its fields; null where that is not known
 */
public record RenderedObject(
        String apiVersion,
        ResourceKey key,
        Map<String, @Nullable Object> tree,
        @Nullable Integer replicas,
        @Nullable String place,
        @Nullable Manifest manifest) {

    /** Makes an object of which only the first line is known, if any. */
    public RenderedObject(
            String apiVersion,
            ResourceKey key,
            Map<String, @Nullable Object> tree,
            @Nullable Integer replicas,
            @Nullable String place) {
        this(apiVersion, key, tree, replicas, place, null);
    }

    /**
     * Returns {@code FILE:LINE} of a field, or of the nearest one around it that the manifest has.
     *
     * @param field as an API server names it: {@code spec.template.spec.containers[0].image}
     * @return null where the object has no place at all
     */
    public @Nullable String placeOf(String field) {
        return manifest == null ? place : manifest.place(FieldPath.inDocument(field, manifest.tree()));
    }

    /** Returns the same object as one of a kind that has no namespaces. */
    public RenderedObject withoutNamespace() {
        Map<String, @Nullable Object> whole = Tree.copy(tree);
        Map<String, @Nullable Object> metadata = Tree.map(whole, "metadata");
        metadata.remove("namespace");
        whole.put("metadata", metadata);
        return new RenderedObject(
                apiVersion, new ResourceKey(key.group(), key.kind(), "", key.name()), whole, replicas, place, manifest);
    }

    /** Returns the SHA-256 of the canonical form of the tree: what {@code lockstep.io/applied} holds. */
    public String hash() {
        return Sha256.hex(Json.canonical(tree));
    }

    /** Says nothing of the tree: it may be a Secret's. */
    @Override
    public String toString() {
        return apiVersion + " " + key + (place == null ? "" : " at " + place);
    }
}
