package io.jenkins.plugins.lockstep.kube;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.lockstep.ClusterTest;
import io.jenkins.plugins.lockstep.common.Progress;
import io.jenkins.plugins.lockstep.deploy.InventoryItem;
import io.jenkins.plugins.lockstep.deploy.Plan;
import io.jenkins.plugins.lockstep.deploy.PlanOptions;
import io.jenkins.plugins.lockstep.deploy.Planner;
import io.jenkins.plugins.lockstep.deploy.Rehearsal;
import io.jenkins.plugins.lockstep.deploy.Rollout;
import io.jenkins.plugins.lockstep.deploy.RolloutOptions;
import io.jenkins.plugins.lockstep.deploy.SecretMask;
import io.jenkins.plugins.lockstep.deploy.Stamp;
import io.jenkins.plugins.lockstep.manifest.RenderedObject;
import io.jenkins.plugins.lockstep.manifest.ResourceKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How often a plan asks a real API server: counted by a front before it. */
@ClusterTest
class PlanRequestsTest {

    private static final Stamp STAMP = new Stamp("cart", "staging", "a".repeat(40), 1, "seal");

    private RealCluster real;
    private FaultyFront front;
    private KubeCluster cluster;

    @BeforeEach
    void start() throws Exception {
        real = new RealCluster();
        front = new FaultyFront(real.connection);
        cluster = RealCluster.at(front.url());
    }

    @AfterEach
    void end() {
        cluster.close();
        front.close();
        real.close();
    }

    @Test
    void nothingToDoIsKnownFromOneListPerKindAndOnlyWhatDiffersIsAskedForByADryRun() throws Exception {
        List<RenderedObject> objects = objects("one");
        List<InventoryItem> inventory = deployed(objects);

        Plan same = new Planner(cluster).plan(objects, inventory, PlanOptions.DEPLOY);
        Rehearsal nothing = rollout(cluster).rehearse(same, STAMP, SecretMask.random());

        String namespaces = "/api/v1/namespaces/" + real.namespace;
        assertThat(nothing.plan().isEmpty()).isTrue();
        assertThat(withoutQueries())
                .containsExactlyInAnyOrder(
                        "GET /api/v1",
                        "GET " + namespaces,
                        "GET " + namespaces + "/configmaps",
                        "GET " + namespaces + "/secrets",
                        "GET " + namespaces + "/services");

        int before = front.requests().size();
        List<RenderedObject> other = new ArrayList<>(objects("two").subList(0, 12));
        other.addAll(objects.subList(12, objects.size()));
        Plan changed = new Planner(cluster).plan(other, inventory, PlanOptions.DEPLOY);
        Rehearsal rehearsal = rollout(cluster).rehearse(changed, STAMP, SecretMask.random());

        List<String> asked = withoutQueries().subList(before, front.requests().size());
        assertThat(asked).filteredOn(request -> request.startsWith("GET")).hasSize(4);
        assertThat(asked).filteredOn(request -> request.startsWith("PATCH")).hasSize(12);
        assertThat(front.requests())
                .filteredOn(request -> request.startsWith("PATCH"))
                .allMatch(request -> request.contains("dryRun=All"));
        assertThat(rehearsal.details())
                .filteredOn(detail -> !detail.fields().isEmpty())
                .hasSize(12)
                .allSatisfy(detail -> assertThat(detail.fields())
                        .extracting(field -> field.path())
                        .containsExactly("data.key"));
    }

    /** Applies by the real address, so that only what is planned is counted. */
    private List<InventoryItem> deployed(List<RenderedObject> objects) {
        Plan plan = new Planner(real.cluster).plan(objects, List.of(), PlanOptions.DEPLOY);
        return rollout(real.cluster).run(plan, STAMP, Progress.NONE).applied();
    }

    private static Rollout rollout(KubeCluster cluster) {
        return new Rollout(cluster, RolloutOptions.within(Duration.ofMinutes(1)));
    }

    private List<RenderedObject> objects(String value) {
        var objects = new ArrayList<RenderedObject>();
        for (int i = 0; i < 20; i++) {
            objects.add(object("ConfigMap", "c" + i, Map.of("data", Map.of("key", value))));
        }
        objects.add(object("Secret", "s", Map.of("data", Map.of("key", "dGlnZXI="))));
        objects.add(object(
                "Service", "v", Map.of("spec", Map.of("ports", List.of(Map.of("port", 80, "protocol", "TCP"))))));
        return objects;
    }

    private RenderedObject object(String kind, String name, Map<String, Object> rest) {
        return new RenderedObject(
                "v1",
                new ResourceKey("", kind, real.namespace, name),
                RealCluster.tree("v1", kind, real.namespace, name, rest),
                null,
                null);
    }

    private List<String> withoutQueries() {
        return front.requests().stream()
                .map(request -> request.replaceAll("\\?.*", ""))
                .toList();
    }
}
