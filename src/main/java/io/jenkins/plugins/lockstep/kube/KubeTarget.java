package io.jenkins.plugins.lockstep.kube;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Which cluster a user means.
 *
 * @param kubeconfig the file; null for what {@code KUBECONFIG} names, then {@code ~/.kube/config}, then the service
 *     account of the pod that this runs in
 * @param context null for the file's current one
 * @param namespace null for the context's
 */
public record KubeTarget(@Nullable Path kubeconfig, @Nullable String context, @Nullable String namespace)
        implements KubeServer {

    /** What {@code kubectl} without options would use. */
    public static final KubeTarget CURRENT = new KubeTarget(null, null, null);
}
