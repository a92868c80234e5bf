package io.jenkins.plugins.lockstep.manifest;

import java.util.Map;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/**
 * What one release puts into manifests.
 *
 * @param environment the environment's name, for messages
 * @param namespace where objects go that name no namespace
 * @param scopes which kinds have a namespace; kinds defined among the manifests themselves need not be known
 * @param images pinned reference, {@code REPOSITORY:TAG@sha256:…}, by image name, in the project file's order
 * @param repositories pinned reference by the repository that the project file names
 * @param configuration the release's ConfigMap
 */
public record RenderContext(
        String environment,
        String namespace,
        Scopes scopes,
        Map<String, String> images,
        Map<String, String> repositories,
        ReleasedConfig configuration) {

    /**
     * The name by which manifests call the configuration, and what this release has under it.
     *
     * @param logicalName {@code APP-config}
     * @param name the content-named ConfigMap, null where the environment has no configuration
     * @param keys the ConfigMap's keys
     */
    public record ReleasedConfig(String logicalName, @Nullable String name, SortedSet<String> keys) {}
}
