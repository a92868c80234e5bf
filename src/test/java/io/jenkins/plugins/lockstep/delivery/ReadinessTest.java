package io.jenkins.plugins.lockstep.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.lockstep.deploy.Cluster;
import io.jenkins.plugins.lockstep.deploy.Verdict;
import io.jenkins.plugins.lockstep.deploy.WriteLimits;
import io.jenkins.plugins.lockstep.directory.DirectoryCluster;
import io.jenkins.plugins.lockstep.directory.DirectoryEnvironmentLock;
import io.jenkins.plugins.lockstep.directory.DirectoryLedger;
import io.jenkins.plugins.lockstep.history.Release;
import io.jenkins.plugins.lockstep.history.Seal;
import io.jenkins.plugins.lockstep.manifest.RenderedObject;
import io.jenkins.plugins.lockstep.manifest.ResourceKey;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReadinessTest {

    @TempDir
    Path directory;

    private final List<String> asked = new ArrayList<>();

    @Test
    void nothingIsAskedOfNamespacesThatAreNotAllowed() {
        List<RenderedObject> objects = List.of(configMap("shop"), configMap("payroll"));
        var ledger = new DirectoryLedger(directory, "cart", "staging");
        Release begun = ledger.begin(
                Release.draft(
                        "cart",
                        "staging",
                        "c".repeat(40),
                        "git",
                        List.of(),
                        List.of(),
                        Seal.of(List.of(), objects),
                        Instant.EPOCH,
                        "jane",
                        null),
                objects);
        Release ended = begun.ended(new Verdict(Verdict.Code.WRITTEN, "written", List.of(), null), null);
        ledger.finish(ended, List.of());
        var lock = new DirectoryEnvironmentLock(directory, "cart", "staging");
        var destination = new Destination(onlyShop(), "shop", ledger, lock);

        var reasons = new Readiness(
                        new RecordedObjects(null, null, destination), "cart", destination, List.of(), Set.of())
                .of(ended)
                .reasons();

        assertThat(reasons).singleElement().asString().contains("cluster 'prod'", "payroll");
        assertThat(asked).contains("hasNamespace shop").noneMatch(question -> question.contains("payroll"));
    }

    /** A directory that is configured as a cluster may be, and writes down what it is asked. */
    private Cluster onlyShop() {
        var cluster = new DirectoryCluster(directory, Clock.systemUTC());
        return (Cluster) Proxy.newProxyInstance(
                Cluster.class.getClassLoader(), new Class<?>[] {Cluster.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("limits")) {
                        return new WriteLimits(
                                "cluster 'prod'", key -> key.namespace().equals("shop"));
                    }
                    List<Object> all = arguments == null ? List.of() : List.of(arguments);
                    asked.add(method.getName() + " "
                            + String.join(" ", all.stream().map(String::valueOf).toList()));
                    return method.invoke(cluster, arguments);
                });
    }

    private static RenderedObject configMap(String namespace) {
        return new RenderedObject(
                "v1",
                new ResourceKey("", "ConfigMap", namespace, "page"),
                Map.of(
                        "apiVersion", "v1",
                        "kind", "ConfigMap",
                        "metadata", Map.of("name", "page", "namespace", namespace)),
                null,
                null);
    }
}
