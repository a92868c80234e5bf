package io.jenkins.plugins.lockstep.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.document.DocumentReader;
import io.jenkins.plugins.lockstep.common.document.Json;
import io.jenkins.plugins.lockstep.common.document.Tree;
import io.jenkins.plugins.lockstep.manifest.RenderedObject;
import io.jenkins.plugins.lockstep.manifest.ResourceKey;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Which fields move to Lockstep, and which must not. */
class AdoptionTest {

    @Test
    void whatWasDeclaredMovesAndWhatTheServerFilledInDoesNot() {
        LiveObject live = live(
                """
                metadata:
                  name: cart
                  annotations:
                    kubectl.kubernetes.io/last-applied-configuration: >-
                      {"metadata":{"labels":{"tier":"web"}},
                       "spec":{"replicas":2,"template":{"spec":{"containers":[
                         {"name":"app","args":["a"],"ports":[{"containerPort":80}]}]}}}}
                  managedFields:
                  - manager: kubectl-client-side-apply
                    operation: Update
                    apiVersion: apps/v1
                    time: "2026-01-01T00:00:00Z"
                    fieldsV1:
                      f:metadata:
                        f:annotations: { ".": {}, f:kubectl.kubernetes.io/last-applied-configuration: {} }
                        f:labels: { f:tier: {} }
                      f:spec:
                        f:replicas: {}
                        f:progressDeadlineSeconds: {}
                        f:template:
                          f:spec:
                            f:dnsPolicy: {}
                            f:containers:
                              'k:{"name":"app"}':
                                ".": {}
                                f:args: {}
                                f:imagePullPolicy: {}
                                f:ports:
                                  'k:{"containerPort":80,"protocol":"TCP"}': { ".": {}, f:protocol: {} }
                  - manager: kube-controller-manager
                    operation: Update
                    apiVersion: apps/v1
                    fieldsV1: { f:status: { f:replicas: {} } }
                """);

        List<Object> moved = Adoption.moved(live);

        assertThat(Adoption.appliers(live)).containsExactly("kubectl-client-side-apply");
        assertThat(moved)
                .extracting(entry -> Tree.text(entry, "manager"), entry -> Tree.text(entry, "operation"))
                .containsExactly(
                        org.assertj.core.api.Assertions.tuple("kube-controller-manager", "Update"),
                        org.assertj.core.api.Assertions.tuple("lockstep", "Apply"),
                        org.assertj.core.api.Assertions.tuple("lockstep-replicas", "Apply"));
        assertThat(fields(moved, "lockstep"))
                .isEqualTo(
                        yaml(
                                """
                                f:metadata:
                                  f:annotations: { ".": {}, f:kubectl.kubernetes.io/last-applied-configuration: {} }
                                  f:labels: { f:tier: {} }
                                f:spec:
                                  f:template:
                                    f:spec:
                                      f:containers:
                                        'k:{"name":"app"}':
                                          ".": {}
                                          f:args: {}
                                          f:ports:
                                            'k:{"containerPort":80,"protocol":"TCP"}': { ".": {} }
                                """));
        assertThat(Json.write(fields(moved, "lockstep-replicas"))).isEqualTo("{\"f:spec\":{\"f:replicas\":{}}}");
    }

    @Test
    void aCreationThatWasCutShortIsFinishedWithoutASingleFieldOfOthers() {
        LiveObject live = live(
                """
                metadata:
                  name: cart
                  resourceVersion: "5"
                  managedFields:
                  - manager: lockstep-replicas
                    operation: Apply
                    apiVersion: apps/v1
                    fieldsV1: { f:metadata: { f:labels: { f:a: {} } }, f:spec: { f:replicas: {}, f:paused: {} } }
                  - manager: kubectl-client-side-apply
                    operation: Update
                    apiVersion: apps/v1
                    fieldsV1: { f:spec: { f:minReadySeconds: {} } }
                """);
        var cluster = new RecordedCluster(List.of(live));

        LiveObject whole = Adoption.finishCreation(
                cluster, cluster.served("apps/v1", "Deployment").orElseThrow(), live);

        List<?> moved = Tree.list(whole.tree(), "metadata", "managedFields");
        assertThat(FieldOwnership.isCreationHalfDone(live)).isTrue();
        assertThat(FieldOwnership.isCreationHalfDone(whole)).isFalse();
        assertThat(Json.write(fields(moved, "lockstep")))
                .isEqualTo("{\"f:metadata\":{\"f:labels\":{\"f:a\":{}}},\"f:spec\":{\"f:paused\":{}}}");
        assertThat(Json.write(fields(moved, "lockstep-replicas"))).isEqualTo("{\"f:spec\":{\"f:replicas\":{}}}");
        assertThat(Json.write(fields(moved, "kubectl-client-side-apply")))
                .isEqualTo("{\"f:spec\":{\"f:minReadySeconds\":{}}}");
    }

    @Test
    void theSetOfHelmJoinsLockstepsAndNeitherARestartNorAnAssignedAddressMoves() {
        LiveObject live = live(
                """
                metadata:
                  name: cart
                  managedFields:
                  - manager: lockstep
                    operation: Apply
                    apiVersion: apps/v1
                    fieldsV1: { f:data: { f:a: {} }, f:metadata: {} }
                  - manager: helm
                    operation: Update
                    apiVersion: apps/v1
                    fieldsV1:
                      f:data: { f:b: {} }
                      f:metadata: { f:labels: { f:x: {} } }
                      f:spec:
                        f:template: { f:metadata: { f:annotations: { f:kubectl.kubernetes.io/restartedAt: {} } } }
                  - manager: helm
                    operation: Update
                    apiVersion: apps/v1beta1
                    fieldsV1: { f:elsewhere: {} }
                  - manager: kubectl-edit
                    operation: Update
                    apiVersion: apps/v1
                    fieldsV1: { f:data: { f:c: {} } }
                """);

        List<Object> moved = Adoption.moved(live);

        assertThat(moved).extracting(entry -> Tree.text(entry, "manager")).containsExactly("kubectl-edit", "lockstep");
        assertThat(fields(moved, "lockstep"))
                .isEqualTo(
                        yaml(
                                """
                                f:data: { f:a: {}, f:b: {} }
                                f:metadata: { f:labels: { f:x: {} }, ".": {} }
                                """));
    }

    @Test
    void aServiceKeepsItsAddressAndPorts() {
        LiveObject live = new LiveObject(
                "v1",
                new ResourceKey("", "Service", "shop", "cart"),
                yaml(
                        """
                        metadata:
                          managedFields:
                          - manager: helm
                            operation: Update
                            apiVersion: v1
                            fieldsV1:
                              f:spec:
                                f:clusterIP: {}
                                f:type: {}
                                f:ports: { 'k:{"port":80,"protocol":"TCP"}': { f:port: {}, f:nodePort: {} } }
                        """));

        assertThat(fields(Adoption.moved(live), "lockstep"))
                .isEqualTo(yaml(
                        "f:spec: { f:type: {}, f:ports: { 'k:{\"port\":80,\"protocol\":\"TCP\"}': { f:port: {} } } }"));
    }

    @Test
    void theLiveSelectorIsKeptWherePodsCarryWhatItSelects() {
        RenderedObject wanted = Rendered.object("shop", deployment("{ app: cart }", "{ app: cart, tier: web }"));
        LiveObject live = live("spec: { selector: { matchLabels: { app: cart },"
                + " matchExpressions: [{ key: tier, operator: In, values: [web, api] }] } }");

        RenderedObject kept = Adoption.withLiveSelector(wanted, live);

        assertThat(Tree.at(kept.tree(), "spec", "selector")).isEqualTo(Tree.at(live.tree(), "spec", "selector"));
        assertThat(Tree.at(kept.tree(), "spec", "template")).isEqualTo(Tree.at(wanted.tree(), "spec", "template"));
        assertThatThrownBy(() -> Adoption.withLiveSelector(
                        Rendered.object("shop", deployment("{ app: cart }", "{ app: cart, tier: db }")), live))
                .isInstanceOf(DeliveryException.class)
                .hasMessageContaining("tier In (web, api)")
                .hasMessageContaining("test.yaml:1");
    }

    @Test
    void theOwnerOfAFieldIsFoundInsideItemsAndAroundIt() {
        LiveObject live = live(
                """
                metadata:
                  managedFields:
                  - manager: early
                    time: "2026-01-01T00:00:00Z"
                    fieldsV1: { f:spec: { f:args: {}, f:items: { 'k:{"port":80,"protocol":"TCP"}': { f:name: {} } } } }
                  - manager: late
                    time: "2026-01-02T00:00:00Z"
                    fieldsV1: { f:spec: { f:args: {} }, f:metadata: { f:annotations: { f:a.b/c: {} } } }
                """);

        assertThat(FieldOwnership.owners(live, "spec.args[0]"))
                .extracting(FieldOwnership.Owner::manager)
                .containsExactly("late", "early");
        assertThat(FieldOwnership.owners(live, "spec.items[port=80,protocol=TCP].name"))
                .extracting(FieldOwnership.Owner::manager)
                .containsExactly("early");
        assertThat(FieldOwnership.owners(live, "metadata.annotations.a.b/c"))
                .extracting(FieldOwnership.Owner::manager)
                .containsExactly("late");
        assertThat(FieldOwnership.owners(live, "metadata.annotations"))
                .extracting(FieldOwnership.Owner::manager)
                .containsExactly("late");
        assertThat(FieldOwnership.owners(live, "spec.argsMore")).isEmpty();
    }

    @Test
    void valuesAreFoundAtThePathsOfAPlan() {
        Map<String, Object> tree = yaml(
                """
                metadata: { annotations: { a: short, a.b/c: long } }
                spec: { ports: [{ port: 80 }, { port: 81, protocol: UDP, name: dns }], args: [x, y] }
                """);

        assertThat(FieldPath.at(tree, "metadata.annotations.a.b/c")).isEqualTo("long");
        assertThat(FieldPath.at(tree, "metadata.annotations.a")).isEqualTo("short");
        assertThat(FieldPath.at(tree, "spec.ports[port=81,protocol=UDP].name")).isEqualTo("dns");
        assertThat(FieldPath.at(tree, "spec.ports[port=80,protocol=TCP].port")).isEqualTo(80);
        assertThat(FieldPath.at(tree, "spec.args[1]")).isEqualTo("y");
        assertThat(FieldPath.at(tree, "spec.args[2]")).isNull();
        assertThat(FieldPath.at(tree, "spec.ports[port=82,protocol=TCP]")).isNull();
    }

    private static String deployment(String selector, String labels) {
        return """
                apiVersion: apps/v1
                kind: Deployment
                metadata: { name: cart }
                spec:
                  selector: { matchLabels: %s }
                  template: { metadata: { labels: %s } }
                """
                .formatted(selector, labels);
    }

    private static Map<String, Object> fields(List<?> entries, String manager) {
        return Tree.map(Tree.find(entries, "manager", manager), "fieldsV1");
    }

    private static LiveObject live(String yaml) {
        return new LiveObject("apps/v1", new ResourceKey("apps", "Deployment", "shop", "cart"), yaml(yaml));
    }

    private static Map<String, Object> yaml(String yaml) {
        return Tree.map(new DocumentReader()
                .read("live.yaml", yaml.getBytes(StandardCharsets.UTF_8))
                .get(0)
                .tree());
    }
}
