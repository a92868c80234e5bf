package io.jenkins.plugins.lockstep.kube;

import io.jenkins.plugins.lockstep.TestBed;
import io.jenkins.plugins.lockstep.common.document.Tree;
import io.jenkins.plugins.lockstep.deploy.ServedKind;
import io.jenkins.plugins.lockstep.manifest.ResourceKey;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import okhttp3.HttpUrl;

/** The test bed's cluster with a namespace of its own, which goes away with it. */
public final class RealCluster implements AutoCloseable {

    static final ServedKind DEPLOYMENTS = new ServedKind("apps/v1", "Deployment", "deployments", true);

    /** As the default, but short: no test needs to wait for a server that is really gone. */
    static final RetryPolicy QUICK = new RetryPolicy(6, Duration.ofSeconds(30), Duration.ofMillis(20));

    final KubeConnection connection = connect();
    final KubeClient client = new KubeClient(connection, QUICK);
    final KubeCluster cluster = new KubeCluster(client);
    final String namespace = "kube-" + UUID.randomUUID().toString().substring(0, 8);

    public RealCluster() {
        client.create(KubeClient.NAMESPACES, "", tree("v1", "Namespace", "", namespace, Map.of()));
    }

    static KubeConnection connect() {
        return new KubeClusters(Map.of()).connect(new KubeTarget(TestBed.kubeconfig(), null, null));
    }

    /** Opens the same cluster by another address. */
    static KubeCluster at(HttpUrl address) {
        var real = connect();
        return new KubeCluster(new KubeClient(
                new KubeConnection(
                        address, real.http(), real.credentials(), real.headers(), real.identity(), real.namespace()),
                QUICK));
    }

    public String namespace() {
        return namespace;
    }

    ResourceKey key(String kind, String name) {
        return new ResourceKey(kind.equals("Deployment") ? "apps" : "", kind, namespace, name);
    }

    Map<String, Object> configMap(String name, String value) {
        return tree("v1", "ConfigMap", namespace, name, Map.of("data", Map.of("key", value)));
    }

    Map<String, Object> deployment(String name, int replicas) {
        var template = Map.of(
                "metadata", Map.of("labels", Map.of("app", name)),
                "spec", Map.of("containers", List.of(Map.of("name", "main", "image", "example/none:1"))));
        return tree(
                "apps/v1",
                "Deployment",
                namespace,
                name,
                Map.of(
                        "spec",
                        Map.of(
                                "replicas", replicas,
                                "selector", Map.of("matchLabels", Map.of("app", name)),
                                "template", template)));
    }

    static Map<String, Object> tree(
            String apiVersion, String kind, String namespace, String name, Map<String, Object> rest) {
        var metadata = new LinkedHashMap<String, Object>();
        metadata.put("name", name);
        if (!namespace.isEmpty()) {
            metadata.put("namespace", namespace);
        }
        var tree = new LinkedHashMap<String, Object>();
        tree.put("apiVersion", apiVersion);
        tree.put("kind", kind);
        tree.put("metadata", metadata);
        tree.putAll(rest);
        return tree;
    }

    @Override
    public void close() {
        client.get(KubeClient.NAMESPACES, "", namespace)
                .ifPresent(tree ->
                        client.delete(KubeClient.NAMESPACES, "", namespace, Tree.text(tree, "metadata", "uid")));
        cluster.close();
    }
}
