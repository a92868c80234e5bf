package io.jenkins.plugins.lockstep.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.jenkins.plugins.lockstep.ClusterTest;
import io.jenkins.plugins.lockstep.TestBed;
import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.common.document.Tree;
import io.jenkins.plugins.lockstep.deploy.Cluster;
import io.jenkins.plugins.lockstep.deploy.LiveObject;
import io.jenkins.plugins.lockstep.deploy.ServedKind;
import io.jenkins.plugins.lockstep.history.Release;
import io.jenkins.plugins.lockstep.image.RegistryLogins;
import io.jenkins.plugins.lockstep.kube.KubeClusters;
import io.jenkins.plugins.lockstep.kube.KubeTarget;
import io.jenkins.plugins.lockstep.manifest.ResourceKey;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the configuration of a cluster allows is held object by object, whatever its credentials may do: here, all. */
@ClusterTest
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class AllowanceClusterTest {

    private static final Actor ACTOR = new Actor("jane", null);
    private static final ServedKind ROLES =
            new ServedKind("rbac.authorization.k8s.io/v1", "ClusterRole", "clusterroles", false);
    private static final ServedKind CONFIG_MAPS = new ServedKind("v1", "ConfigMap", "configmaps", true);
    private static final Cluster.ApplyMode APPLY = new Cluster.ApplyMode(Cluster.MANAGER, false, false);

    @TempDir
    Path temporary;

    private final List<String> told = new CopyOnWriteArrayList<>();
    private StoryNamespace namespace;
    private StoryNamespace other;
    private Cluster admin;
    private SampleProject project;
    private Delivery delivery;
    private ResourceKey role;

    @BeforeEach
    void start() throws Exception {
        namespace = StoryNamespace.make();
        other = StoryNamespace.make();
        admin = new KubeClusters(Map.of()).open(new KubeTarget(TestBed.kubeconfig(), null, null));
        role = new ResourceKey("rbac.authorization.k8s.io", "ClusterRole", "", namespace.name() + "-reader");
        project = SampleProject.in(temporary.resolve("cart"), namespace.imageRepository(), TestBed.base());
        project.repository()
                .delete("deploy/cart.yaml")
                .delete("deploy/service.yaml")
                .write("deploy/settings.yaml", configMap("settings", namespace.name(), "one"));
        // Nothing of this user: the cluster is configured.
        delivery = new DeliveryFactory(Map.of(), RegistryLogins.NONE, Set.of(), Clock.systemUTC())
                .cachingIn(temporary.resolve("cache"))
                .delivery();
    }

    @AfterEach
    void end() {
        admin.get(ROLES, role).ifPresent(live -> admin.delete(ROLES, role, live.uid()));
        admin.close();
        namespace.close();
        other.close();
    }

    @Test
    void everythingThatIsNotAllowedIsNamedAtOnceAndNothingIsBegun() throws Exception {
        project.repository()
                .write("deploy/elsewhere.yaml", configMap("elsewhere", other.name(), "one"))
                .write("deploy/role.yaml", clusterRole())
                .commit("first");

        DeliveryException refused = refused(() -> delivery.release(deploy(narrow()), told::add));

        assertThat(refused.problem()).isEqualTo(Problem.CLUSTER_FORBIDDEN);
        assertThat(refused.what()).isEqualTo("cluster 'prod' is not configured to take 2 objects of this release");
        assertThat(refused.why())
                .isEqualTo("configmap/elsewhere in namespace " + other.name() + " (deploy/elsewhere.yaml:1), " + role
                        + " (deploy/role.yaml:1)");
        assertThat(refused.hint())
                .endsWith("allow namespace " + other.name()
                        + " and cluster-scoped kind ClusterRole.rbac.authorization.k8s.io");
        assertThat(told).as("not even the image is built").noneMatch(step -> step.contains("push"));

        delivery.build(project.location(), narrow(), told::add);
        assertThat(refused(() -> delivery.deploy(deploy(narrow()), told::add)).why())
                .isEqualTo(refused.why());
        Path bundle = temporary.resolve("bundle");
        PlanResult plan = delivery.plan(deploy(narrow()), bundle, told::add);
        assertThat(plan.failure().orElseThrow().getMessage()).isEqualTo(refused.getMessage());
        assertThat(bundle).doesNotExist();
        assertThat(plan.plan().changes())
                .as("what would not be written is not looked at")
                .extracting(change -> change.key().name())
                .doesNotContain("elsewhere", role.name());
        delivery.plan(deploy(wide()), bundle, told::add);
        var planned = new PlannedDeployRequest(
                BundleSource.file(bundle), "staging", narrow(), RolloutSettings.DEFAULT, ACTOR);
        assertThat(refused(() -> delivery.deployPlanned(planned, told::add)).why())
                .contains("configmap/elsewhere in namespace " + other.name(), role.toString());

        assertThat(releases()).isEmpty();
        assertThat(namespace.find("v1", "ConfigMap", "settings")).isEmpty();
        assertThat(namespace.list("coordination.k8s.io/v1", "Lease")).isEmpty();
        assertThat(other.find("v1", "ConfigMap", "elsewhere")).isEmpty();
        assertThat(admin.get(ROLES, role)).isEmpty();

        DeployResult allowed = delivery.deploy(deploy(wide()), told::add);
        assertThat(allowed.problem()).as("%s", allowed.verdict()).isEmpty();
        assertThat(admin.get(ROLES, role)).isPresent();
        assertThat(other.find("v1", "ConfigMap", "elsewhere")).isPresent();
    }

    @Test
    void whatIsNoLongerAllowedIsNeitherDeletedNorBroughtBack() throws Exception {
        project.repository()
                .write("deploy/role.yaml", clusterRole())
                .write("deploy/elsewhere.yaml", configMap("elsewhere", other.name(), "one"))
                .commit("first");
        DeployResult first = delivery.release(deploy(wide()), told::add);
        assertThat(first.problem()).as("%s", first.verdict()).isEmpty();
        String uid = admin.get(ROLES, role).orElseThrow().uid();
        project.repository()
                .delete("deploy/role.yaml")
                .delete("deploy/elsewhere.yaml")
                .write("deploy/settings.yaml", configMap("settings", namespace.name(), "two"))
                .commit("second");

        DeployResult second = delivery.release(deploy(narrow()), told::add);

        assertThat(second.problem()).as("%s", second.verdict()).isEmpty();
        assertThat(second.pruned()).isZero();
        assertThat(admin.get(ROLES, role).map(LiveObject::uid)).contains(uid);
        assertThat(told)
                .contains("warning: " + role
                        + ": no longer wanted, and left as it is: cluster 'prod' is not configured to have it"
                        + " deleted");

        var back = rollback(narrow(), "#1");
        ReadinessResult readiness = delivery.rollbackReadiness(back, true, 1);
        assertThat(readiness.targets().get(0).reasons())
                .contains(
                        "cluster 'prod' is not configured to take " + role,
                        "cluster 'prod' is not configured to take configmap/elsewhere in namespace " + other.name());
        DeliveryException refused = refused(() -> delivery.rollback(back, told::add));
        assertThat(refused.problem()).isEqualTo(Problem.CLUSTER_FORBIDDEN);
        assertThat(refused.why()).contains(role.toString(), "configmap/elsewhere");
        assertThat(releases()).extracting(Release::number).containsExactly(2, 1);
        assertThat(value("settings")).isEqualTo("two");

        // The inventory has not forgotten it: who may, cleans up.
        project.repository()
                .write("deploy/settings.yaml", configMap("settings", namespace.name(), "three"))
                .commit("third");
        DeployResult third = delivery.release(deploy(wide()), told::add);
        assertThat(third.pruned()).isEqualTo(2);
        assertThat(admin.get(ROLES, role)).isEmpty();
    }

    @Test
    @ClusterTest(pods = true)
    void aRestoreLeavesAloneWhatIsNoLongerAllowed() throws Exception {
        project.repository().write("deploy/role.yaml", clusterRole()).commit("first");
        assertThat(delivery.release(deploy(wide()), told::add).problem()).isEmpty();
        String uid = admin.get(ROLES, role).orElseThrow().uid();
        project.repository()
                .delete("deploy/role.yaml")
                .write("deploy/settings.yaml", configMap("settings", namespace.name(), "two"))
                .write(
                        "deploy/job.yaml",
                        """
                        apiVersion: batch/v1
                        kind: Job
                        metadata: { name: migrate }
                        spec:
                          backoffLimit: 0
                          template:
                            spec:
                              restartPolicy: Never
                              terminationGracePeriodSeconds: 1
                              containers:
                                - { name: migrate, image: lockstep, command: [/bin/busybox, sh, -c, exit 3] }
                        """)
                .commit("second");

        DeployResult failed = delivery.release(deploy(narrow()), told::add);

        assertThat(failed.problem()).contains(Problem.ROLLOUT_FAILED);
        assertThat(failed.restored()).as("%s", told).isNotNull();
        assertThat(value("settings")).isEqualTo("one");
        assertThat(admin.get(ROLES, role).map(LiveObject::uid)).contains(uid);

        // What was left alone is still known to be Lockstep's own.
        project.repository().delete("deploy/job.yaml").commit("third");
        assertThat(delivery.release(deploy(wide()), told::add).problem()).isEmpty();
        assertThat(admin.get(ROLES, role)).isEmpty();
    }

    @Test
    void anEnvironmentsOwnNamespaceMustBeAllowedToo() throws Exception {
        project.repository().commit("first");
        delivery.build(project.location(), wide(), told::add);
        Target barred = target(new Allowance(List.of("somewhere-else"), List.of("*")));
        ProjectLocation location = project.location();
        var collection =
                new CollectionRequest(location, "staging", barred, false, false, false, Duration.ofSeconds(1), ACTOR);

        for (ThrowingCallable operation : List.<ThrowingCallable>of(
                () -> delivery.deploy(deploy(barred), told::add),
                () -> delivery.plan(deploy(barred)),
                () -> delivery.loadConfig(location, "staging", barred, told::add),
                () -> delivery.rollback(rollback(barred, "previous"), told::add),
                () -> delivery.rollbackReadiness(rollback(barred, "previous"), false, 20),
                () -> delivery.hold(new HoldRequest(location, "staging", barred, false, "why", ACTOR)),
                () -> delivery.pin(location, "staging", 1, true, barred),
                () -> delivery.collect(collection, told::add),
                () -> delivery.history(location, "staging", barred),
                () -> delivery.verify(location, "staging", barred),
                () -> delivery.status(location, "staging", barred))) {
            DeliveryException refused = refused(operation);
            assertThat(refused.problem()).isEqualTo(Problem.CLUSTER_FORBIDDEN);
            assertThat(refused.getMessage())
                    .isEqualTo("cart in staging: cluster 'prod' is not configured to take environments in namespace "
                            + namespace.name());
        }
        assertThat(namespace.list("coordination.k8s.io/v1", "Lease")).isEmpty();
        assertThat(namespace.find("v1", "ConfigMap", "settings")).isEmpty();
        assertThat(delivery.loadConfig(location, "staging", narrow(), told::add).created())
                .isTrue();
    }

    @Test
    void eachEnvironmentIsAskedInTheClusterThatItNames() throws Exception {
        project.repository()
                .write(
                        "lockstep.yaml",
                        project.file()
                                .replace(
                                        "{ extends: [base], config: config/staging }",
                                        """
                        { extends: [base], config: config/staging, cluster: near }
                          production: { extends: [base], config: config/staging, cluster: far, after: staging }"""))
                .write("deploy/settings.yaml", configMap("settings", "", "one").replace(", namespace: \"\"", ""))
                .commit("first");
        var near = access("near", namespace, Allowance.ANY);
        var barred = access("near", namespace, new Allowance(List.of(other.name()), List.of()));
        var far = access("far", other, Allowance.ANY);
        var asked = new CopyOnWriteArrayList<String>();
        var target = new Target.Configured(
                name -> {
                    asked.add(name);
                    return "far".equals(name) ? far : near;
                },
                null,
                null);
        var production = new DeployRequest(project.location(), "production", target, RolloutSettings.DEFAULT, ACTOR);
        delivery.build(project.location(), target, told::add);

        assertThat(refused(() -> delivery.deploy(production, told::add)).what())
                .endsWith("has not run well in staging");
        assertThat(delivery.deploy(deploy(target), told::add).problem()).isEmpty();
        asked.clear();
        var blind = new DeployRequest(
                project.location(),
                "production",
                new Target.Configured(name -> "far".equals(name) ? far : barred, "far", other.name()),
                RolloutSettings.DEFAULT,
                ACTOR);
        DeliveryException unasked = refused(() -> delivery.deploy(blind, told::add));
        assertThat(unasked.problem()).isEqualTo(Problem.GATE_CLOSED);
        assertThat(unasked.why()).contains("cluster 'near' is not configured to take environments in namespace");
        assertThat(delivery.deploy(production, told::add).problem()).isEmpty();

        assertThat(asked).startsWith("far", "near").containsOnly("far", "near");
        assertThat(namespace.find("v1", "ConfigMap", "settings")).isPresent();
        assertThat(other.find("v1", "ConfigMap", "settings")).isPresent();
    }

    @Test
    void aCleanUpDeletesNothingThatIsNotAllowed() throws Exception {
        String immutable = "immutable: true\n" + configMap("catalogue", other.name(), "one");
        project.repository()
                .write("lockstep.yaml", project.file() + "keep: { releases: 1, days: 1 }\n")
                .write("deploy/catalogue.yaml", immutable)
                .commit("first");
        assertThat(delivery.release(deploy(wide()), told::add).problem()).isEmpty();
        project.repository().delete("deploy/catalogue.yaml").commit("second");
        assertThat(delivery.release(deploy(wide()), told::add).problem()).isEmpty();
        project.repository()
                .write("deploy/settings.yaml", configMap("settings", namespace.name(), "two"))
                .commit("third");
        assertThat(delivery.release(deploy(wide()), told::add).problem()).isEmpty();
        Delivery later = new DeliveryFactory(
                        Map.of(), RegistryLogins.NONE, Set.of(), Clock.offset(Clock.systemUTC(), Duration.ofDays(200)))
                .delivery();

        CollectionResult narrowly = later.collect(collection(narrow()), told::add);

        assertThat(narrowly.decisions())
                .filteredOn(decision -> decision.name().equals("catalogue"))
                .extracting(CollectionResult.Decision::reason)
                .containsExactly("cluster 'prod' is not configured to have it deleted");
        assertThat(other.find("v1", "ConfigMap", "catalogue")).isPresent();
        later.collect(collection(wide()), told::add);
        assertThat(other.find("v1", "ConfigMap", "catalogue")).isEmpty();
    }

    @Test
    void theWriteItselfIsTheLastLineOfDefence() throws Exception {
        other.create("v1", "ConfigMap", "precious", Map.of("data", Map.of("a", "one")));
        LiveObject precious = other.get("v1", "ConfigMap", "precious");
        try (Cluster limited =
                new DeliveryFactory(Map.of()).connections(told::add).cluster(narrow())) {
            var elsewhere = new ResourceKey("", "ConfigMap", other.name(), "elsewhere");
            Map<String, Object> tree =
                    Map.of("apiVersion", "v1", "kind", "ConfigMap", "metadata", Map.of("name", "elsewhere"));
            // As if somebody had filled a namespace in that the kind does not have.
            var disguised = new ResourceKey(role.group(), role.kind(), namespace.name(), role.name());
            Map<String, Object> roleTree = Map.of(
                    "apiVersion", ROLES.apiVersion(), "kind", "ClusterRole", "metadata", Map.of("name", role.name()));

            for (ThrowingCallable write : List.<ThrowingCallable>of(
                    () -> limited.apply(CONFIG_MAPS, elsewhere, tree, APPLY),
                    () -> limited.apply(CONFIG_MAPS, elsewhere, tree, new Cluster.ApplyMode("lockstep", false, true)),
                    () -> limited.apply(ROLES, disguised, roleTree, APPLY),
                    () -> limited.assignFields(CONFIG_MAPS, precious, List.of()),
                    () -> limited.delete(CONFIG_MAPS, precious.key(), precious.uid()))) {
                assertThat(refused(write).problem()).isEqualTo(Problem.CLUSTER_FORBIDDEN);
            }
        }
        assertThat(other.find("v1", "ConfigMap", "elsewhere")).isEmpty();
        assertThat(admin.get(ROLES, role)).isEmpty();
        assertThat(other.get("v1", "ConfigMap", "precious").resourceVersion()).isEqualTo(precious.resourceVersion());
    }

    private DeliveryException refused(ThrowingCallable operation) {
        var refused = catchThrowableOfType(DeliveryException.class, operation);
        assertThat(refused).isNotNull();
        return refused;
    }

    private Target narrow() throws Exception {
        return target(new Allowance(List.of(namespace.name()), List.of("Namespace")));
    }

    private Target wide() throws Exception {
        return target(Allowance.ANY);
    }

    private Target target(Allowance allowance) throws Exception {
        ClusterAccess access = access("prod", namespace, allowance);
        return new Target.Configured(name -> access, null, null);
    }

    private static ClusterAccess access(String name, StoryNamespace place, Allowance allowance) throws Exception {
        return new ClusterAccess(
                name,
                new ClusterAccess.Server.Kubeconfig(Files.readString(TestBed.kubeconfig()), null),
                place.name(),
                allowance);
    }

    private DeployRequest deploy(Target target) {
        return new DeployRequest(project.location(), "staging", target, RolloutSettings.DEFAULT, ACTOR);
    }

    private RollbackRequest rollback(Target target, String to) {
        return new RollbackRequest(project.location(), "staging", to, target, RolloutSettings.DEFAULT, ACTOR);
    }

    private CollectionRequest collection(Target target) {
        return new CollectionRequest(
                project.location(), "staging", target, false, false, false, Duration.ofMinutes(1), ACTOR);
    }

    private List<Release> releases() throws Exception {
        return delivery.history(project.location(), "staging", wide()).releases();
    }

    private String value(String configMap) {
        return Tree.text(namespace.get("v1", "ConfigMap", configMap).tree(), "data", "a");
    }

    private static String configMap(String name, String namespace, String value) {
        return """
                apiVersion: v1
                kind: ConfigMap
                metadata: { name: %s, namespace: "%s" }
                data: { a: "%s" }
                """
                .formatted(name, namespace, value);
    }

    private String clusterRole() {
        return """
                apiVersion: rbac.authorization.k8s.io/v1
                kind: ClusterRole
                metadata: { name: %s }
                rules: [{ apiGroups: [""], resources: [pods], verbs: [list] }]
                """
                .formatted(role.name());
    }
}
