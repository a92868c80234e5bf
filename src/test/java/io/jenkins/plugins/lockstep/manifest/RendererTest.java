package io.jenkins.plugins.lockstep.manifest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.common.document.Json;
import io.jenkins.plugins.lockstep.manifest.RenderContext.ReleasedConfig;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RendererTest {

    private static final String CART = "reg.example.com:5000/shop/cart:" + "a".repeat(40) + "@sha256:" + "b".repeat(64);
    private static final String WORKER = "worker:" + "a".repeat(40) + "@sha256:" + "c".repeat(64);

    private final RenderContext one =
            context(Map.of("cart", CART), Map.of("reg.example.com:5000/shop/cart", CART), "app.yaml", "LEVEL");

    @Test
    void theReleasedImageIsPinnedWhereverAContainerStands() {
        RenderedObject object = only(
                """
                apiVersion: batch/v1
                kind: CronJob
                metadata: { name: tidy }
                spec:
                  jobTemplate:
                    spec:
                      template:
                        spec:
                          initContainers: [{ name: a, image: lockstep }]
                          containers:
                            - { name: b, image: lockstep/cart }
                            - { name: c, image: "reg.example.com:5000/shop/cart:latest" }
                            - { name: d, image: "reg.example.com:5000/shop/cart@sha256:0" }
                            - { name: e, image: reg.example.com:5000/shop/cart }
                            - { name: f, image: reg.example.com:5000/shop/cart2 }
                            - { name: g, image: reg.example.com:5000/shop/cart/sub:1 }
                            - { name: h, image: "busybox:1.36" }
                """);

        assertThat(images(object))
                .containsExactly(
                        CART,
                        CART,
                        CART,
                        CART,
                        CART,
                        "reg.example.com:5000/shop/cart2",
                        "reg.example.com:5000/shop/cart/sub:1",
                        "busybox:1.36");
    }

    @Test
    void customResourcesArePinnedTooButDataIsNot() {
        List<RenderedObject> objects = render(
                one,
                """
                apiVersion: example.com/v1
                kind: Site
                metadata: { name: a }
                spec: { image: lockstep, other: { image: reg.example.com:5000/shop/cart, tag: v1 } }
                ---
                apiVersion: v1
                kind: ConfigMap
                metadata: { name: b }
                data: { image: lockstep, configMapName: cart-config }
                """);

        assertThat(at(objects.get(0), "spec", "image")).isEqualTo(CART);
        assertThat(at(objects.get(0), "spec", "other", "image"))
                .as("only containers say what an image is")
                .isEqualTo("reg.example.com:5000/shop/cart");
        assertThat(at(objects.get(1), "data")).isEqualTo(Map.of("image", "lockstep", "configMapName", "cart-config"));
    }

    @Test
    void dockerHubNamesAreTheSameLongAndShort() {
        RenderContext hub = context(Map.of("worker", WORKER), Map.of("worker", WORKER));
        RenderedObject object = render(
                        hub,
                        pod("containers: [{name: a, image: 'worker:1'}, {name: b, image: docker.io/library/worker},"
                                + " {name: c, image: 'worker:5000/x'}]"))
                .get(0);

        assertThat(images(object)).containsExactly(WORKER, WORKER, "worker:5000/x");
    }

    @Test
    void withSeveralImagesEachIsNamed() {
        var images = new LinkedHashMap<String, String>();
        images.put("web", CART);
        images.put("worker", WORKER);
        RenderContext two = context(images, Map.of());

        List<RenderedObject> rendered = render(two, pod("containers: [{name: a, image: lockstep/worker}]"));
        assertThat(images(rendered.get(0))).containsExactly(WORKER);
        assertThat(new Renderer().unusedImages(rendered, two)).containsExactly("web");
        assertMistake(
                two,
                pod("containers: [{name: a, image: lockstep}]"),
                "'lockstep' may be any of the images web, worker",
                "lockstep/web");
        assertMistake(
                two,
                pod("containers: [{name: a, image: lockstep/wroker}]"),
                "the project has no image 'wroker'",
                "did you mean 'worker'?");
        assertMistake(
                two, pod("containers: [{name: a, image: 'lockstep:1'}]"), "has a tag or a digest", "image: lockstep");
    }

    @Test
    void everyReferenceToTheConfigurationGetsTheRealName() {
        RenderedObject object = only(
                """
                apiVersion: apps/v1
                kind: StatefulSet
                metadata: { name: cart }
                spec:
                  template:
                    spec:
                      containers:
                        - name: web
                          env: [{ name: L, valueFrom: { configMapKeyRef: { name: cart-config, key: LEVEL } } }]
                          envFrom: [{ configMapRef: { name: cart-config } }, { configMapRef: { name: other } }]
                      volumes:
                        - { name: a, configMap: { name: cart-config, items: [{ key: app.yaml, path: x }] } }
                        - { name: b, projected: { sources: [{ configMap: { name: cart-config } }] } }
                        - { name: c, configMap: { name: cart-config-other } }
                  custom: [{ kind: ConfigMap, name: cart-config }, { configMapName: cart-config }, { kind: Secret, name: cart-config }]
                """);
        String text = Json.write(object.tree());

        assertThat(text.split("\"cart-config-0123456789\"", -1)).hasSize(7);
        assertThat(text)
                .contains("\"other\"", "\"cart-config-other\"", "{\"kind\":\"Secret\",\"name\":\"cart-config\"}");
    }

    @Test
    void aKeyThatTheEnvironmentDoesNotHaveIsRefusedBeforeAnythingIsWritten() {
        DeliveryException mistake = assertMistake(
                one,
                pod(
                        "containers: [{name: a, env: [{name: L, valueFrom: {configMapKeyRef: {name: cart-config, key: LEVLE}}}]}]"),
                "the configuration of 'production' has no key 'LEVLE'",
                "did you mean 'LEVEL'?");

        assertThat(mistake.where()).isEqualTo("test.yaml:4");
        assertThat(mistake.why()).isEqualTo("its keys are LEVEL, app.yaml");
        assertMistake(
                one,
                pod("volumes: [{name: a, configMap: {name: cart-config, items: [{key: nothing-like-it, path: x}]}}]"),
                "has no key 'nothing-like-it'",
                "add it to a directory");
        assertThat(render(
                        one,
                        pod("containers: [{name: a, env: [{name: L, valueFrom: {configMapKeyRef: {name: cart-config,"
                                + " key: X, optional: true}}}]}]")))
                .hasSize(1);
    }

    @Test
    void withoutConfigurationAReferenceToItIsRefusedUnlessItIsOptionalOrAManifest() {
        RenderContext none = new RenderContext(
                "production",
                "shop",
                Scopes.BUILT_IN,
                Map.of("cart", CART),
                Map.of(),
                new ReleasedConfig("cart-config", null, new TreeSet<>()));
        String reference = pod("containers: [{name: a, envFrom: [{configMapRef: {name: cart-config}}]}]");

        assertMistake(none, reference, "the environment 'production' has no configuration", "config:");
        assertThat(render(none, reference.replace("cart-config}", "cart-config, optional: true}")))
                .hasSize(1);
        String own = "---\n{apiVersion: v1, kind: ConfigMap, metadata: {name: cart-config}, data: {a: b}}\n";
        assertThat(Json.write(render(none, reference + own).get(0).tree())).contains("{\"name\":\"cart-config\"}");
        assertMistake(one, reference + own, "is the name of the environment's configuration", "choose another");
    }

    @Test
    void theConfigurationIsOfNoUseInAnotherNamespace() {
        assertMistake(
                one,
                "{apiVersion: v1, kind: Pod, metadata: {name: x, namespace: elsewhere}, spec: {volumes: [{name: a,"
                        + " configMap: {name: cart-config}}]}}",
                "pod/x is in the namespace 'elsewhere'",
                "leave the namespace");
    }

    @Test
    void namespacesAreFilledInWhereTheKindHasOne() {
        List<RenderedObject> objects = render(
                one,
                """
                { apiVersion: v1, kind: Service, metadata: { name: a } }
                ---
                { apiVersion: v1, kind: Service, metadata: { name: a, namespace: other } }
                ---
                { apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: { name: a, namespace: x } }
                ---
                apiVersion: apiextensions.k8s.io/v1
                kind: CustomResourceDefinition
                metadata: { name: ws.example.com }
                spec: { group: example.com, scope: Cluster, names: { kind: W } }
                ---
                { apiVersion: example.com/v1, kind: W, metadata: { name: w } }
                ---
                { apiVersion: example.com/v1, kind: Unknown, metadata: { name: u } }
                """);

        assertThat(objects)
                .extracting(object -> object.key().namespace())
                .containsExactly("shop", "other", "", "", "", "shop");
        assertThat(at(objects.get(0), "metadata", "namespace")).isEqualTo("shop");
        assertThat(at(objects.get(2), "metadata")).isEqualTo(Map.of("name", "a"));
    }

    @Test
    void oneObjectDescribedTwiceIsRefusedWithBothPlaces() {
        DeliveryException mistake = assertMistake(
                one,
                """
                { apiVersion: apps/v1, kind: Deployment, metadata: { name: a } }
                ---
                { apiVersion: apps/v1beta1, kind: Deployment, metadata: { name: a, namespace: shop } }
                """,
                "deployment/a is described twice",
                "remove one");

        assertThat(mistake.where()).isEqualTo("test.yaml:3 (document 2)");
        assertThat(mistake.why()).isEqualTo("it is also described at test.yaml:1");
    }

    @Test
    void portsWithoutProtocolAreTcp() {
        List<RenderedObject> objects = render(
                one,
                """
                { apiVersion: v1, kind: Service, metadata: { name: a }, spec: { ports: [{ port: 80 }, { port: 53, protocol: UDP }] } }
                ---
                { apiVersion: apps/v1, kind: DaemonSet, metadata: { name: b }, spec: { template: { spec: { containers:
                  [{ name: c, ports: [{ containerPort: 80, hostPort: 80 }] }] } } } }
                ---
                { apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: { name: c }, spec: { ingress: [{ ports: [{ port: 80 }] }] } }
                """);

        assertThat(Json.write(objects.get(0).tree()))
                .contains("{\"port\":80,\"protocol\":\"TCP\"},{\"port\":53,\"protocol\":\"UDP\"}");
        assertThat(Json.write(objects.get(1).tree())).contains("\"hostPort\":80,\"protocol\":\"TCP\"");
        assertThat(Json.write(objects.get(2).tree())).doesNotContain("TCP");
    }

    @Test
    void whatTheServerWritesIsDropped() {
        RenderedObject object = only(
                """
                apiVersion: apps/v1
                kind: Deployment
                metadata:
                  name: a
                  creationTimestamp: null
                  uid: x
                  resourceVersion: "1"
                  generation: 3
                  selfLink: /x
                  managedFields: []
                  annotations: { kubectl.kubernetes.io/last-applied-configuration: "{}" }
                spec: { template: { metadata: { creationTimestamp: null, labels: { a: b } } } }
                status: { replicas: 3 }
                """);

        assertThat(object.tree())
                .isEqualTo(Map.of(
                        "apiVersion",
                        "apps/v1",
                        "kind",
                        "Deployment",
                        "metadata",
                        Map.of("name", "a", "namespace", "shop"),
                        "spec",
                        Map.of("template", Map.of("metadata", Map.of("labels", Map.of("a", "b"))))));
    }

    @Test
    void replicasAreTakenOutOfWhateverScales() {
        List<RenderedObject> objects = render(
                one,
                """
                { apiVersion: apps/v1, kind: Deployment, metadata: { name: a }, spec: { replicas: 3, selector: {}, template: {} } }
                ---
                { apiVersion: example.com/v1, kind: Db, metadata: { name: b }, spec: { replicas: 3 } }
                ---
                { apiVersion: apps/v1, kind: Deployment, metadata: { name: c }, spec: { selector: {} } }
                """);

        assertThat(objects).extracting(RenderedObject::replicas).containsExactly(3, null, null);
        assertThat(at(objects.get(0), "spec")).isEqualTo(Map.of("selector", Map.of(), "template", Map.of()));
        assertThat(at(objects.get(1), "spec", "replicas")).isEqualTo(3);
        assertMistake(
                one,
                "{apiVersion: apps/v1, kind: Deployment, metadata: {name: a}, spec: {replicas: many, selector: {}}}",
                "'spec.replicas' must be a whole number",
                null);
    }

    @Test
    void aJobIsNamedByWhatItDoes() {
        String job =
                """
                apiVersion: batch/v1
                kind: Job
                metadata: { name: migrate, labels: { a: b } }
                spec: { ttlSecondsAfterFinished: 60, template: { spec: { containers: [{ name: a, image: lockstep }] } } }
                """;
        String name = only(job).key().name();

        assertThat(name).matches("migrate-[0-9a-f]{10}");
        assertThat(at(only(job), "metadata", "name")).isEqualTo(name);
        assertThat(only(job.replace("60", "90")).key().name()).isEqualTo(name);
        assertThat(only(job.replace("name: a,", "name: b,")).key().name()).isNotEqualTo(name);
        RenderContext later = context(Map.of("cart", CART.replace("bbb", "ddd")), Map.of());
        assertThat(render(later, job).get(0).key().name()).isNotEqualTo(name);
        assertThat(only(job.replace("migrate", "m".repeat(51) + "-" + "m".repeat(20)))
                        .key()
                        .name())
                .matches("m{51}-[0-9a-f]{10}");
    }

    @Test
    void aSecretsTextsAreWrittenAsTheServerStoresThem() {
        RenderedObject secret = only(
                "{apiVersion: v1, kind: Secret, metadata: {name: s}, data: {a: eA==, b: eA==}, stringData: {b: é}}");

        assertThat(at(secret, "data")).isEqualTo(Map.of("a", "eA==", "b", "w6k="));
        assertThat(secret.tree()).doesNotContainKey("stringData");
    }

    @Test
    void theManifestsAreLeftAsTheyWere() {
        List<Manifest> manifests = read(pod("containers: [{name: a, image: lockstep}]"));
        String before = Json.write(manifests.get(0).tree());

        new Renderer().render(manifests, one);

        assertThat(Json.write(manifests.get(0).tree())).isEqualTo(before);
    }

    @Test
    void twoReleasesOfTheSameDigestAndConfigurationRenderTheSame() {
        String text = pod("containers: [{name: a, image: lockstep, envFrom: [{configMapRef: {name: cart-config}}]}]");

        assertThat(only(text).hash()).isEqualTo(only(text).hash());
    }

    @ParameterizedTest
    @CsvSource({
        "v1, Namespace, false",
        "v1, Pod, true",
        "rbac.authorization.k8s.io/v1, ClusterRole, false",
        "rbac.authorization.k8s.io/v1, Role, true",
        "storage.k8s.io/v1, StorageClass, false",
        "example.com/v1, Namespace, true"
    })
    void kubernetesOwnKindsAreKnownWithoutACluster(String apiVersion, String kind, boolean namespaced) {
        assertThat(Scopes.BUILT_IN.isNamespaced(apiVersion, kind)).isEqualTo(namespaced);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"ports: 3", "containers: x", "containers: [x]", "containers: [{ports: [x], image: [lockstep]}]"})
    void oddShapesAreLeftToTheServerToRefuse(String spec) {
        assertThat(render(one, pod(spec))).hasSize(1);
    }

    private static String pod(String spec) {
        return "apiVersion: v1\nkind: Pod\nmetadata: { name: x }\nspec: { " + spec + " }\n";
    }

    private static RenderContext context(Map<String, String> images, Map<String, String> repositories, String... keys) {
        return new RenderContext(
                "production",
                "shop",
                Scopes.BUILT_IN,
                images,
                repositories,
                new ReleasedConfig("cart-config", "cart-config-0123456789", new TreeSet<>(List.of(keys))));
    }

    private RenderedObject only(String text) {
        return render(one, text).get(0);
    }

    private static List<RenderedObject> render(RenderContext context, String text) {
        return new Renderer().render(read(text), context);
    }

    private static List<Manifest> read(String text) {
        return new ManifestReader().read("test.yaml", text.getBytes(UTF_8));
    }

    private static DeliveryException assertMistake(RenderContext context, String text, String what, String hint) {
        DeliveryException mistake = catchThrowableOfType(DeliveryException.class, () -> render(context, text));

        assertThat(mistake).as(text).isNotNull();
        assertThat(mistake.problem()).isEqualTo(Problem.BAD_INPUT);
        assertThat(mistake.what()).contains(what);
        if (hint != null) {
            assertThat(mistake.hint()).contains(hint);
        }
        return mistake;
    }

    private static Object at(RenderedObject object, String... path) {
        Object node = object.tree();
        for (String key : path) {
            node = ((Map<?, ?>) node).get(key);
        }
        return node;
    }

    /** Returns the images of all containers in the order of the text. */
    private static List<String> images(RenderedObject object) {
        return java.util.regex.Pattern.compile("\"image\":\"([^\"]*)\"")
                .matcher(Json.write(object.tree()))
                .results()
                .map(result -> result.group(1))
                .toList();
    }
}
