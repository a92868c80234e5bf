package io.jenkins.plugins.lockstep.manifest;

import io.jenkins.plugins.lockstep.common.Sha256;
import io.jenkins.plugins.lockstep.common.document.Json;
import io.jenkins.plugins.lockstep.common.document.Tree;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The name of a configuration's ConfigMap, which says what it holds: {@code APP-config-HASH}. */
public final class ContentName {

    private static final int HASH_DIGITS = 10;

    private ContentName() {}

    /** Returns the name by which manifests refer to the configuration of whatever release they belong to. */
    public static String logical(String app) {
        return app + "-config";
    }

    /** Returns the name of the ConfigMap that holds just this. */
    public static String of(String app, Map<String, ?> data, Map<String, ?> binaryData) {
        String content = Json.canonical(Map.of("data", data, "binaryData", binaryData));
        return logical(app) + "-" + Sha256.hex(content).substring(0, HASH_DIGITS);
    }

    /**
     * Tells whether a ConfigMap has the name that its content gives it: nobody comes by such a name by chance.
     *
     * @param configMap as a tree
     */
    public static boolean isOf(String app, Map<String, @Nullable Object> configMap) {
        return of(app, Tree.map(configMap, "data"), Tree.map(configMap, "binaryData"))
                .equals(Tree.text(configMap, "metadata", "name"));
    }
}
