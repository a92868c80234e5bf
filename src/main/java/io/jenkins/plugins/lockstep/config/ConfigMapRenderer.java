package io.jenkins.plugins.lockstep.config;

import io.jenkins.plugins.lockstep.manifest.ContentName;
import io.jenkins.plugins.lockstep.manifest.RenderedObject;
import io.jenkins.plugins.lockstep.manifest.ResourceKey;
import java.util.Base64;
import java.util.LinkedHashMap;
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
        String name = ContentName.of(app, data, binaryData);

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
}
