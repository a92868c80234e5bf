package io.jenkins.plugins.lockstep.delivery;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The configuration of an environment as it was loaded.
 *
 * @param app the application
 * @param environment the environment
 * @param revision full id of the revision whose configuration it is
 * @param namespace where the ConfigMap is
 * @param configMap its content-named name
 * @param created false where it was there already
 */
public record ConfigResult(
        String app, String environment, String revision, String namespace, String configMap, boolean created) {

    /** Returns the result as a JSON document. */
    public Map<String, @Nullable Object> toTree() {
        var tree = new LinkedHashMap<String, @Nullable Object>();
        tree.put("app", app);
        tree.put("environment", environment);
        tree.put("revision", revision);
        tree.put("namespace", namespace);
        tree.put("configMaps", new ArrayList<>(List.of(configMap)));
        tree.put("created", created);
        return tree;
    }
}
