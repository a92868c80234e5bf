package io.jenkins.plugins.lockstep.jenkins.step;

import io.jenkins.plugins.lockstep.deploy.Cluster;
import io.jenkins.plugins.lockstep.deploy.ServedKind;
import io.jenkins.plugins.lockstep.kube.KubeCluster;
import io.jenkins.plugins.lockstep.kube.KubeClusters;
import io.jenkins.plugins.lockstep.kube.KubeTarget;
import io.jenkins.plugins.lockstep.manifest.ResourceKey;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;

/** A namespace of the real cluster in which pods can start, for one test. */
public final class TestNamespace implements AutoCloseable {

    private final KubeCluster cluster = new KubeClusters(Map.of())
            .open(new KubeTarget(Path.of(System.getenv(SlowApplication.CLUSTER)), null, null));
    private final String name = "steps-" + UUID.randomUUID().toString().substring(0, 8);
    private final ResourceKey key = new ResourceKey("", "Namespace", "", name);

    public TestNamespace() throws InterruptedException {
        cluster.apply(
                served("Namespace"),
                key,
                Map.of("apiVersion", "v1", "kind", "Namespace", "metadata", Map.of("name", name)),
                new Cluster.ApplyMode("somebody", false, false));
        var account = new ResourceKey("", "ServiceAccount", name, "default");
        while (cluster.get(served("ServiceAccount"), account).isEmpty()) {
            Thread.sleep(100);
        }
    }

    public String name() {
        return name;
    }

    @Override
    public void close() {
        cluster.get(served("Namespace"), key).ifPresent(live -> cluster.delete(served("Namespace"), key, live.uid()));
        cluster.close();
    }

    private ServedKind served(String kind) {
        return cluster.served("v1", kind).orElseThrow();
    }
}
