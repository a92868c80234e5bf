package io.jenkins.plugins.lockstep.kube;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A cluster that is known without a kubeconfig, such as one that a Jenkins administrator has configured.
 *
 * @param name what messages call the cluster
 * @param url of the API server
 * @param certificateAuthority PEM text, null for the authorities that Java trusts
 * @param token gives the bearer token; asked for each request, so it may change
 * @param namespace where objects go that name none
 */
public record KubeEndpoint(
        String name, String url, @Nullable String certificateAuthority, Supplier<String> token, String namespace)
        implements KubeServer {

    /** Leaves the token out. */
    @Override
    public String toString() {
        return "KubeEndpoint[" + name + "]";
    }
}
