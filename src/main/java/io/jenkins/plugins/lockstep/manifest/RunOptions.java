package io.jenkins.plugins.lockstep.manifest;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What {@code run:} says about the Deployment that Lockstep renders where there are no manifests.
 *
 * @param pullSecret name of the Secret with registry credentials
 * @param serviceAccount name of the service account
 * @param resources the container's {@code resources}, as Kubernetes writes them
 * @param probes {@code readiness}, {@code liveness} and {@code startup}, each as Kubernetes writes a probe
 */
public record RunOptions(
        @Nullable String pullSecret,
        @Nullable String serviceAccount,
        Map<String, @Nullable Object> resources,
        Map<String, @Nullable Object> probes) {

    public static final RunOptions NONE = new RunOptions(null, null, Map.of(), Map.of());
}
