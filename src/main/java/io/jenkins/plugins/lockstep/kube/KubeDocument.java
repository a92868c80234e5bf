package io.jenkins.plugins.lockstep.kube;

import org.jspecify.annotations.Nullable;

/**
 * A cluster by the text of a kubeconfig that somebody has configured. It must hold all that it needs: where it names a
 * file or a command it is refused, since that would be one of the machine that reads it and not of whoever wrote it.
 *
 * @param name what messages call the cluster
 * @param text of the kubeconfig
 * @param context null for its current one
 * @param namespace null for the context's
 */
public record KubeDocument(String name, String text, @Nullable String context, @Nullable String namespace)
        implements KubeServer {

    /** Leaves the text out: it holds credentials. */
    @Override
    public String toString() {
        return "KubeDocument[" + name + "]";
    }
}
