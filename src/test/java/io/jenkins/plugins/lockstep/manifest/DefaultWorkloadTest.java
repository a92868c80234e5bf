package io.jenkins.plugins.lockstep.manifest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.lockstep.common.document.DocumentReader;
import io.jenkins.plugins.lockstep.common.document.Json;
import io.jenkins.plugins.lockstep.manifest.DefaultWorkload.Component;
import io.jenkins.plugins.lockstep.manifest.DefaultWorkload.Config;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class DefaultWorkloadTest {

    private static final Config NO_CONFIG = new Config("cart-config", new TreeMap<>(), new TreeSet<>());

    @Test
    void oneImageGivesADeploymentAndAServiceThatTheRendererTakes() {
        var config = new Config(
                "cart-config", new TreeMap<>(Map.of("tls.ca.pem", "tls/ca.pem")), new TreeSet<>(List.of("LEVEL")));
        var run = new RunOptions("regcred", "cart-sa", Map.of("limits", Map.of("memory", "1Gi")), Map.of());
        List<Manifest> manifests = new DefaultWorkload()
                .manifests("lockstep.yaml", "cart", List.of(new Component("cart", List.of(8080))), run, config);

        List<RenderedObject> objects = new Renderer()
                .render(
                        manifests,
                        new RenderContext(
                                "test",
                                "shop",
                                Scopes.BUILT_IN,
                                Map.of("cart", "shop/cart:1@sha256:2"),
                                Map.of(),
                                new RenderContext.ReleasedConfig(
                                        "cart-config",
                                        "cart-config-1",
                                        new TreeSet<>(List.of("tls.ca.pem", "LEVEL")))));

        assertThat(Json.canonical(objects.get(0).tree()))
                .isEqualTo(
                        canonical(
                                """
                        apiVersion: apps/v1
                        kind: Deployment
                        metadata:
                          name: cart
                          namespace: shop
                          labels:
                            app.kubernetes.io/name: cart
                            app.kubernetes.io/instance: cart
                            app.kubernetes.io/managed-by: lockstep
                        spec:
                          selector:
                            matchLabels:
                              app.kubernetes.io/name: cart
                              app.kubernetes.io/instance: cart
                          template:
                            metadata:
                              labels:
                                app.kubernetes.io/name: cart
                                app.kubernetes.io/instance: cart
                                app.kubernetes.io/managed-by: lockstep
                            spec:
                              serviceAccountName: cart-sa
                              imagePullSecrets: [{ name: regcred }]
                              containers:
                                - name: cart
                                  image: shop/cart:1@sha256:2
                                  ports: [{ name: tcp-8080, containerPort: 8080, protocol: TCP }]
                                  env: [{ name: LEVEL, valueFrom: { configMapKeyRef: { name: cart-config-1, key: LEVEL } } }]
                                  volumeMounts: [{ name: config, mountPath: /config, readOnly: true }]
                                  resources: { limits: { memory: 1Gi } }
                                  readinessProbe: { tcpSocket: { port: 8080 } }
                                  securityContext: { allowPrivilegeEscalation: false }
                              volumes:
                                - name: config
                                  configMap: { name: cart-config-1, items: [{ key: tls.ca.pem, path: tls/ca.pem }] }
                        """));
        assertThat(Json.canonical(objects.get(1).tree()))
                .isEqualTo(
                        canonical(
                                """
                        apiVersion: v1
                        kind: Service
                        metadata:
                          name: cart
                          namespace: shop
                          labels:
                            app.kubernetes.io/name: cart
                            app.kubernetes.io/instance: cart
                            app.kubernetes.io/managed-by: lockstep
                        spec:
                          selector:
                            app.kubernetes.io/name: cart
                            app.kubernetes.io/instance: cart
                          ports: [{ name: tcp-8080, port: 8080, targetPort: 8080, protocol: TCP }]
                        """));
    }

    @Test
    void severalImagesGiveADeploymentEachAndAServiceForThoseThatListen() {
        List<Manifest> manifests = manifests(
                "cart", RunOptions.NONE, new Component("web", List.of(80, 81)), new Component("worker", List.of()));

        assertThat(manifests)
                .extracting(manifest -> manifest.kind() + " " + manifest.name())
                .containsExactly("Deployment cart-web", "Service cart-web", "Deployment cart-worker");
        assertThat(Json.write(manifests.get(2).tree()))
                .contains("lockstep/worker")
                .doesNotContain("Probe", "volumes", "\"ports\"");
    }

    @Test
    void probesAreThoseOfTheProjectFile() {
        var run = new RunOptions(
                null, null, Map.of(), Map.of("readiness", Map.of(), "liveness", Map.of("exec", Map.of())));
        String text = Json.write(manifests("cart", run, new Component("cart", List.of(80)))
                .get(0)
                .tree());

        assertThat(text).contains("\"livenessProbe\":{\"exec\"").doesNotContain("readinessProbe");
    }

    @Test
    void aNameThatNoServiceMayHaveIsRefused() {
        assertThatThrownBy(() -> manifests("3d", RunOptions.NONE, new Component("3d", List.of(80))))
                .hasMessageContaining("'3d' can't be the name");
    }

    private static List<Manifest> manifests(String app, RunOptions run, Component... components) {
        return new DefaultWorkload().manifests("lockstep.yaml", app, List.of(components), run, NO_CONFIG);
    }

    private static String canonical(String yaml) {
        return Json.canonical(
                new DocumentReader().read("x.yaml", yaml.getBytes(UTF_8)).get(0).tree());
    }
}
