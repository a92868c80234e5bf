package io.jenkins.plugins.lockstep.bench;

import io.jenkins.plugins.lockstep.common.document.Json;
import io.jenkins.plugins.lockstep.kube.BareRequests;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** A namespace of its own, which can be emptied, and which goes away with it. */
final class BenchNamespace implements AutoCloseable {

    private static final String JSON = "application/json";
    private static final List<String> COLLECTIONS = List.of(
            "api/v1/namespaces/%s/configmaps",
            "apis/apps/v1/namespaces/%s/deployments", "apis/coordination.k8s.io/v1/namespaces/%s/leases");

    private final BareRequests api;
    private final String name;

    private BenchNamespace(BareRequests api, String name) {
        this.api = api;
        this.name = name;
    }

    static BenchNamespace make(BareRequests api) throws IOException {
        String name = "bench-" + UUID.randomUUID().toString().substring(0, 8);
        var namespace = Map.of("apiVersion", "v1", "kind", "Namespace", "metadata", Map.of("name", name));
        api.send("POST", "api/v1/namespaces", JSON, Json.write(namespace));
        return new BenchNamespace(api, name);
    }

    /** Makes one in which pods can start. */
    static BenchNamespace withServiceAccount(BareRequests api) throws IOException, InterruptedException {
        BenchNamespace namespace = make(api);
        String accounts = "api/v1/namespaces/" + namespace.name + "/serviceaccounts";
        while (ApplyTopic.items(api.send("GET", accounts, JSON, null)).isEmpty()) {
            Thread.sleep(100);
        }
        return namespace;
    }

    String name() {
        return name;
    }

    /** Deletes everything that a deploy left, its ledger and its lock, and returns when it is gone. */
    void empty() throws IOException {
        for (String collection : COLLECTIONS) {
            api.send("DELETE", collection.formatted(name), JSON, "{}");
        }
        String services = "api/v1/namespaces/" + name + "/services";
        // Services are deleted one by one: their collection can't be before 1.23.
        for (Object service : ApplyTopic.items(api.send("GET", services, JSON, null))) {
            api.send("DELETE", services + "/" + ApplyTopic.name(service), JSON, "{}");
        }
    }

    @Override
    public void close() throws IOException {
        api.send("DELETE", "api/v1/namespaces/" + name, JSON, "{}");
    }
}
