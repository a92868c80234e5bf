package io.jenkins.plugins.lockstep.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.lockstep.ClusterTest;
import io.jenkins.plugins.lockstep.TestBed;
import io.jenkins.plugins.lockstep.WatchedRegistry;
import io.jenkins.plugins.lockstep.common.Progress;
import io.jenkins.plugins.lockstep.common.document.Tree;
import io.jenkins.plugins.lockstep.delivery.CollectionResult.Decision;
import io.jenkins.plugins.lockstep.delivery.CollectionResult.Sort;
import io.jenkins.plugins.lockstep.deploy.Cluster;
import io.jenkins.plugins.lockstep.deploy.LiveObject;
import io.jenkins.plugins.lockstep.deploy.ServedKind;
import io.jenkins.plugins.lockstep.history.Ledger;
import io.jenkins.plugins.lockstep.history.Release;
import io.jenkins.plugins.lockstep.image.RegistryLogins;
import io.jenkins.plugins.lockstep.image.jib.RegistryAccess;
import io.jenkins.plugins.lockstep.image.jib.RegistryImageStore;
import io.jenkins.plugins.lockstep.kube.KubeCluster;
import io.jenkins.plugins.lockstep.kube.KubeClusters;
import io.jenkins.plugins.lockstep.kube.KubeTarget;
import io.jenkins.plugins.lockstep.manifest.RenderedObject;
import io.jenkins.plugins.lockstep.manifest.ResourceKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The way back on a real cluster and a real registry, with workloads of no pods. Later is a clock that runs ahead. */
@ClusterTest(pods = true)
@Timeout(value = 20, unit = TimeUnit.MINUTES)
class KeptClusterTest {

    private static final Actor ACTOR = new Actor("jane", null);
    private static final long POLL_MILLIS = 100;
    private static final long SECOND_MILLIS = 1_001;

    @TempDir
    Path temporary;

    private final List<String> revisions = new ArrayList<>();
    private StoryNamespace namespace;
    private KubeCluster cluster;
    private Map<String, String> environment;
    private SampleProject project;
    private Delivery delivery;

    @BeforeEach
    void start() throws InterruptedException {
        namespace = StoryNamespace.make();
        cluster = new KubeClusters(Map.of()).open(new KubeTarget(TestBed.kubeconfig(), null, namespace.name()));
        environment = Map.of("HOME", temporary.resolve("home").toString());
        delivery = new DeliveryFactory(environment).delivery();
    }

    @AfterEach
    void end() {
        cluster.close();
        namespace.close();
    }

    @Test
    void afterTwoHundredReleasesTheSecondComesBackFieldByField() throws Exception {
        project(namespace.imageRepository());
        release();
        Release second = release().release();
        Map<String, Map<String, Object>> live = objects();
        Map<String, Object> owned = owned();
        List<RenderedObject> recorded = ledger().objects(2);
        Object configuration = data(second.configMaps().get(0));
        for (int i = 3; i <= 200; i++) {
            release();
        }
        assertThat(objects()).isNotEqualTo(live);
        // A Service that all share, and what differs: one chunk for each release, and no more.
        assertThat(ledger().chunks(false)).hasSize(200);

        DeployResult back = rollback("#2");

        assertThat(back.problem()).as("%s", back.verdict()).isEmpty();
        Release release = back.release();
        assertThat(release.number()).isEqualTo(201);
        assertThat(release.rollbackOf()).isEqualTo(2);
        assertThat(release.seal()).isEqualTo(second.seal());
        assertThat(release.images()).isEqualTo(second.images());
        assertThat(release.configMaps()).isEqualTo(second.configMaps());
        assertThat(data(second.configMaps().get(0))).isEqualTo(configuration);
        assertThat(ledger().objects(201)).isEqualTo(recorded);
        assertThat(ledger().chunks(false)).as("nothing is stored again").hasSize(200);
        assertThat(objects()).isEqualTo(live);
        assertThat(owned()).isEqualTo(owned);
        assertThat(delivery.history(project.location(), "staging", namespace.target())
                        .releases())
                .hasSize(201);
    }

    @Test
    void aCheckSaysOfEachTargetWhatIsInTheWay() throws Exception {
        String group = namespace.name() + ".example.com";
        try (var registry = new WatchedRegistry(TestBed.registry())) {
            project(registry.name() + "/" + namespace.name() + "/cart");
            release();
            define(group);
            project.repository()
                    .write(
                            "deploy/basket.yaml",
                            """
                    apiVersion: %s/v1
                    kind: Basket
                    metadata: { name: one }
                    """
                                    .formatted(group));
            release();
            namespace.create("v1", "ConfigMap", "outside", Map.of("data", Map.of("key", "value")));
            project.repository()
                    .delete("deploy/basket.yaml")
                    .write(
                            "deploy/cart.yaml",
                            deployment()
                                    .replace(
                                            "image: lockstep",
                                            "image: lockstep\n          envFrom: [{ configMapRef: { name: outside } }]"));
            release();
            project.repository().write("deploy/cart.yaml", deployment());
            Release withoutImage = release().release();
            release();
            ReadinessResult before = check("previous", false, namespace.target());
            assertThat(before.targets()).hasSize(4).allMatch(ReadinessResult.Target::isReady);
            assertThat(before.current().number()).isEqualTo(5);

            undefine(group);
            delete("v1", "ConfigMap", "outside");
            store().delete(store().find(withoutImage.images().get(0).reference())
                    .orElseThrow());
            var objects = objects();
            registry.forget();
            ReadinessResult after = check("previous", false, namespace.target());

            assertThat(registry.requests())
                    .as("one for each distinct digest")
                    .hasSize(4)
                    .allMatch(request -> request.contains("/manifests/sha256:"))
                    .doesNotHaveDuplicates();
            var reasons = new TreeMap<Integer, List<String>>();
            after.targets().forEach(target -> reasons.put(target.release().number(), target.reasons()));
            assertThat(reasons.get(1)).isEmpty();
            assertThat(reasons.get(2)).containsExactly("Basket of " + group + "/v1 is no longer served");
            assertThat(reasons.get(3)).containsExactly("configmap/outside is missing, and its pods need it");
            assertThat(reasons.get(4)).singleElement().asString().startsWith("the image is gone: ");
            assertThat(check("#4", true, namespace.target()).isReady()).isFalse();
            assertThat(check("#1", true, namespace.target()).isReady()).isTrue();

            ReadinessResult reader = check("#1", true, asReader());
            assertThat(reader.targets().get(0).reasons())
                    .contains(
                            "you may not patch deployments.apps in namespace " + namespace.name(),
                            "you may not create services in namespace " + namespace.name())
                    .allMatch(reason -> reason.startsWith("you may not "));
            assertThat(objects()).as("a check changes nothing").isEqualTo(objects);
        }
    }

    @Test
    void whatReplicaSetsReferToIsKeptInTheClusterAndInTheRegistry() throws Exception {
        project(namespace.imageRepository());
        project.repository()
                .write("lockstep.yaml", project.file() + "keep: { releases: 1, days: 1 }\n")
                .write(
                        "deploy/cart.yaml",
                        deployment().replace("  replicas: 0", "  replicas: 0\n  revisionHistoryLimit: 1"));
        for (int i = 0; i < 4; i++) {
            release();
            // Kubernetes removes old ReplicaSets by age in whole seconds, and those of one second by their names.
            Thread.sleep(SECOND_MILLIS);
        }
        while (namespace.list("apps/v1", "ReplicaSet").size() > 2) {
            Thread.sleep(POLL_MILLIS);
        }
        List<String> maps =
                history().stream().map(one -> one.configMaps().get(0)).toList();
        List<RenderedObject> third = ledger().objects(3);
        List<RenderedObject> fourth = ledger().objects(4);
        List<RenderedObject> first = ledger().objects(1);
        project.repository().write("app/page.txt", "not yet\n").commit("not released");
        var unreleased = delivery.build(project.location(), namespace.target(), Progress.NONE);

        assertThat(collect(delivery, false, false).decisions())
                .as("nothing is older than 24 hours")
                .allMatch(Decision::kept);
        CollectionResult dry = collect(later(), true, true);
        assertThat(ledger().objects(1)).isEqualTo(first);
        CollectionResult done = collect(later(), false, true);

        assertThat(done.decisions()).isEqualTo(dry.decisions());
        assertThat(reasons(done, Sort.PAYLOAD))
                .containsEntry("#4", "it runs")
                .containsEntry("#3", "a pod or a workload refers to it")
                .containsEntry("#2", null)
                .containsEntry("#1", null);
        assertThat(reasons(done, Sort.CONFIGMAP))
                .containsEntry(maps.get(0), "release #4 has it")
                .containsEntry(maps.get(1), "release #3 has it")
                .containsEntry(maps.get(2), null)
                .containsEntry(maps.get(3), null);
        assertThat(configMaps()).containsExactlyInAnyOrder(maps.get(0), maps.get(1));
        assertThat(ledger().objects(3)).isEqualTo(third);
        assertThat(ledger().objects(4)).isEqualTo(fourth);
        assertThat(ledger().chunks(false)).hasSize(3);

        // All images are kept: of what one can go back to, and of what nobody released yet.
        assertThat(done.count(Sort.IMAGE, true)).isEqualTo(5);
        assertThat(done.count(Sort.IMAGE, false)).isZero();
        CollectionResult more = later().collect(collection(null, false, true, true), Progress.NONE);
        assertThat(more.count(Sort.IMAGE, false)).isEqualTo(1);
        assertThat(store().find(unreleased.images().get(0).stored().reference()))
                .isEmpty();
        for (Release release : history()) {
            assertThat(store().find(release.images().get(0).reference())).isPresent();
        }

        // And the first comes back, rendered again from its commit.
        DeployResult back = rollback("#1");
        assertThat(back.problem()).as("%s", back.verdict()).isEmpty();
        assertThat(ledger().objects(back.release().number())).isEqualTo(first);
        assertThat(configMaps()).contains(maps.get(3));
    }

    private void project(String imageRepository) {
        project = SampleProject.in(temporary.resolve("cart"), imageRepository, TestBed.base());
        project.repository().write("deploy/cart.yaml", deployment());
    }

    private static String deployment() {
        return SampleProject.deployment(0);
    }

    private DeployResult release() throws InterruptedException {
        String text = "number " + (revisions.size() + 1) + "\n";
        revisions.add(project.repository()
                .write("app/page.txt", text)
                .write("config/staging/audience.txt", text)
                .commit("number " + (revisions.size() + 1)));
        DeployResult result = delivery.release(
                new DeployRequest(project.location(), "staging", namespace.target(), RolloutSettings.DEFAULT, ACTOR),
                Progress.NONE);
        assertThat(result.problem()).as("%s", result.verdict()).isEmpty();
        return result;
    }

    private DeployResult rollback(String to) throws InterruptedException {
        return delivery.rollback(request(to, namespace.target()), Progress.NONE);
    }

    private ReadinessResult check(String to, boolean only, Target target) {
        return delivery.rollbackReadiness(request(to, target), only, 20);
    }

    private RollbackRequest request(String to, Target target) {
        return new RollbackRequest(project.location(), "staging", to, target, RolloutSettings.DEFAULT, ACTOR);
    }

    private Delivery later() {
        return new DeliveryFactory(
                        environment,
                        RegistryLogins.NONE,
                        Set.of(),
                        Clock.offset(Clock.systemUTC(), Duration.ofDays(200)))
                .delivery();
    }

    private CollectionResult collect(Delivery when, boolean dryRun, boolean registry) throws InterruptedException {
        return when.collect(collection(registry ? null : "staging", dryRun, registry, false), Progress.NONE);
    }

    private CollectionRequest collection(String where, boolean dryRun, boolean registry, boolean unreleased) {
        return new CollectionRequest(
                project.location(),
                where,
                namespace.target(),
                dryRun,
                registry,
                unreleased,
                Duration.ofMinutes(1),
                ACTOR);
    }

    /** Why each thing is kept, null where it is not. */
    private static Map<String, String> reasons(CollectionResult result, Sort sort) {
        var reasons = new TreeMap<String, String>();
        result.decisions().stream()
                .filter(decision -> decision.sort() == sort)
                .forEach(decision -> reasons.put(decision.name(), decision.kept() ? decision.reason() : null));
        return reasons;
    }

    private Ledger ledger() {
        return cluster.ledger(namespace.name(), "cart", "staging");
    }

    private List<Release> history() {
        return delivery.history(project.location(), "staging", namespace.target())
                .releases();
    }

    private RegistryImageStore store() {
        return new RegistryImageStore(
                new RegistryAccess(Map.of(), RegistryLogins.NONE, temporary.resolve("cache"), Set.of()));
    }

    private Object data(String configMap) {
        return Tree.at(namespace.get("v1", "ConfigMap", configMap).tree(), "data");
    }

    private Set<String> configMaps() {
        var names = new TreeSet<String>();
        namespace.list("v1", "ConfigMap").stream()
                .map(map -> map.key().name())
                .filter(name -> name.startsWith("cart-config-"))
                .forEach(names::add);
        return names;
    }

    private Map<String, Map<String, Object>> objects() {
        var objects = new TreeMap<String, Map<String, Object>>();
        mutable().forEach(live -> objects.put(live.key().toString(), StoryNamespace.written(live)));
        return objects;
    }

    private Map<String, Object> owned() {
        var owned = new TreeMap<String, Object>();
        mutable().forEach(live -> owned.put(live.key().toString(), StoryNamespace.owned(live)));
        return owned;
    }

    private List<LiveObject> mutable() {
        return List.of(namespace.get("apps/v1", "Deployment", "cart"), namespace.get("v1", "Service", "cart"));
    }

    private void delete(String apiVersion, String kind, String name) {
        LiveObject live = namespace.get(apiVersion, kind, name);
        cluster.delete(cluster.served(apiVersion, kind).orElseThrow(), live.key(), live.uid());
    }

    private void define(String group) throws InterruptedException {
        var names = Map.of("kind", "Basket", "plural", "baskets", "singular", "basket", "listKind", "BasketList");
        var schema = Map.of("openAPIV3Schema", Map.of("type", "object", "x-kubernetes-preserve-unknown-fields", true));
        var version = Map.of("name", "v1", "served", true, "storage", true, "schema", schema);
        cluster.apply(
                definitions(),
                definition(group),
                Map.of(
                        "apiVersion",
                        "apiextensions.k8s.io/v1",
                        "kind",
                        "CustomResourceDefinition",
                        "metadata",
                        Map.of("name", "baskets." + group),
                        "spec",
                        Map.of("group", group, "scope", "Namespaced", "names", names, "versions", List.of(version))),
                new Cluster.ApplyMode("somebody", false, false));
        while (cluster.served(group + "/v1", "Basket").isEmpty()) {
            Thread.sleep(POLL_MILLIS);
        }
    }

    private void undefine(String group) throws InterruptedException {
        LiveObject live = cluster.get(definitions(), definition(group)).orElseThrow();
        cluster.delete(definitions(), live.key(), live.uid());
        while (new KubeClusters(Map.of())
                .open(new KubeTarget(TestBed.kubeconfig(), null, null))
                .served(group + "/v1", "Basket")
                .isPresent()) {
            Thread.sleep(POLL_MILLIS);
        }
    }

    private ServedKind definitions() {
        return cluster.served("apiextensions.k8s.io/v1", "CustomResourceDefinition")
                .orElseThrow();
    }

    private static ResourceKey definition(String group) {
        return new ResourceKey("apiextensions.k8s.io", "CustomResourceDefinition", "", "baskets." + group);
    }

    /** Somebody who may read everything in the namespace, and change nothing. */
    private Target asReader() throws IOException {
        namespace.create(
                "rbac.authorization.k8s.io/v1",
                "Role",
                "reader",
                Map.of(
                        "rules",
                        List.of(Map.of(
                                "apiGroups", List.of("*"),
                                "resources", List.of("*"),
                                "verbs", List.of("get", "list")))));
        String user = "reader-of-" + namespace.name();
        namespace.create(
                "rbac.authorization.k8s.io/v1",
                "RoleBinding",
                "reader",
                Map.of(
                        "roleRef",
                        Map.of("apiGroup", "rbac.authorization.k8s.io", "kind", "Role", "name", "reader"),
                        "subjects",
                        List.of(Map.of("apiGroup", "rbac.authorization.k8s.io", "kind", "User", "name", user))));
        // Groups are named so that nobody lends this user more.
        String kubeconfig = Files.readString(TestBed.kubeconfig())
                .replaceFirst("(?m)^  user:$", "  user:\n    as: " + user + "\n    as-groups: [system:authenticated]");
        Path file = Files.writeString(temporary.resolve("reader.kubeconfig"), kubeconfig);
        return new Target.Kubernetes(file, null, namespace.name());
    }
}
