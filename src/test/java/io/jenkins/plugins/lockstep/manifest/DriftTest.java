package io.jenkins.plugins.lockstep.manifest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.lockstep.common.document.DocumentReader;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DriftTest {

    private static final String RENDERED =
            """
            apiVersion: apps/v1
            kind: Deployment
            metadata: { name: cart, labels: { a: b }, annotations: {} }
            spec:
              strategy: {}
              template:
                spec:
                  tolerations: [{ key: a }]
                  containers:
                    - name: web
                      image: web:1
                      args: [a, b]
                      env: [{ name: A, value: "1" }, { name: E, value: "" }]
                      ports: [{ containerPort: 8080, protocol: TCP }]
                      resources: { limits: { cpu: 1000m, memory: 1Gi } }
                      volumeMounts: [{ name: c, mountPath: /config }]
                  volumes: [{ name: c, configMap: { name: c-1 } }]
            """;

    private static final String LIVE =
            """
            apiVersion: apps/v1
            kind: Deployment
            metadata: { name: cart, uid: x, labels: { a: b, other: c } }
            spec:
              replicas: 3
              progressDeadlineSeconds: 600
              template:
                spec:
                  restartPolicy: Always
                  tolerations: [{ key: a, operator: Exists }]
                  containers:
                    - { name: sidecar, image: injected }
                    - name: web
                      image: web:1
                      imagePullPolicy: Always
                      args: [a, b]
                      env: [{ name: INJECTED, value: x }, { name: E }, { name: A, value: "1" }]
                      ports: [{ containerPort: 8080, protocol: UDP }, { containerPort: 8080, protocol: TCP }]
                      resources: { limits: { cpu: "1", memory: 1024Mi } }
                      volumeMounts: [{ name: t, mountPath: /token }, { name: c, mountPath: /config }]
                  volumes: [{ name: t, emptyDir: {} }, { name: c, configMap: { name: c-1, defaultMode: 420 } }]
            status: { replicas: 3 }
            """;

    @Test
    void whatOthersAddAndHowTheServerWritesItIsNoDifference() {
        assertThat(Drift.between(tree(RENDERED), tree(LIVE))).isEmpty();
        assertThat(Drift.between(tree(RENDERED), tree(RENDERED))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "image: web:1          | image: web:2           | spec.template.spec.containers[name=web].image",
                "args: [a, b]          | args: [x, b]           | spec.template.spec.containers[name=web].args[0]",
                "args: [a, b]          | args: [a, b, c]        | spec.template.spec.containers[name=web].args",
                "cpu: \"1\"            | cpu: \"2\"             | spec.template.spec.containers[name=web].resources.limits.cpu",
                "memory: 1024Mi        | memory: 1G             | spec.template.spec.containers[name=web].resources.limits.memory",
                "{ key: a, operator    | { key: b, operator     | spec.template.spec.tolerations[0].key",
                "[{ key: a, operator: Exists }] | [{ key: a }, { key: b }] | spec.template.spec.tolerations",
                "mountPath: /config    | mountPath: /other      | spec.template.spec.containers[name=web].volumeMounts[mountPath=/config]",
                "name: A, value: \"1\" | name: A, value: \"2\"  | spec.template.spec.containers[name=web].env[name=A].value",
                "protocol: TCP         | protocol: SCTP         | spec.template.spec.containers[name=web].ports[containerPort=8080,protocol=TCP]",
                "name: c-1             | name: c-2              | spec.template.spec.volumes[name=c].configMap.name",
                "a: b, other           | a: z, other            | metadata.labels.a",
                "a: b, other           | other                  | metadata.labels.a",
            })
    void whatDiffersIsNamed(String was, String is, String path) {
        assertThat(LIVE).contains(was);

        assertThat(Drift.between(tree(RENDERED), tree(LIVE.replace(was, is)))).containsExactly(path);
    }

    @ParameterizedTest
    @CsvSource({
        "1, 1000m, true", "0.5, 500m, true", "1k, 1000, true", "1Ki, 1024, true", "1Gi, 1024Mi, true",
                "1e3, 1000, true",
        "1E, 1e18, true", ".5, 0.5, true", "1G, 1Gi, false", "100m, 0.2, false", "x, y, false", "2, 2.0, true"
    })
    void quantitiesAreComparedByTheirValue(String rendered, String live, boolean same) {
        String text = "{apiVersion: v1, kind: ResourceQuota, spec: {hard: {pods: '%s'}}}";

        assertThat(Drift.between(tree(text.formatted(rendered)), tree(text.formatted(live)))
                        .isEmpty())
                .isEqualTo(same);
    }

    @Test
    void outsideOfQuantitiesATextIsATextButANumberIsItsDigits() {
        assertThat(differences("data: {a: 1000m}", "data: {a: '1'}")).containsExactly("data.a");
        assertThat(differences("spec: {port: 80}", "spec: {port: '80'}")).isEmpty();
        assertThat(differences("spec: {port: 1.0}", "spec: {port: 1}")).isEmpty();
        assertThat(differences("spec: {a: true}", "spec: {a: false}")).containsExactly("spec.a");
        assertThat(differences("spec: {a: {b: 1}}", "spec: {a: [1]}")).containsExactly("spec.a");
    }

    @Test
    void emptyAndAbsentAreTheSameExceptForSelectors() {
        assertThat(differences("spec: {a: {}, b: [], c: ~}", "spec: {}")).isEmpty();
        assertThat(differences("spec: {a: {}, b: []}", "x: 1")).containsExactly("spec");
        assertThat(differences("spec: {podSelector: {}}", "spec: {}")).containsExactly("spec.podSelector");
        assertThat(differences("spec: {a: false}", "spec: {}")).containsExactly("spec.a");
    }

    @Test
    void aServicesPortsAreMatchedByNumberAndANetworkPolicysAreNot() {
        assertThat(differences(
                        "spec: {ports: [{port: 80, protocol: TCP}]}",
                        "spec: {ports: [{port: 81, protocol: TCP}, {port: 80, protocol: TCP, nodePort: 30000}]}"))
                .isEmpty();
        assertThat(differences(
                        "spec: {ingress: [{ports: [{port: 80, protocol: TCP}]}]}",
                        "spec: {ingress: [{ports: [{port: 81, protocol: TCP}, {port: 80, protocol: TCP}]}]}"))
                .containsExactly("spec.ingress[0].ports");
    }

    @Test
    void listsOfCustomResourcesHaveNoKnownMergeKeys() {
        String rendered = "{apiVersion: example.com/v1, spec: {containers: [{name: a}]}}";
        String live = "{apiVersion: example.com/v1, spec: {containers: [{name: a}, {name: b}]}}";

        assertThat(Drift.between(tree(rendered), tree(live))).containsExactly("spec.containers");
    }

    private static List<String> differences(String rendered, String live) {
        return Drift.between(tree("apiVersion: v1\n" + rendered), tree("apiVersion: v1\n" + live));
    }

    private static Map<String, Object> tree(String text) {
        return Trees.map(new DocumentReader()
                .read("test.yaml", text.getBytes(UTF_8))
                .get(0)
                .tree());
    }
}
