package io.jenkins.plugins.lockstep.kube;

import java.util.List;
import java.util.Map;

/** Does what {@code kubectl scale} and an autoscaler do: through the subresource, which 1.20 does not note in managedFields. */
public final class ScaledByHand {

    private ScaledByHand() {}

    public static void scale(KubeCluster cluster, String namespace, String deployment, int replicas) {
        var scale = Map.of(
                "apiVersion",
                "autoscaling/v1",
                "kind",
                "Scale",
                "metadata",
                Map.of("name", deployment, "namespace", namespace),
                "spec",
                Map.of("replicas", replicas));
        var path = List.of("apis", "apps", "v1", "namespaces", namespace, "deployments", deployment, "scale");
        cluster.client()
                .exchange(new KubeRequest(
                        KubeRequest.Method.PUT,
                        path,
                        Map.of(),
                        scale,
                        KubeRequest.JSON,
                        KubeRequest.JSON,
                        "scale deployment/" + deployment,
                        false));
    }
}
