package io.jenkins.plugins.lockstep.config;

import io.jenkins.plugins.lockstep.common.Sha256;
import io.jenkins.plugins.lockstep.common.document.Json;
import io.jenkins.plugins.lockstep.common.document.Tree;
import io.jenkins.plugins.lockstep.manifest.RenderedObject;
import io.jenkins.plugins.lockstep.manifest.ResourceKey;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Turns a configuration into an immutable ConfigMap whose name says what it holds: {@code APP-config-HASH}.
 *
 * <p>Equal configurations give equal objects, whatever release they belong to. UTF-8 text goes to {@code data} byte for
 * byte, anything else to {@code binaryData}. Stateless.
 */
public final class ConfigMapRenderer {

    private static final int HASH_DIGITS = 10;

    /** Returns the name by which manifests refer to the configuration of whatever release they belong to. */
    public static String logicalName(String app) {
        return app + "-config";
    }

    /** Renders the ConfigMap; empty where there is no configuration. */
    public Optional<RenderedObject> render(String app, String namespace, Configuration configuration) {
        if (configuration.isEmpty()) {
            return Optional.empty();
        }
        var data = new TreeMap<String, @Nullable Object>(configuration.variables());
        var binaryData = new TreeMap<String, @Nullable Object>();
        configuration.files().forEach((path, content) -> {
            Optional<String> text = Configuration.text(content);
            if (text.isPresent()) {
                data.put(Configuration.key(path), text.get());
            } else {
                binaryData.put(Configuration.key(path), Base64.getEncoder().encodeToString(content));
            }
        });
        String name = logicalName(app) + "-" + hash(data, binaryData);

        var metadata = new LinkedHashMap<String, @Nullable Object>();
        metadata.put("name", name);
        metadata.put("namespace", namespace);
        var tree = new LinkedHashMap<String, @Nullable Object>();
        tree.put("apiVersion", "v1");
        tree.put("kind", "ConfigMap");
        tree.put("metadata", metadata);
        tree.put("immutable", true);
        if (!data.isEmpty()) {
            tree.put("data", data);
        }
        if (!binaryData.isEmpty()) {
            tree.put("binaryData", binaryData);
        }
        return Optional.of(
                new RenderedObject("v1", new ResourceKey("", "ConfigMap", namespace, name), tree, null, null));
    }

    /**
     * Tells whether an object is what {@link #render} makes of its content: its name says so, and nobody comes by such a
     * name by chance.
     *
     * @param object a ConfigMap, as a tree
     */
    public static boolean isContentNamed(String app, Map<String, @Nullable Object> object) {
        String hash = hash(Tree.map(object, "data"), Tree.map(object, "binaryData"));
        return Tree.text(object, "metadata", "name").equals(logicalName(app) + "-" + hash);
    }

    private static String hash(Map<String, ?> data, Map<String, ?> binaryData) {
        return Sha256.hex(Json.canonical(Map.of("data", data, "binaryData", binaryData)))
                .substring(0, HASH_DIGITS);
    }
}
