package io.jenkins.plugins.lockstep.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.jenkins.plugins.lockstep.ClusterTest;
import io.jenkins.plugins.lockstep.TestBed;
import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.common.document.Tree;
import io.jenkins.plugins.lockstep.deploy.Cluster;
import io.jenkins.plugins.lockstep.deploy.Cluster.ApplyMode;
import io.jenkins.plugins.lockstep.deploy.LiveObject;
import io.jenkins.plugins.lockstep.deploy.ServedKind;
import io.jenkins.plugins.lockstep.manifest.ResourceKey;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

@ClusterTest
class KubeClusterTest {

    private static final ApplyMode APPLY = new ApplyMode(Cluster.MANAGER, false, false);
    private static final ServedKind CONFIG_MAPS = KubeClient.CONFIG_MAPS;

    private static RealCluster real;
    private static KubeCluster cluster;

    @BeforeAll
    static void open() {
        real = new RealCluster();
        cluster = real.cluster;
    }

    @AfterAll
    static void close() {
        real.close();
    }

    @Test
    void anAppliedObjectIsThereAndASecondApplyChangesIt() {
        var key = real.key("ConfigMap", "applied");

        var created = cluster.apply(CONFIG_MAPS, key, real.configMap("applied", "one"), APPLY)
                .object();
        var changed = cluster.apply(CONFIG_MAPS, key, real.configMap("applied", "two"), APPLY)
                .object();

        assertThat(created.key()).isEqualTo(key);
        assertThat(changed.uid()).isEqualTo(created.uid()).isNotEmpty();
        LiveObject live = cluster.get(CONFIG_MAPS, key).orElseThrow();
        assertThat(Tree.text(live.tree(), "data", "key")).isEqualTo("two");
        assertThat(live.resourceVersion()).isEqualTo(changed.resourceVersion());
    }

    @Test
    void aDryRunAnswersAsIfButChangesNothing() {
        var key = real.key("ConfigMap", "dry");

        var tried = cluster.apply(
                CONFIG_MAPS, key, real.configMap("dry", "one"), new ApplyMode(Cluster.MANAGER, false, true));

        assertThat(Tree.text(tried.object().tree(), "data", "key")).isEqualTo("one");
        assertThat(cluster.get(CONFIG_MAPS, key)).isEmpty();
    }

    @Test
    void aConflictNamesFieldAndOwnerAndForceTakesTheField() {
        var key = real.key("ConfigMap", "contested");
        cluster.apply(
                CONFIG_MAPS, key, real.configMap("contested", "theirs"), new ApplyMode("someone-else", false, false));

        var failure = failureOf(() -> cluster.apply(CONFIG_MAPS, key, real.configMap("contested", "ours"), APPLY));

        assertThat(failure.problem()).isEqualTo(Problem.FIELD_CONFLICT);
        assertThat(failure.what()).contains("configmap/contested");
        assertThat(failure.why()).isEqualTo(".data.key belongs to 'someone-else'");
        assertThat(failure.hint()).contains("--take-ownership");
        var taken = cluster.apply(
                CONFIG_MAPS, key, real.configMap("contested", "ours"), new ApplyMode(Cluster.MANAGER, true, false));
        assertThat(Tree.text(taken.object().tree(), "data", "key")).isEqualTo("ours");
    }

    @Test
    void fieldsAreAssignedOnlyWhereNobodyHasChangedTheObjectMeanwhile() {
        var key = real.key("ConfigMap", "assigned");
        LiveObject first = cluster.apply(
                        CONFIG_MAPS, key, real.configMap("assigned", "one"), new ApplyMode("theirs", false, false))
                .object();
        LiveObject second = cluster.apply(
                        CONFIG_MAPS, key, real.configMap("assigned", "two"), new ApplyMode("theirs", false, false))
                .object();
        Map<String, Object> entry = new LinkedHashMap<>(
                Tree.map(Tree.list(second.tree(), "metadata", "managedFields").get(0)));
        entry.put("manager", Cluster.MANAGER);

        assertThat(cluster.assignFields(CONFIG_MAPS, first, List.of(entry))).isEmpty();
        assertThat(cluster.assignFields(CONFIG_MAPS, second, List.of(entry))).isPresent();

        LiveObject live = cluster.get(CONFIG_MAPS, key).orElseThrow();
        assertThat(Tree.text(live.tree(), "data", "key")).isEqualTo("two");
        assertThat(Tree.list(live.tree(), "metadata", "managedFields"))
                .extracting(managed -> Tree.text(managed, "manager"))
                .containsExactly(Cluster.MANAGER);
    }

    @Test
    void anInvalidObjectIsRejectedWithItsFieldPaths() {
        var broken = real.deployment("broken", -1);

        var failure = failureOf(
                () -> cluster.apply(RealCluster.DEPLOYMENTS, real.key("Deployment", "broken"), broken, APPLY));

        assertThat(failure.problem()).isEqualTo(Problem.CLUSTER_REJECTED);
        assertThat(failure.what()).isEqualTo("can't apply deployment/broken");
        assertThat(failure.why()).contains("spec.replicas: Invalid value: -1");
    }

    @Test
    void anUnknownFieldIsRejectedAtOnceThoughOldServersBlameThemselves() {
        var object = new LinkedHashMap<>(real.deployment("typo", 1));
        object.put("sepc", Map.of());

        var failure =
                failureOf(() -> cluster.apply(RealCluster.DEPLOYMENTS, real.key("Deployment", "typo"), object, APPLY));

        assertThat(failure.problem()).isEqualTo(Problem.CLUSTER_REJECTED);
        assertThat(failure.why()).contains("sepc");
    }

    @Test
    void aChangedImmutableFieldSaysWhatToDo() {
        var key = real.key("Deployment", "selected");
        cluster.apply(RealCluster.DEPLOYMENTS, key, real.deployment("selected", 0), APPLY);
        var other = new LinkedHashMap<>(real.deployment("other", 0));
        other.put("metadata", Map.of("name", "selected", "namespace", real.namespace));

        var failure = failureOf(() -> cluster.apply(RealCluster.DEPLOYMENTS, key, other, APPLY));

        assertThat(failure.problem()).isEqualTo(Problem.CLUSTER_REJECTED);
        assertThat(failure.why()).contains("spec.selector").contains("immutable");
        assertThat(failure.hint()).contains("delete the object first");
    }

    @Test
    void aRejectedSecretIsNotQuoted() {
        var object = RealCluster.tree(
                "v1", "Secret", real.namespace, "quoted", Map.of("data", Map.of("password", List.of("hunter2"))));
        var bad = RealCluster.tree(
                "v1", "Secret", real.namespace, "quoted", Map.of("stringData", Map.of("not a key!", "hunter2")));

        for (var secret : List.of(object, bad)) {
            var failure =
                    failureOf(() -> cluster.apply(KubeClient.SECRETS, real.key("Secret", "quoted"), secret, APPLY));
            assertThat(failure.problem()).isEqualTo(Problem.CLUSTER_REJECTED);
            assertThat(failure.getMessage() + failure.hint())
                    .contains("secret/quoted")
                    .doesNotContain("hunter2");
        }
    }

    @Test
    void aMissingNamespaceIsNamedWithTheCommandThatMakesIt() {
        var object = RealCluster.tree("v1", "ConfigMap", "no-such-place", "lost", Map.of());

        var failure = failureOf(() ->
                cluster.apply(CONFIG_MAPS, new ResourceKey("", "ConfigMap", "no-such-place", "lost"), object, APPLY));

        assertThat(failure.problem()).isEqualTo(Problem.CLUSTER_REJECTED);
        assertThat(failure.what()).isEqualTo("there is no namespace no-such-place");
        assertThat(failure.hint()).isEqualTo("create it: kubectl create namespace no-such-place");
        assertThat(cluster.hasNamespace("no-such-place")).isFalse();
        assertThat(cluster.hasNamespace(real.namespace)).isTrue();
    }

    @Test
    void aListLeavesTheLedgerOut() {
        cluster.apply(CONFIG_MAPS, real.key("ConfigMap", "listed"), labelled("listed", Map.of("part", "list")), APPLY);
        cluster.apply(
                CONFIG_MAPS,
                real.key("ConfigMap", "entry"),
                labelled("entry", Map.of("part", "list", KubeCluster.LEDGER_LABEL, "release")),
                APPLY);

        assertThat(cluster.list(CONFIG_MAPS, real.namespace, "part=list"))
                .singleElement()
                .satisfies(object -> {
                    assertThat(object.key()).isEqualTo(real.key("ConfigMap", "listed"));
                    assertThat(object.tree()).containsEntry("kind", "ConfigMap").containsEntry("apiVersion", "v1");
                });
        assertThat(cluster.list(CONFIG_MAPS, real.namespace, null))
                .noneMatch(object -> object.key().name().equals("entry"));
    }

    @Test
    void aListOfMoreThanOnePageIsComplete() {
        IntStream.range(0, 501)
                .parallel()
                .forEach(number -> real.client.create(
                        CONFIG_MAPS, real.namespace, labelled("page-" + number, Map.of("part", "pages"))));

        assertThat(cluster.list(CONFIG_MAPS, real.namespace, "part=pages"))
                .hasSize(501)
                .doesNotHaveDuplicates();
    }

    @Test
    void aListOfMetadataHasNothingElse() {
        real.client.create(CONFIG_MAPS, real.namespace, real.configMap("bare", "large"));

        var items = real.client
                .list(CONFIG_MAPS, real.namespace, null, "metadata.name=bare", true)
                .items();

        assertThat(items).singleElement().satisfies(item -> {
            assertThat(Tree.text(item, "metadata", "name")).isEqualTo("bare");
            assertThat(item).doesNotContainKey("data");
        });
    }

    @Test
    void aCreationLosesAgainstAnEarlierOneAndAnUpdateAgainstALaterOne() {
        var first = real.client
                .create(CONFIG_MAPS, real.namespace, real.configMap("swap", "first"))
                .orElseThrow();

        assertThat(real.client.create(CONFIG_MAPS, real.namespace, real.configMap("swap", "second")))
                .isEmpty();
        var next = new LinkedHashMap<>(first);
        next.put("data", Map.of("key", "third"));
        assertThat(real.client.update(CONFIG_MAPS, real.namespace, next)).isPresent();
        assertThat(real.client.update(CONFIG_MAPS, real.namespace, next)).isEmpty();
    }

    @Test
    void onlyTheRightIncarnationIsDeleted() {
        var key = real.key("ConfigMap", "doomed");
        var live = cluster.apply(CONFIG_MAPS, key, real.configMap("doomed", "x"), APPLY)
                .object();

        cluster.delete(CONFIG_MAPS, key, "11111111-2222-3333-4444-555555555555");
        assertThat(cluster.get(CONFIG_MAPS, key)).isPresent();
        cluster.delete(CONFIG_MAPS, key, live.uid());
        assertThat(cluster.get(CONFIG_MAPS, key)).isEmpty();
        cluster.delete(CONFIG_MAPS, key, live.uid());
    }

    @Test
    void kindsAreDiscoveredAlsoThoseThatComeLater() throws Exception {
        String group = real.namespace + ".example.com";
        assertThat(cluster.served("v1", "ConfigMap")).contains(CONFIG_MAPS);
        assertThat(cluster.served("apps/v1", "Deployment")).contains(RealCluster.DEPLOYMENTS);
        assertThat(cluster.served("apps/v1", "Deploymint")).isEmpty();
        assertThat(cluster.served("apps/v1beta9", "Deployment")).isEmpty();
        assertThat(cluster.served(group + "/v1", "Gadget")).isEmpty();

        var definitions = cluster.served("apiextensions.k8s.io/v1", "CustomResourceDefinition")
                .orElseThrow();
        var definitionKey = new ResourceKey("apiextensions.k8s.io", definitions.kind(), "", "gadgets." + group);
        var definition =
                cluster.apply(definitions, definitionKey, gadgets(group), APPLY).object();
        try {
            var gadgets = cluster.served(group + "/v1", "Gadget");
            while (gadgets.isEmpty()) {
                TimeUnit.MILLISECONDS.sleep(50);
                gadgets = cluster.served(group + "/v1", "Gadget");
            }
            assertThat(gadgets).contains(new ServedKind(group + "/v1", "Gadget", "gadgets", true));
            var key = new ResourceKey(group, "Gadget", real.namespace, "one");
            var gadget =
                    RealCluster.tree(group + "/v1", "Gadget", real.namespace, "one", Map.of("spec", Map.of("size", 3)));
            cluster.apply(gadgets.get(), key, gadget, APPLY);
            assertThat(cluster.list(gadgets.get(), real.namespace, null))
                    .extracting(LiveObject::key)
                    .containsExactly(key);
        } finally {
            cluster.delete(definitions, definitionKey, definition.uid());
        }
    }

    @Test
    void aKindThatIsNotServedIsSaidToBe() {
        var kind = new ServedKind("apps/v1beta9", "Deployment", "deployments", true);

        var failure = failureOf(
                () -> cluster.apply(kind, real.key("Deployment", "future"), real.deployment("future", 1), APPLY));

        assertThat(failure.problem()).isEqualTo(Problem.CLUSTER_REJECTED);
        assertThat(failure.why()).startsWith("the cluster does not serve /apis/apps/v1beta9");
    }

    @Test
    void whoMayNotIsNamedWithTheRightThatIsMissing() throws Exception {
        String user = "system:serviceaccount:" + real.namespace + ":powerless";
        real.client.create(
                new ServedKind("v1", "ServiceAccount", "serviceaccounts", true),
                real.namespace,
                RealCluster.tree("v1", "ServiceAccount", real.namespace, "powerless", Map.of()));
        String token = serviceAccountToken("powerless");
        try (var powerless = new KubeCluster(new KubeClient(
                new KubeClusters(Map.of())
                        .connect(
                                new KubeEndpoint("test", cluster.location(), authority(), () -> token, real.namespace)),
                RealCluster.QUICK))) {
            var failure = failureOf(() -> powerless.apply(
                    RealCluster.DEPLOYMENTS,
                    real.key("Deployment", "not-mine"),
                    real.deployment("not-mine", 1),
                    APPLY));

            assertThat(failure.problem()).isEqualTo(Problem.CLUSTER_FORBIDDEN);
            assertThat(failure.what())
                    .isEqualTo("'" + user + "' may not patch deployments.apps in namespace " + real.namespace);
            assertThat(failure.why()).isEqualTo("needed to apply deployment/not-mine");
            assertThat(failure.hint()).contains("kubectl auth can-i patch deployments.apps -n " + real.namespace);
            assertThat(powerless.hasNamespace(real.namespace)).isTrue();
            assertThat(powerless.defaultNamespace()).isEqualTo(real.namespace);
        }
    }

    @Test
    void aWrongTokenIsSaidToBeWrong() {
        try (var stranger = new KubeCluster(new KubeClient(
                new KubeClusters(Map.of())
                        .connect(new KubeEndpoint("test", cluster.location(), authority(), () -> "wrong", "default")),
                RealCluster.QUICK))) {
            var failure = failureOf(() -> stranger.hasNamespace("default"));

            assertThat(failure.problem()).isEqualTo(Problem.CLUSTER_FORBIDDEN);
            assertThat(failure.what()).isEqualTo("the cluster does not accept the credentials");
            assertThat(failure.getMessage() + failure.hint()).doesNotContain("wrong");
        }
    }

    @Test
    void aServerThatNobodyTrustsIsSaidToBeSo() {
        try (var distrusting = new KubeCluster(new KubeClient(
                new KubeClusters(Map.of())
                        .connect(new KubeEndpoint("test", cluster.location(), null, () -> "any", "default")),
                RealCluster.QUICK))) {
            var failure = failureOf(() -> distrusting.hasNamespace("default"));

            assertThat(failure.problem()).isEqualTo(Problem.CLUSTER_UNAVAILABLE);
            assertThat(failure.where()).isEqualTo(cluster.location());
            assertThat(failure.why()).contains("certificate authority");
        }
    }

    @Test
    @ClusterTest(pods = true)
    void theLastLinesOfACrashedContainerCanBeRead() throws Exception {
        var container = Map.of(
                "name",
                "main",
                "image",
                TestBed.registry() + "/testbed/busybox:1",
                "command",
                List.of("sh", "-c", "echo one; echo two; echo three; exit 7"));
        var pod = RealCluster.tree(
                "v1",
                "Pod",
                real.namespace,
                "crash",
                Map.of("spec", Map.of("containers", List.of(container), "restartPolicy", "OnFailure")));
        real.client.create(KubeClient.PODS, real.namespace, pod);

        List<String> lines = List.of();
        while (lines.isEmpty()) {
            TimeUnit.MILLISECONDS.sleep(200);
            lines = cluster.logTail(real.namespace, "crash", "main", true, 2);
        }

        assertThat(lines).containsExactly("two", "three");
        assertThat(cluster.logTail(real.namespace, "crash", "no-such", false, 2))
                .isEmpty();
        assertThat(cluster.logTail(real.namespace, "no-such", "main", false, 2)).isEmpty();
    }

    /** A Secret that the cluster fills in: every version has that, before and after it made them by itself. */
    private static String serviceAccountToken(String account) throws InterruptedException {
        var metadata =
                Map.of("name", account + "-key", "annotations", Map.of("kubernetes.io/service-account.name", account));
        real.client.create(
                KubeClient.SECRETS,
                real.namespace,
                Map.of(
                        "apiVersion", "v1",
                        "kind", "Secret",
                        "metadata", metadata,
                        "type", "kubernetes.io/service-account-token"));
        String token = "";
        while (token.isEmpty()) {
            TimeUnit.MILLISECONDS.sleep(50);
            token = Tree.text(
                    real.client
                            .get(KubeClient.SECRETS, real.namespace, account + "-key")
                            .orElseThrow(),
                    "data",
                    "token");
        }
        return new String(Base64.getDecoder().decode(token), StandardCharsets.UTF_8);
    }

    private static String authority() {
        return Objects.requireNonNull(Kubeconfig.read(List.of(TestBed.kubeconfig()))
                .context(null)
                .cluster()
                .pem("certificate-authority"));
    }

    private static Map<String, Object> labelled(String name, Map<String, String> labels) {
        return RealCluster.tree(
                "v1",
                "ConfigMap",
                "",
                name,
                Map.of("metadata", Map.of("name", name, "namespace", real.namespace, "labels", labels)));
    }

    private static Map<String, Object> gadgets(String group) {
        var schema = Map.of(
                "type",
                "object",
                "properties",
                Map.of("spec", Map.of("type", "object", "properties", Map.of("size", Map.of("type", "integer")))));
        return RealCluster.tree(
                "apiextensions.k8s.io/v1",
                "CustomResourceDefinition",
                "",
                "gadgets." + group,
                Map.of(
                        "spec",
                        Map.of(
                                "group",
                                group,
                                "scope",
                                "Namespaced",
                                "names",
                                Map.of("plural", "gadgets", "singular", "gadget", "kind", "Gadget"),
                                "versions",
                                List.of(Map.of(
                                        "name",
                                        "v1",
                                        "served",
                                        true,
                                        "storage",
                                        true,
                                        "schema",
                                        Map.of("openAPIV3Schema", schema))))));
    }

    private static DeliveryException failureOf(ThrowingCallable call) {
        return catchThrowableOfType(DeliveryException.class, call);
    }
}
