package io.jenkins.plugins.lockstep.jenkins.run;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.delivery.Target;
import java.io.Serializable;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where releases go, as a user configured it.
 *
 * @param target {@code dir:PATH} with the path relative to the project's directory, null for registry and cluster
 * @param kubeconfig a file on the machine that runs the operation, relative to the project's directory; null to look
 *     where kubectl looks, with the build's KUBECONFIG
 * @param context of the kubeconfig, null for the environment's own
 * @param namespace null for the environment's own
 */
public record TargetArguments(
        @Nullable String target, @Nullable String kubeconfig, @Nullable String context, @Nullable String namespace)
        implements Serializable {

    /**
     * Returns the target.
     *
     * @throws DeliveryException {@link Problem#BAD_USAGE} where it is no target, or where it is a directory and a cluster
     */
    Target in(Path directory) {
        if (target == null) {
            return new Target.Kubernetes(
                    kubeconfig == null ? null : NodePath.resolve(directory, kubeconfig), context, namespace);
        }
        if (kubeconfig != null || context != null || namespace != null) {
            throw DeliveryException.of(Problem.BAD_USAGE, "more than one target is given")
                    .hint("give a target, or kubeconfig, context and namespace");
        }
        return Target.directory(target, directory);
    }
}
