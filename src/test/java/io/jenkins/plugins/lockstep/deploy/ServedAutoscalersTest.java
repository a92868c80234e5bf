package io.jenkins.plugins.lockstep.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.lockstep.common.document.Tree;
import io.jenkins.plugins.lockstep.manifest.RenderedObject;
import io.jenkins.plugins.lockstep.manifest.ResourceKey;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which version an autoscaler is written in. The clusters are fakes that only say what they serve: one test bed is one version. */
class ServedAutoscalersTest {

    private static final String AUTOSCALER =
            """
            apiVersion: autoscaling/v2
            kind: HorizontalPodAutoscaler
            metadata: { name: cart, labels: { app.kubernetes.io/managed-by: lockstep } }
            spec:
              scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: cart }
              minReplicas: 3
              maxReplicas: 12
              metrics:
                - type: Resource
                  resource: { name: cpu, target: { type: Utilization, averageUtilization: 70 } }
            """;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "autoscaling/v1 autoscaling/v2              | autoscaling/v2",
                "autoscaling/v1 autoscaling/v2beta2         | autoscaling/v2beta2",
                "autoscaling/v1 autoscaling/v2beta2 autoscaling/v2 | autoscaling/v2",
                "autoscaling/v1                             | autoscaling/v1",
            })
    void theNewestServedVersionIsTaken(String served, String expected) {
        RenderedObject neutral = Rendered.object("shop", AUTOSCALER);

        RenderedObject written = new ServedAutoscalers(serving(Set.of(served.split(" "))))
                .translated(List.of(neutral))
                .get(0);

        assertThat(written.apiVersion()).isEqualTo(expected);
        assertThat(written.tree()).containsEntry("apiVersion", expected);
        Map<String, Object> spec = Tree.map(written.tree(), "spec");
        if (expected.equals("autoscaling/v1")) {
            assertThat(spec).containsEntry("targetCPUUtilizationPercentage", 70).doesNotContainKey("metrics");
        } else {
            assertThat(spec).isEqualTo(Tree.map(neutral.tree(), "spec"));
        }
        assertThat(Tree.map(neutral.tree(), "spec"))
                .as("the release's own is left as it is")
                .containsKey("metrics");
    }

    @Test
    void whatUsersWroteIsLeftAsItIs() {
        RenderedObject users = Rendered.object("shop", AUTOSCALER.replace("managed-by: lockstep", "managed-by: us"));
        RenderedObject more = Rendered.object("shop", AUTOSCALER + "  behavior: { scaleDown: {} }\n");

        assertThat(new ServedAutoscalers(serving(Set.of("autoscaling/v1"))).translated(List.of(users, more)))
                .containsExactly(users, more);
    }

    @Test
    void theLiveCountOfAScaledWorkloadIsNotTheBoundsBusiness() {
        RenderedObject autoscaler = Rendered.object("shop", AUTOSCALER);
        RenderedObject cart =
                Rendered.object("shop", "{ apiVersion: apps/v1, kind: Deployment, metadata: { name: cart } }");
        var bounds = new ReplicaBounds(1, 3, Set.of());

        ReplicaBounds left = bounds.leaving(ServedAutoscalers.targets(List.of(cart, autoscaler)));

        assertThat(ServedAutoscalers.targets(List.of(autoscaler)))
                .containsExactly(new ResourceKey("apps", "Deployment", "shop", "cart"));
        assertThat(bounds.ruleLive(cart)).isTrue();
        assertThat(left.ruleLive(cart)).isFalse();
        assertThat(left.concern(cart)).as("the count at its creation is").isTrue();
    }

    private static Cluster serving(Set<String> versions) {
        return (Cluster) Proxy.newProxyInstance(
                Cluster.class.getClassLoader(), new Class<?>[] {Cluster.class}, (proxy, method, arguments) -> {
                    assertThat(method.getName()).isEqualTo("served");
                    String version = (String) arguments[0];
                    return versions.contains(version)
                            ? Optional.of(
                                    new ServedKind(version, (String) arguments[1], "horizontalpodautoscalers", true))
                            : Optional.empty();
                });
    }
}
