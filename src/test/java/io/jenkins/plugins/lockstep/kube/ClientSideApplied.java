package io.jenkins.plugins.lockstep.kube;

import io.jenkins.plugins.lockstep.common.document.Json;
import io.jenkins.plugins.lockstep.common.document.Tree;
import io.jenkins.plugins.lockstep.deploy.ServedKind;
import java.util.Map;

/**
 * Does to an API server what {@code kubectl apply} and Helm do when they create an object, by the same requests: no test
 * bed has these programs in every version.
 */
public final class ClientSideApplied {

    private ClientSideApplied() {}

    /** Creates an object as {@code kubectl apply} does: with all that was declared in an annotation. */
    public static void byKubectl(KubeCluster cluster, ServedKind kind, Map<String, Object> object) {
        Map<String, Object> whole = Tree.copy(object);
        Map<String, Object> metadata = Tree.map(whole, "metadata");
        Map<String, Object> annotations = Tree.map(metadata, "annotations");
        annotations.put("kubectl.kubernetes.io/last-applied-configuration", Json.write(object) + "\n");
        metadata.put("annotations", annotations);
        whole.put("metadata", metadata);
        create(cluster, kind, whole, "kubectl-client-side-apply");
    }

    /** Creates an object as Helm 3 does. */
    public static void byHelm(KubeCluster cluster, ServedKind kind, Map<String, Object> object, String release) {
        Map<String, Object> whole = Tree.copy(object);
        Map<String, Object> metadata = Tree.map(whole, "metadata");
        metadata.put("annotations", Map.of("meta.helm.sh/release-name", release));
        metadata.put("labels", Map.of("app.kubernetes.io/managed-by", "Helm"));
        whole.put("metadata", metadata);
        create(cluster, kind, whole, "helm");
    }

    /** Changes an object as {@code kubectl edit} does. */
    public static void editedByKubectl(
            KubeCluster cluster, ServedKind kind, String namespace, String name, Map<String, Object> change) {
        var request = KubeRequest.ofObject(KubeRequest.Method.PATCH, "edit", kind, namespace, name)
                .with("fieldManager", "kubectl-edit")
                .sending(change, "application/merge-patch+json");
        cluster.client().good(request, cluster.client().exchange(request));
    }

    private static void create(KubeCluster cluster, ServedKind kind, Map<String, Object> object, String manager) {
        var request = new KubeRequest(
                KubeRequest.Method.POST,
                KubeRequest.ofCollection(
                                KubeRequest.Method.POST, "create", kind, Tree.text(object, "metadata", "namespace"))
                        .path(),
                Map.of("fieldManager", manager),
                object,
                KubeRequest.JSON,
                KubeRequest.JSON,
                "create " + kind.plural(),
                false);
        cluster.client().good(request, cluster.client().exchange(request));
    }
}
