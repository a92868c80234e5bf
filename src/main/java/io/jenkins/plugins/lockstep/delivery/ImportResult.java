package io.jenkins.plugins.lockstep.delivery;

import io.jenkins.plugins.lockstep.liveimport.ImportedObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Running objects as manifests.
 *
 * @param namespace where they run
 * @param files one for each object
 * @param notes what the user should know or change, each one sentence
 */
public record ImportResult(String namespace, List<ImportedFile> files, List<String> notes) {

    /** What became of a file. */
    public enum Status {
        CREATED,
        REPLACED,
        UNCHANGED,
        NOT_WRITTEN
    }

    /**
     * One manifest.
     *
     * @param path as the user knows it, with {@code /}
     * @param object what it describes
     * @param text the YAML
     * @param status what became of it
     */
    public record ImportedFile(String path, ImportedObject object, String text, Status status) {

        /** Returns what messages call the object, for example {@code deployment/cart}. */
        public String objectName() {
            return object.key().toString();
        }
    }

    /** Returns the result as a JSON document. */
    public Map<String, @Nullable Object> toTree() {
        var list = new ArrayList<Map<String, @Nullable Object>>();
        for (ImportedFile file : files) {
            var tree = new LinkedHashMap<String, @Nullable Object>();
            tree.put("object", file.objectName());
            tree.put("file", file.status() == Status.NOT_WRITTEN ? null : file.path());
            tree.put("status", file.status().name().toLowerCase(Locale.ROOT).replace('_', '-'));
            tree.put("manifest", file.object().tree());
            list.add(tree);
        }
        var tree = new LinkedHashMap<String, @Nullable Object>();
        tree.put("namespace", namespace);
        tree.put("objects", list);
        tree.put("notes", new ArrayList<>(notes));
        return tree;
    }
}
