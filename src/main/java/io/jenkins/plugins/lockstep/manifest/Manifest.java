package io.jenkins.plugins.lockstep.manifest;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.document.Document;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One Kubernetes object as its author wrote it, checked for what every object has.
 *
 * @param document where it stands
 * @param path the object's path within the document: empty, or {@code items[3]} within a {@code List}
 * @param tree the object; never changed after creation
 */
public record Manifest(Document document, String path, Map<String, @Nullable Object> tree) {

    public String apiVersion() {
        return text(tree, "apiVersion");
    }

    public String kind() {
        return text(tree, "kind");
    }

    public String name() {
        return text(Trees.map(tree.get("metadata")), "name");
    }

    /** Returns the namespace that the author wrote; empty where there is none. */
    public String namespace() {
        return text(Trees.map(tree.get("metadata")), "namespace");
    }

    /** Returns {@code FILE:LINE} of the object, or of a field of it such as {@code metadata.name}. */
    public String place(String field) {
        return document.place(within(field));
    }

    /** Starts the failure for a mistake that the author made in a field of this object. */
    public DeliveryException mistake(String field, String what) {
        return document.mistake(within(field), what);
    }

    private String within(String field) {
        return path.isEmpty() || field.isEmpty() ? path + field : path + "." + field;
    }

    private static String text(Map<String, @Nullable Object> map, String key) {
        return map.get(key) instanceof String text ? text : "";
    }
}
