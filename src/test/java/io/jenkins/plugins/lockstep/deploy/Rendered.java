package io.jenkins.plugins.lockstep.deploy;

import io.jenkins.plugins.lockstep.common.document.Document;
import io.jenkins.plugins.lockstep.common.document.DocumentReader;
import io.jenkins.plugins.lockstep.common.document.Tree;
import io.jenkins.plugins.lockstep.manifest.RenderedObject;
import io.jenkins.plugins.lockstep.manifest.ResourceKey;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Makes rendered objects of YAML the short way: nothing is pinned, only the namespace and the replica count are seen to. */
final class Rendered {

    private Rendered() {}

    static List<RenderedObject> objects(String namespace, String yaml) {
        var objects = new ArrayList<RenderedObject>();
        for (Document document : new DocumentReader().read("test.yaml", yaml.getBytes(StandardCharsets.UTF_8))) {
            if (document.tree() != null) {
                objects.add(object(namespace, document));
            }
        }
        return objects;
    }

    /** Reads one document as it is. */
    static Object tree(String yaml) {
        return new DocumentReader()
                .read("test.yaml", yaml.getBytes(StandardCharsets.UTF_8))
                .get(0)
                .tree();
    }

    static RenderedObject object(String namespace, String yaml) {
        return objects(namespace, yaml).get(0);
    }

    private static RenderedObject object(String namespace, Document document) {
        Map<String, Object> tree = Tree.map(document.tree());
        Map<String, Object> metadata = Tree.map(tree, "metadata");
        if (!namespace.isEmpty()) {
            metadata.put("namespace", namespace);
        }
        tree.put("metadata", metadata);
        Integer replicas = Tree.integer(tree, "spec", "replicas");
        if (replicas != null) {
            Map<String, Object> spec = Tree.map(tree, "spec");
            spec.remove("replicas");
            tree.put("spec", spec);
        }
        String apiVersion = Tree.text(tree, "apiVersion");
        return new RenderedObject(
                apiVersion,
                new ResourceKey(
                        ResourceKey.groupOf(apiVersion),
                        Tree.text(tree, "kind"),
                        namespace,
                        Tree.text(metadata, "name")),
                tree,
                replicas,
                document.place(""));
    }
}
