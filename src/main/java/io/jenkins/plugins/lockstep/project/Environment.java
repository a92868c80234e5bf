package io.jenkins.plugins.lockstep.project;

import io.jenkins.plugins.lockstep.config.ConfigSource;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One environment of the application.
 *
 * @param name as the project file says
 * @param config directories, lowest layer first
 * @param namespace null to take the target's
 * @param cluster the kubeconfig context, or the name of a cluster that Jenkins knows; null for the current one
 * @param replicas bounds, null where there are none
 * @param pieces the environments that were combined, lowest first, this one last
 * @param settings what was set, by key, each with its place
 */
public record Environment(
        String name,
        List<ConfigSource> config,
        @Nullable String namespace,
        @Nullable String cluster,
        @Nullable ReplicaBounds replicas,
        List<String> pieces,
        Map<String, Setting> settings) {

    public Environment {
        config = List.copyOf(config);
        pieces = List.copyOf(pieces);
        settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
    }

    /** Bounds of a workload's replica count, both at least 0 and {@code min <= max}. */
    public record ReplicaBounds(int min, int max) {}
}
