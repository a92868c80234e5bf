package io.jenkins.plugins.lockstep.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.deploy.Cluster;
import io.jenkins.plugins.lockstep.deploy.Cluster.ApplyMode;
import io.jenkins.plugins.lockstep.deploy.Cluster.WatchEvent;
import io.jenkins.plugins.lockstep.deploy.LiveObject;
import io.jenkins.plugins.lockstep.deploy.ServedKind;
import io.jenkins.plugins.lockstep.manifest.ResourceKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class DirectoryClusterTest {

    private static final ApplyMode LOCKSTEP = new ApplyMode(Cluster.MANAGER, false, false);
    private static final ApplyMode REPLICAS = new ApplyMode(Cluster.REPLICAS_MANAGER, false, false);
    private static final ServedKind DEPLOYMENTS = new ServedKind("apps/v1", "Deployment", "deployments", true);
    private static final ServedKind CONFIG_MAPS = new ServedKind("v1", "ConfigMap", "configmaps", true);
    private static final ServedKind SECRETS = new ServedKind("v1", "Secret", "secrets", true);
    private static final ResourceKey CART = new ResourceKey("apps", "Deployment", "shop", "cart");

    @TempDir
    private Path directory;

    private DirectoryCluster open() {
        return new DirectoryCluster(directory, Clock.fixed(Instant.parse("2026-03-01T12:00:00Z"), ZoneOffset.UTC));
    }

    @Test
    void anAppliedObjectIsAFileThatKubectlTakes() throws IOException {
        open().apply(DEPLOYMENTS, CART, deployment("one"), LOCKSTEP);

        assertThat(directory.resolve("objects/shop/Deployment.apps/cart.yaml"))
                .hasContent(
                        """
                        apiVersion: apps/v1
                        kind: Deployment
                        metadata:
                          name: cart
                          namespace: shop
                          labels:
                            app: cart
                        spec:
                          template:
                            image: one
                        """);
        assertThat(open().get(DEPLOYMENTS, CART)).hasValueSatisfying(live -> {
            assertThat(live.uid()).isNotEmpty();
            assertThat(live.resourceVersion()).isNotEmpty();
            assertThat(metadata(live)).containsEntry("creationTimestamp", "2026-03-01T12:00:00Z");
            assertThat(metadata(live)).containsEntry("generation", 1L);
        });
    }

    @Test
    void applyingTheSameAgainChangesNothing() throws IOException {
        LiveObject first =
                open().apply(DEPLOYMENTS, CART, deployment("one"), LOCKSTEP).object();
        open().apply(DEPLOYMENTS, CART, replicas(3), REPLICAS);
        LiveObject before = open().get(DEPLOYMENTS, CART).orElseThrow();
        var written = Files.getLastModifiedTime(directory.resolve("objects/shop/Deployment.apps/cart.yaml"));

        open().apply(DEPLOYMENTS, CART, deployment("one"), LOCKSTEP);
        open().apply(DEPLOYMENTS, CART, replicas(3), REPLICAS);

        assertThat(open().get(DEPLOYMENTS, CART)).contains(before);
        assertThat(before.uid()).isEqualTo(first.uid());
        assertThat(Files.getLastModifiedTime(directory.resolve("objects/shop/Deployment.apps/cart.yaml")))
                .isEqualTo(written);
    }

    @Test
    void replicasStayWhereTheirOwnManagerHasSetThem() {
        open().apply(DEPLOYMENTS, CART, deployment("one"), LOCKSTEP);
        open().apply(DEPLOYMENTS, CART, replicas(5), REPLICAS);

        LiveObject live =
                open().apply(DEPLOYMENTS, CART, deployment("two"), LOCKSTEP).object();

        assertThat(live.tree().get("spec")).isEqualTo(Map.of("template", Map.of("image", "two"), "replicas", 5));
        assertThat(metadata(live)).containsEntry("generation", 3L);
        assertThat(metadata(live).get("managedFields").toString())
                .contains("manager=lockstep,")
                .contains("manager=lockstep-replicas,")
                .contains("f:replicas");
    }

    @Test
    void aFieldThatIsNoLongerAppliedGoesAndTheOthersStay() {
        Map<String, Object> more = deployment("one");
        more.put("spec", Map.of("template", Map.of("image", "one", "debug", true), "paused", Map.of("deep", 1)));
        open().apply(DEPLOYMENTS, CART, more, LOCKSTEP);

        LiveObject live =
                open().apply(DEPLOYMENTS, CART, deployment("one"), LOCKSTEP).object();

        assertThat(live.tree().get("spec")).isEqualTo(Map.of("template", Map.of("image", "one")));
    }

    @Test
    void aChangeByHandIsLiveAndTheNextApplyTakesItBack() throws IOException {
        open().apply(DEPLOYMENTS, CART, deployment("one"), LOCKSTEP);
        LiveObject before = open().get(DEPLOYMENTS, CART).orElseThrow();
        Path file = directory.resolve("objects/shop/Deployment.apps/cart.yaml");
        Files.writeString(file, Files.readString(file).replace("image: one", "image: other\n    more: true"));

        LiveObject changed = open().get(DEPLOYMENTS, CART).orElseThrow();
        assertThat(changed.tree().get("spec")).isEqualTo(Map.of("template", Map.of("image", "other", "more", true)));
        assertThat(changed.resourceVersion()).isNotEqualTo(before.resourceVersion());
        assertThat(changed.uid()).isEqualTo(before.uid());

        LiveObject after =
                open().apply(DEPLOYMENTS, CART, deployment("one"), LOCKSTEP).object();
        assertThat(after.tree().get("spec")).isEqualTo(Map.of("template", Map.of("image", "one", "more", true)));
    }

    @Test
    void aFieldOfAnotherManagerIsTakenOnlyByForce() {
        open().apply(DEPLOYMENTS, CART, deployment("one"), LOCKSTEP);
        open().apply(DEPLOYMENTS, CART, replicas(5), REPLICAS);
        Map<String, Object> greedy = deployment("one");
        greedy.put("spec", Map.of("template", Map.of("image", "one"), "replicas", 1));

        var failure =
                catchThrowableOfType(DeliveryException.class, () -> open().apply(DEPLOYMENTS, CART, greedy, LOCKSTEP));
        assertThat(failure.problem()).isEqualTo(Problem.FIELD_CONFLICT);
        assertThat(failure.why()).isEqualTo(".spec.replicas belongs to 'lockstep-replicas'");

        open().apply(DEPLOYMENTS, CART, greedy, new ApplyMode(Cluster.MANAGER, true, false));
        LiveObject live =
                open().apply(DEPLOYMENTS, CART, deployment("one"), LOCKSTEP).object();
        assertThat(live.tree().get("spec")).isEqualTo(Map.of("template", Map.of("image", "one")));
    }

    @Test
    void aDryRunTellsAndWritesNothing() {
        LiveObject would = open().apply(
                        DEPLOYMENTS, CART, deployment("one"), new ApplyMode(Cluster.MANAGER, false, true))
                .object();

        assertThat(would.tree().get("spec")).isEqualTo(Map.of("template", Map.of("image", "one")));
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void onlyTheIncarnationThatIsMeantIsDeleted() {
        String first = open().apply(DEPLOYMENTS, CART, deployment("one"), LOCKSTEP)
                .object()
                .uid();
        open().delete(DEPLOYMENTS, CART, "another");
        assertThat(open().get(DEPLOYMENTS, CART)).isPresent();

        open().delete(DEPLOYMENTS, CART, first);
        open().delete(DEPLOYMENTS, CART, first);
        assertThat(open().get(DEPLOYMENTS, CART)).isEmpty();

        String second = open().apply(DEPLOYMENTS, CART, deployment("one"), LOCKSTEP)
                .object()
                .uid();
        assertThat(second).isNotEqualTo(first);
        open().delete(DEPLOYMENTS, CART, first);
        assertThat(open().get(DEPLOYMENTS, CART)).isPresent();
    }

    @Test
    void listsAreOfOneNamespaceOrOfAllAndFollowTheSelector() {
        for (String namespace : List.of("shop", "other")) {
            for (String app : List.of("cart", "pay")) {
                var key = new ResourceKey("", "ConfigMap", namespace, app);
                open().apply(CONFIG_MAPS, key, configMap(key, Map.of("app", app)), LOCKSTEP);
            }
        }
        assertThat(open().list(CONFIG_MAPS, "shop", null)).hasSize(2);
        assertThat(open().list(CONFIG_MAPS, "", null)).hasSize(4);
        assertThat(open().list(CONFIG_MAPS, "nowhere", null)).isEmpty();
        assertThat(open().list(DEPLOYMENTS, "shop", null)).isEmpty();
        assertThat(open().list(CONFIG_MAPS, "", "app=cart")).hasSize(2);
        assertThat(open().list(CONFIG_MAPS, "", "app!=cart,app")).hasSize(2);
        assertThat(open().list(CONFIG_MAPS, "", "app in (cart, pay),!tier")).hasSize(4);
        assertThat(open().list(CONFIG_MAPS, "", "app notin (cart,pay)")).isEmpty();
    }

    @Test
    void kindsAreKnownByTheirDefinitionsOrTakenForNamespaced() {
        assertThat(open().served("apps/v1", "Deployment")).contains(DEPLOYMENTS);
        assertThat(open().served("networking.k8s.io/v1", "NetworkPolicy")
                        .orElseThrow()
                        .plural())
                .isEqualTo("networkpolicies");
        assertThat(open().served("networking.k8s.io/v1", "Ingress")
                        .orElseThrow()
                        .plural())
                .isEqualTo("ingresses");
        assertThat(open().served("example.com/v1", "Shelf").orElseThrow().namespaced())
                .isTrue();
        var definitions = new ServedKind(
                "apiextensions.k8s.io/v1", "CustomResourceDefinition", "customresourcedefinitions", false);
        var key = new ResourceKey("apiextensions.k8s.io", "CustomResourceDefinition", "", "shelves.example.com");
        var tree = new LinkedHashMap<String, Object>();
        tree.put("apiVersion", "apiextensions.k8s.io/v1");
        tree.put("kind", "CustomResourceDefinition");
        tree.put("metadata", Map.of("name", "shelves.example.com"));
        tree.put(
                "spec",
                Map.of(
                        "group",
                        "example.com",
                        "scope",
                        "Cluster",
                        "names",
                        Map.of("kind", "Shelf", "plural", "shelves")));
        open().apply(definitions, key, tree, LOCKSTEP);

        assertThat(open().served("example.com/v1", "Shelf"))
                .contains(new ServedKind("example.com/v1", "Shelf", "shelves", false));
        assertThat(directory.resolve("objects/_cluster/CustomResourceDefinition.apiextensions.k8s.io"))
                .isDirectoryContaining("glob:**/shelves.example.com.yaml");
    }

    @Test
    void aWatchTellsWhatIsThereAndNothingMore() {
        open().apply(DEPLOYMENTS, CART, deployment("one"), LOCKSTEP);
        var events = new ArrayList<WatchEvent>();

        open().watch(DEPLOYMENTS, "shop", null, "metadata.name=cart", events::add)
                .close();

        assertThat(events)
                .extracting(WatchEvent::type)
                .containsExactly(WatchEvent.Type.PRESENT, WatchEvent.Type.SYNCED);
    }

    @Test
    void noNameLeavesTheDirectory() {
        for (String name : List.of("..", ".", "", "a/b", "../../x", "nul\0", "a%2Fb")) {
            assertThat(refusal(new ResourceKey("", "ConfigMap", "shop", name)).problem())
                    .as(name)
                    .isEqualTo(Problem.CLUSTER_REJECTED);
        }
        for (String namespace : List.of("..", "a/b", "../../x", ".x")) {
            assertThat(refusal(new ResourceKey("", "ConfigMap", namespace, "cart"))
                            .problem())
                    .isEqualTo(Problem.BAD_INPUT);
        }
        assertThat(refusal(new ResourceKey("../../x", "ConfigMap", "shop", "cart"))
                        .problem())
                .isEqualTo(Problem.BAD_INPUT);
    }

    @Test
    void namesThatFileSystemsDoNotTakeAreKept() {
        for (String name : List.of("system:reader", "a".repeat(253), "A", "ä", ".dot", "con.aux")) {
            var key = new ResourceKey("", "ConfigMap", "shop", name);
            open().apply(CONFIG_MAPS, key, configMap(key, Map.of()), LOCKSTEP);
            assertThat(open().get(CONFIG_MAPS, key)).isPresent();
        }
        assertThat(open().list(CONFIG_MAPS, "shop", null)).hasSize(6);
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void onlyTheOwnerReadsSecrets() throws IOException {
        var key = new ResourceKey("", "Secret", "shop", "password");
        Map<String, Object> secret = configMap(key, Map.of());
        secret.put("stringData", Map.of("password", "correct-horse"));
        open().apply(SECRETS, key, secret, LOCKSTEP);

        try (var files = Files.walk(directory)) {
            for (Path file : files.filter(Files::isRegularFile)
                    .filter(file -> !file.toString().endsWith(".lock"))
                    .toList()) {
                assertThat(Files.getPosixFilePermissions(file))
                        .as(file.toString())
                        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
            }
        }
    }

    @Test
    void aFileThatIsNoObjectIsNamed() throws IOException {
        open().apply(DEPLOYMENTS, CART, deployment("one"), LOCKSTEP);
        Path file = directory.resolve("objects/shop/Deployment.apps/cart.yaml");
        Files.writeString(file, "a: [");

        var failure = catchThrowableOfType(DeliveryException.class, () -> open().get(DEPLOYMENTS, CART));

        assertThat(failure.where()).startsWith(file.toString());
    }

    @Test
    void manyWritersLoseNoField() throws Exception {
        List<Callable<Object>> writers = IntStream.range(0, 12)
                .<Callable<Object>>mapToObj(i -> () -> {
                    var set = new LinkedHashMap<String, Object>(identity());
                    set.put("spec", Map.of("field" + i, i));
                    return open().apply(DEPLOYMENTS, CART, set, new ApplyMode("manager-" + i, false, false));
                })
                .toList();
        var threads = Executors.newFixedThreadPool(12);
        try {
            for (var done : threads.invokeAll(writers)) {
                done.get();
            }
        } finally {
            threads.shutdownNow();
        }

        assertThat(open().get(DEPLOYMENTS, CART).orElseThrow().tree().get("spec"))
                .asInstanceOf(InstanceOfAssertFactories.MAP)
                .hasSize(12);
    }

    private DeliveryException refusal(ResourceKey key) {
        return catchThrowableOfType(
                DeliveryException.class, () -> open().apply(CONFIG_MAPS, key, configMap(key, Map.of()), LOCKSTEP));
    }

    private static Map<String, Object> metadata(LiveObject object) {
        var metadata = new LinkedHashMap<String, Object>();
        ((Map<?, ?>) object.tree().get("metadata")).forEach((key, value) -> metadata.put((String) key, value));
        return metadata;
    }

    private static Map<String, Object> identity() {
        var metadata = new LinkedHashMap<String, Object>();
        metadata.put("name", "cart");
        metadata.put("namespace", "shop");
        var tree = new LinkedHashMap<String, Object>();
        tree.put("apiVersion", "apps/v1");
        tree.put("kind", "Deployment");
        tree.put("metadata", metadata);
        return tree;
    }

    private static Map<String, Object> deployment(String image) {
        Map<String, Object> tree = identity();
        var metadata = new LinkedHashMap<String, Object>();
        metadata.put("name", "cart");
        metadata.put("namespace", "shop");
        metadata.put("labels", Map.of("app", "cart"));
        tree.put("metadata", metadata);
        tree.put("spec", Map.of("template", Map.of("image", image)));
        return tree;
    }

    private static Map<String, Object> replicas(int count) {
        Map<String, Object> tree = identity();
        tree.put("spec", Map.of("replicas", count));
        return tree;
    }

    private static Map<String, Object> configMap(ResourceKey key, Map<String, String> labels) {
        var tree = new LinkedHashMap<String, Object>();
        tree.put("apiVersion", "v1");
        tree.put("kind", key.kind());
        tree.put("metadata", Map.of("name", key.name(), "namespace", key.namespace(), "labels", labels));
        return tree;
    }
}
