package io.jenkins.plugins.lockstep.jenkins.run;

import io.jenkins.plugins.lockstep.delivery.Target;
import java.io.Serializable;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where releases go, as a user configured it.
 *
 * @param target {@code dir:PATH} with the path relative to the project's directory, null for registry and cluster
 * @param kubeconfig a file on the machine that runs the operation, relative to the project's directory; null for the one
 *     that the build's environment names
 * @param context of the kubeconfig, null for the environment's own
 * @param namespace null for the environment's own
 */
public record TargetArguments(
        @Nullable String target,
        @Nullable String kubeconfig,
        @Nullable String context,
        @Nullable String namespace)
        implements Serializable {

    Target in(Path directory, @Nullable String kubeconfigOfBuild) {
        if (target != null) {
            return Target.parse(target, directory);
        }
        String file = kubeconfig == null ? kubeconfigOfBuild : kubeconfig;
        return new Target.Kubernetes(file == null ? null : directory.resolve(file), context, namespace);
    }
}
