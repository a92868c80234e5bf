package io.jenkins.plugins.lockstep.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.lockstep.ClusterTest;
import io.jenkins.plugins.lockstep.TestBed;
import io.jenkins.plugins.lockstep.common.document.Tree;
import io.jenkins.plugins.lockstep.deploy.Change.Operation;
import io.jenkins.plugins.lockstep.kube.KubeCluster;
import io.jenkins.plugins.lockstep.kube.KubeClusters;
import io.jenkins.plugins.lockstep.kube.KubeTarget;
import io.jenkins.plugins.lockstep.kube.ScaledByHand;
import io.jenkins.plugins.lockstep.manifest.RenderedObject;
import io.jenkins.plugins.lockstep.manifest.ResourceKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

/** Plans, rolls out, judges and restores on a real cluster with real pods. */
@ClusterTest(pods = true)
class RolloutClusterTest {

    private static final String NAMESPACE = "deploy-" + Long.toString(System.nanoTime(), 36);
    private static final ServedKind NAMESPACES = new ServedKind("v1", "Namespace", "namespaces", false);
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final AtomicInteger RELEASES = new AtomicInteger();

    private static KubeCluster cluster;

    private final RecordedProgress progress = new RecordedProgress();
    private List<InventoryItem> inventory = List.of();
    private String name;

    @BeforeAll
    static void makeNamespace() {
        cluster = new KubeClusters(System.getenv()).open(new KubeTarget(TestBed.kubeconfig(), null, null));
        var tree = new LinkedHashMap<String, Object>();
        tree.put("apiVersion", "v1");
        tree.put("kind", "Namespace");
        tree.put("metadata", Map.of("name", NAMESPACE));
        cluster.apply(
                NAMESPACES,
                new ResourceKey("", "Namespace", "", NAMESPACE),
                tree,
                new Cluster.ApplyMode("test", true, false));
    }

    @AfterAll
    static void removeNamespace() {
        var key = new ResourceKey("", "Namespace", "", NAMESPACE);
        cluster.get(NAMESPACES, key).ifPresent(live -> cluster.delete(NAMESPACES, key, live.uid()));
        cluster.close();
    }

    @BeforeEach
    void nameObjectsAfterTheTest(TestInfo test) {
        name = "t"
                + Integer.toString(test.getTestMethod().orElseThrow().getName().hashCode() & 0xFFFFFF, 36);
    }

    @Test
    void aGoodRolloutRunsAndTheSamePlanIsThenEmpty() {
        var desired = new ArrayList<>(Rendered.objects(
                NAMESPACE,
                """
                apiVersion: v1
                kind: Service
                metadata: {name: %1$s}
                spec: {selector: {app: %1$s}, ports: [{port: 80, targetPort: 8080, protocol: TCP}]}
                ---
                apiVersion: v1
                kind: ServiceAccount
                metadata: {name: %1$s}
                """
                        .formatted(name)));
        desired.addAll(deployment("sleep 100000", "  replicas: 2"));

        RolloutResult result = deploy(desired);

        assertThat(result.verdict().code()).isEqualTo(Verdict.Code.RUNNING);
        assertThat(result.applied()).hasSize(3).allMatch(InventoryItem::created);
        assertThat(progress.steps())
                .contains("service/" + name + ": created", "deployment/" + name + ": created")
                .contains("deployment/" + name + ": 2 pods ready");
        LiveObject live = live("apps/v1", "Deployment");
        assertThat(live.annotation(Stamp.APPLIED_ANNOTATION))
                .isEqualTo(desired.get(2).hash());
        assertThat(Tree.map(live.tree(), "spec", "template", "metadata"))
                .as("nothing that differs per release goes into the pod template")
                .doesNotContainKey("annotations");
        assertThat(plan(desired, PlanOptions.DEPLOY).isEmpty()).isTrue();
    }

    @Test
    void anotherReleaseOfTheSameTemplateStartsNoPod() {
        List<RenderedObject> desired = deployment("sleep 100000", "");
        deploy(desired);
        List<String> before = podNames();

        List<RenderedObject> next = new ArrayList<>(desired);
        next.addAll(Rendered.objects(
                NAMESPACE,
                """
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: %s}
                data: {a: b}
                """
                        .formatted(name)));
        RolloutResult result = deploy(next);

        assertThat(result.verdict().code()).isEqualTo(Verdict.Code.RUNNING);
        assertThat(podNames()).isEqualTo(before);
        assertThat(live("apps/v1", "Deployment").annotation(Stamp.RELEASE_ANNOTATION))
                .as("what is kept is stamped, too")
                .isEqualTo(String.valueOf(RELEASES.get()));
    }

    @Test
    void aCrashLoopIsJudgedWithExitCodeAndLog() {
        RolloutResult result = deploy(deployment("echo cannot open the database; sleep 1; exit 3", ""));

        assertThat(result.verdict().code()).isEqualTo(Verdict.Code.CRASH_LOOP);
        assertThat(result.verdict().message())
                .startsWith("deployment/" + name + ": container app of pod " + name + "-")
                .endsWith("ended 3 times, the last time with exit code 3");
        assertThat(result.verdict().evidence()).contains("  cannot open the database");
        assertThat(result.applied()).hasSize(1);
    }

    @Test
    void anImageThatDoesNotExistIsRefusedAtTheSecondAttempt() {
        String image = TestBed.registry() + "/testbed/absent:1";
        RolloutResult result = deploy(deployment(image, "sleep 1", "", ""));

        assertThat(result.verdict().code()).isEqualTo(Verdict.Code.IMAGE_NOT_FOUND);
        assertThat(result.verdict().message()).isEqualTo("deployment/" + name + ": the registry has no image " + image);
    }

    @Test
    void aMissingImmutableConfigMapOfTheReleaseIsConclusiveAtOnceAndAnotherOnlyAfterItsGrace() {
        String other = "        envFrom: [{configMapRef: {name: absent}}]";
        var options = RolloutOptions.within(Duration.ofSeconds(5));
        RolloutResult late = deploy(deployment(image(), "sleep 100000", "", other), PlanOptions.DEPLOY, options);
        assertThat(late.verdict().code()).isEqualTo(Verdict.Code.DEADLINE);
        assertThat(late.verdict().evidence()).anyMatch(line -> line.contains("configmap \"absent\" not found"));

        var hasty = Graces.DEFAULT.with(Map.of("reference", "2s"));
        RolloutResult judged = deploy(
                deployment(image(), "sleep 100001", "", other),
                PlanOptions.DEPLOY,
                RolloutOptions.within(PATIENCE).patient(hasty));
        assertThat(judged.verdict().code()).isEqualTo(Verdict.Code.MISSING_CONFIGURATION);
        assertThat(judged.verdict().message()).endsWith("can't start: the ConfigMap absent is missing");

        var desired = new ArrayList<>(Rendered.objects(
                NAMESPACE,
                """
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: %s-config-0123456789}
                immutable: true
                data: {present: "1"}
                """
                        .formatted(name)));
        desired.addAll(deployment(
                image(),
                "sleep 100002",
                "",
                ("        env: [{name: A, valueFrom: {configMapKeyRef: {name: %s-config-0123456789, key: absent}}}]")
                        .formatted(name)));
        RolloutResult atOnce = deploy(desired);
        assertThat(atOnce.verdict().code()).isEqualTo(Verdict.Code.MISSING_CONFIGURATION);
        assertThat(atOnce.verdict().message()).endsWith("has no key absent");
    }

    @Test
    void theDeadlineSaysWhatTheProbeAnswered() {
        RolloutResult result = deploy(
                deployment(
                        image(),
                        "sleep 100000",
                        "",
                        "        readinessProbe: {exec: {command: [sh, -c, 'echo warming up; exit 1']}, periodSeconds: 1}"),
                PlanOptions.DEPLOY,
                RolloutOptions.within(Duration.ofSeconds(20)));

        assertThat(result.verdict().code()).isEqualTo(Verdict.Code.NOT_READY);
        assertThat(result.verdict().message())
                .isEqualTo("deployment/" + name
                        + " was not ready after 20 s: 0 of 1 pod ready; Readiness probe failed: warming up");
    }

    @Test
    void replicasSetByHandStayOverTwoDeploysAndAreClampedToTheBounds() {
        deploy(deployment("sleep 100000", "  replicas: 1"));
        ScaledByHand.scale(cluster, NAMESPACE, name, 5);

        deploy(deployment("sleep 100001", "  replicas: 1"));
        RolloutResult second = deploy(deployment("sleep 100002", "  replicas: 2"));
        assertThat(second.verdict().code()).isEqualTo(Verdict.Code.RUNNING);
        assertThat(replicas()).isEqualTo(5);

        var bounds = new ReplicaBounds(1, 3, Set.of());
        Plan plan = plan(deployment("sleep 100002", "  replicas: 2"), PlanOptions.DEPLOY.bounded(bounds));
        assertThat(plan.changes().get(0).fields()).contains("spec.replicas");
        run(plan, RolloutOptions.within(PATIENCE));
        assertThat(replicas()).isEqualTo(3);
    }

    @Test
    void zeroReplicasNeverStartAPodAndBoundsHoldFromTheFirstMoment() {
        RolloutResult none = deploy(deployment("sleep 100000", "  replicas: 0"));
        assertThat(none.verdict().code()).isEqualTo(Verdict.Code.RUNNING);
        assertThat(events("ScalingReplicaSet")).isEmpty();

        name = name + "b";
        var three = new ReplicaBounds(3, null, Set.of());
        inventory = List.of();
        deploy(
                deployment("sleep 100000", "  replicas: 1"),
                PlanOptions.DEPLOY.bounded(three),
                RolloutOptions.within(PATIENCE));
        assertThat(events("ScalingReplicaSet")).singleElement().asString().endsWith(" to 3");
    }

    @Test
    void aCreationThatDiedHalfwayIsFinishedByTheNextDeploy() {
        List<RenderedObject> desired = deployment("sleep 100000", "  replicas: 2");
        RenderedObject rendered = desired.get(0);
        ServedKind kind = cluster.served("apps/v1", "Deployment").orElseThrow();
        Map<String, Object> whole = new Stamp("cart", "test", "0".repeat(40), 1, "seal").on(rendered, true);
        Map<String, Object> spec = Tree.map(whole, "spec");
        spec.put("replicas", 2);
        whole.put("spec", spec);
        cluster.apply(kind, rendered.key(), whole, new Cluster.ApplyMode(Cluster.REPLICAS_MANAGER, false, false));

        for (String command : List.of("sleep 100000", "sleep 100001")) {
            Plan plan = plan(deployment(command, "  replicas: 1"), PlanOptions.DEPLOY);
            assertThat(plan.changes().get(0).operation()).isEqualTo(Operation.CONFIGURE);
            RolloutResult result = run(plan, RolloutOptions.within(PATIENCE));
            assertThat(result.verdict().code()).isEqualTo(Verdict.Code.RUNNING);
            assertThat(result.applied().get(0).created())
                    .as("known by its annotation, though no inventory had it")
                    .isTrue();
            assertThat(FieldOwnership.isCreationHalfDone(live("apps/v1", "Deployment")))
                    .isFalse();
            assertThat(replicas()).isEqualTo(2);
        }
    }

    /** What somebody else holds of an object whose creation died is no more Lockstep's than of any other object. */
    @Test
    void whatOthersHoldOfACreationThatDiedHalfwayIsNotTaken() throws Exception {
        RenderedObject first = deployment("sleep 100000", "  replicas: 0\n  minReadySeconds: 1")
                .get(0);
        ServedKind kind = kind("apps/v1", "Deployment");
        Map<String, Object> whole = new Stamp("cart", "test", "0".repeat(40), 1, "seal").on(first, true);
        Map<String, Object> spec = Tree.map(whole, "spec");
        spec.put("replicas", 0);
        whole.put("spec", spec);
        cluster.apply(kind, first.key(), whole, new Cluster.ApplyMode(Cluster.REPLICAS_MANAGER, false, false));
        var theirs = Map.<String, Object>of(
                "apiVersion",
                "apps/v1",
                "kind",
                "Deployment",
                "metadata",
                Map.of("name", name, "namespace", NAMESPACE),
                "spec",
                Map.of("minReadySeconds", 7));
        cluster.apply(kind, first.key(), theirs, new Cluster.ApplyMode("somebody", true, false));

        Plan plan = plan(deployment("sleep 100001", "  replicas: 0\n  minReadySeconds: 2"), PlanOptions.DEPLOY);
        var gentle = new Rollout(cluster, RolloutOptions.within(PATIENCE));
        assertThat(gentle.rehearse(plan, stamp(), SecretMask.random()).refusals())
                .singleElement()
                .satisfies(refusal -> assertThat(refusal.getMessage())
                        .contains(".spec.minReadySeconds belongs to 'somebody'")
                        .doesNotContain("lockstep-replicas"));
        assertThat(run(plan, RolloutOptions.within(PATIENCE)).verdict().code()).isEqualTo(Verdict.Code.FIELD_CONFLICT);
        assertThat(Tree.integer(live("apps/v1", "Deployment").tree(), "spec", "minReadySeconds"))
                .isEqualTo(7);

        RolloutResult forced = run(
                plan(deployment("sleep 100001", "  replicas: 0\n  minReadySeconds: 2"), PlanOptions.DEPLOY),
                RolloutOptions.within(PATIENCE).forced());
        assertThat(forced.verdict().code()).isEqualTo(Verdict.Code.RUNNING);
        assertThat(Tree.integer(live("apps/v1", "Deployment").tree(), "spec", "minReadySeconds"))
                .isEqualTo(2);
        assertThat(replicas()).isZero();
    }

    @Test
    void aJobRunsOncePerChangeAndNotOnRollbackAndBeforeTheWorkloadsIfItSaysSo() {
        List<RenderedObject> first = withJob("one", "sleep 100000", "echo one");
        List<RenderedObject> second = withJob("two", "sleep 100001", "echo two");

        assertThat(deploy(first).verdict().code()).isEqualTo(Verdict.Code.RUNNING);
        assertThat(progress.steps())
                .containsSubsequence("job/" + name + "-one: complete", "deployment/" + name + ": created");
        assertThat(plan(first, PlanOptions.DEPLOY).isEmpty()).isTrue();

        Plan change = plan(second, PlanOptions.DEPLOY);
        assertThat(change.count(Operation.PRUNE)).isEqualTo(1);
        assertThat(run(change, RolloutOptions.within(PATIENCE)).verdict().code())
                .isEqualTo(Verdict.Code.RUNNING);
        assertThat(cluster.get(kind("batch/v1", "Job"), key("batch", "Job", name + "-one")))
                .isPresent();
        inventory = new ArrayList<>(inventory);
        inventory.addAll(new Pruner(cluster).prune(change, progress));
        assertThat(cluster.get(kind("batch/v1", "Job"), key("batch", "Job", name + "-one"))
                        .filter(job -> !job.isBeingDeleted()))
                .isEmpty();

        Plan rollback = plan(first, PlanOptions.ROLLBACK);
        assertThat(rollback.changes()).noneMatch(c -> c.key().name().equals(name + "-one"));
        assertThat(run(rollback, RolloutOptions.within(PATIENCE).forced())
                        .verdict()
                        .code())
                .isEqualTo(Verdict.Code.RUNNING);
        assertThat(cluster.get(kind("batch/v1", "Job"), key("batch", "Job", name + "-one"))
                        .filter(job -> !job.isBeingDeleted()))
                .isEmpty();
    }

    @Test
    void aJobThatIsCleanedUpAtOnceIsCompleteAndNotRunAgain() {
        List<RenderedObject> desired = withJob("brief", "sleep 100000", "echo brief").stream()
                .map(object -> {
                    Map<String, Object> tree = Tree.copy(object.tree());
                    if (object.key().kind().equals("Job")) {
                        Map<String, Object> spec = Tree.map(tree, "spec");
                        spec.put("ttlSecondsAfterFinished", 0);
                        tree.put("spec", spec);
                    }
                    return new RenderedObject(
                            object.apiVersion(), object.key(), tree, object.replicas(), object.place());
                })
                .toList();

        assertThat(deploy(desired).verdict().code()).isEqualTo(Verdict.Code.RUNNING);
        assertThat(plan(desired, PlanOptions.DEPLOY).isEmpty()).isTrue();
    }

    @Test
    void aFailedJobIsJudgedAndRunAgainByTheNextDeploy() {
        List<RenderedObject> desired = withJob("bad", "sleep 100000", "echo migration 7 failed; exit 4");
        RolloutResult result = deploy(desired);

        assertThat(result.verdict().code()).isEqualTo(Verdict.Code.JOB_FAILED);
        assertThat(result.verdict().message()).contains("job/" + name + "-bad failed with exit code 4");
        assertThat(result.verdict().evidence()).contains("  migration 7 failed");
        assertThat(cluster.get(kind("apps/v1", "Deployment"), key("apps", "Deployment", name)))
                .as("the workload was not reached")
                .isEmpty();
        String uid = live("batch/v1", "Job", name + "-bad").uid();

        Plan again = plan(desired, PlanOptions.DEPLOY);
        assertThat(again.changes().get(0).operation()).isEqualTo(Operation.CREATE);
        assertThat(run(again, RolloutOptions.within(PATIENCE)).verdict().code()).isEqualTo(Verdict.Code.JOB_FAILED);
        assertThat(live("batch/v1", "Job", name + "-bad").uid()).isNotEqualTo(uid);
    }

    @Test
    void aStuckStatefulSetIsBroughtBack() {
        List<RenderedObject> good = statefulSet("sleep 100000");
        assertThat(deploy(good).verdict().code()).isEqualTo(Verdict.Code.RUNNING);
        RolloutResult bad = deploy(statefulSet("/no/such/program"));
        assertThat(bad.verdict().code()).isEqualTo(Verdict.Code.COMMAND_NOT_FOUND);

        RolloutResult restored = deploy(
                good, PlanOptions.ROLLBACK, RolloutOptions.within(PATIENCE).restoring());

        assertThat(restored.verdict().code()).isEqualTo(Verdict.Code.RUNNING);
        assertThat(progress.steps()).anyMatch(step -> step.contains("deleting pod " + name + "-"));
    }

    @Test
    void aRefusedObjectEndsTheRolloutWithTheServersWords() {
        RolloutResult result = deploy(Rendered.objects(
                NAMESPACE,
                """
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: %1$s}
                data: {a: b}
                ---
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: %1$s}
                spec:
                  selector: {matchLabels: {app: one}}
                  template:
                    metadata: {labels: {app: another}}
                    spec: {containers: [{name: app, image: "%2$s"}]}
                """
                        .formatted(name, image())));

        assertThat(result.verdict().code()).isEqualTo(Verdict.Code.REJECTED);
        assertThat(result.verdict().message()).contains("deployment/" + name).contains("selector");
        assertThat(result.verdict().evidence()).contains("the manifest is at test.yaml:12 (document 2)");
        assertThat(result.applied()).extracting(item -> item.key().kind()).containsExactly("ConfigMap");
    }

    @Test
    void aFieldOfSomeoneElseIsAConflictUnlessForced() {
        deploy(deployment("sleep 100000", ""));
        var tree = Tree.copy(deployment("sleep 7", "").get(0).tree());
        cluster.apply(
                kind("apps/v1", "Deployment"),
                key("apps", "Deployment", name),
                tree,
                new Cluster.ApplyMode("somebody", true, false));

        RolloutResult refused = deploy(deployment("sleep 100002", ""));
        assertThat(refused.verdict().code()).isEqualTo(Verdict.Code.FIELD_CONFLICT);
        assertThat(refused.verdict().message()).contains("somebody");

        RolloutResult forced = deploy(
                deployment("sleep 100002", ""),
                PlanOptions.ROLLBACK,
                RolloutOptions.within(PATIENCE).forced());
        assertThat(forced.verdict().code()).isEqualTo(Verdict.Code.RUNNING);
    }

    @Test
    void aCustomResourceIsAppliedAfterItsDefinition() {
        String group = name + ".lockstep.test";
        String plural = "things." + group;
        List<RenderedObject> definition = Rendered.objects(
                "",
                """
                apiVersion: apiextensions.k8s.io/v1
                kind: CustomResourceDefinition
                metadata: {name: %1$s}
                spec:
                  group: %2$s
                  scope: Namespaced
                  names: {kind: Thing, plural: things, singular: thing, listKind: ThingList}
                  versions:
                  - name: v1
                    served: true
                    storage: true
                    schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
                """
                        .formatted(plural, group));
        var desired = new ArrayList<>(Rendered.objects(
                NAMESPACE,
                """
                apiVersion: %1$s/v1
                kind: Thing
                metadata: {name: %2$s}
                spec: {size: 3}
                """
                        .formatted(group, name)));
        desired.addAll(definition);
        try {
            assertThat(deploy(desired).verdict().code()).isEqualTo(Verdict.Code.RUNNING);
            assertThat(live(group + "/v1", "Thing").uid()).isNotEmpty();
            assertThat(plan(desired, PlanOptions.DEPLOY).isEmpty()).isTrue();
        } finally {
            ServedKind kind = kind("apiextensions.k8s.io/v1", "CustomResourceDefinition");
            ResourceKey key = definition.get(0).key();
            cluster.get(kind, key).ifPresent(live -> cluster.delete(kind, key, live.uid()));
        }
    }

    @Test
    void anUnknownKindAndAMissingNamespaceAreRefusedInThePlan() {
        assertThatThrownBy(() -> plan(
                        Rendered.objects(NAMESPACE, "apiVersion: nobody/v1\nkind: Nothing\nmetadata: {name: a}\n"),
                        PlanOptions.DEPLOY))
                .hasMessageStartingWith("test.yaml:1: kind not served: Nothing of nobody/v1");
        assertThatThrownBy(() -> plan(
                        Rendered.objects("not-there", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n"),
                        PlanOptions.DEPLOY))
                .hasMessageContaining("the namespace not-there is missing")
                .extracting("hint")
                .isEqualTo("create it: kubectl create namespace not-there");
    }

    @Test
    void aReleaseThatChangesNothingSaysWhatIsNotReady() throws Exception {
        List<RenderedObject> desired = deployment(
                image(),
                "touch /tmp/ok; sleep 4; rm /tmp/ok; sleep 100000",
                "",
                "        readinessProbe: {exec: {command: [test, -e, /tmp/ok]}, periodSeconds: 1, failureThreshold: 1}");
        assertThat(deploy(desired).verdict().code()).isEqualTo(Verdict.Code.RUNNING);

        List<String> seen = List.of();
        for (int i = 0; i < 120 && seen.isEmpty(); i++) {
            Thread.sleep(500);
            // The look begins with what the plan has just read.
            Plan plan = plan(desired, PlanOptions.DEPLOY);
            assertThat(plan.isEmpty()).isTrue();
            seen = new Rollout(cluster, RolloutOptions.within(PATIENCE)).look(plan);
        }

        assertThat(seen)
                .singleElement()
                .asString()
                .startsWith("deployment/" + name + " is not ready: 0 of 1 pod ready");
    }

    @Test
    void anInterruptionIsAVerdict() throws Exception {
        Plan plan = plan(deployment("sleep 100000", ""), PlanOptions.DEPLOY);
        var results = new ArrayList<RolloutResult>();
        var flags = new ArrayList<Boolean>();
        Thread thread = new Thread(() -> {
            var rollout = new Rollout(cluster, RolloutOptions.within(PATIENCE));
            results.add(rollout.run(plan, stamp(), progress));
            flags.add(Thread.currentThread().isInterrupted());
        });
        thread.start();
        while (progress.steps().isEmpty()) {
            Thread.sleep(10);
        }
        thread.interrupt();
        thread.join();

        assertThat(results.get(0).verdict().code()).isEqualTo(Verdict.Code.INTERRUPTED);
        assertThat(results.get(0).applied()).hasSize(1);
        assertThat(flags).containsExactly(false);
    }

    // ---- shorthand

    private RolloutResult deploy(List<RenderedObject> desired) {
        return deploy(desired, PlanOptions.DEPLOY, RolloutOptions.within(PATIENCE));
    }

    private RolloutResult deploy(List<RenderedObject> desired, PlanOptions planOptions, RolloutOptions options) {
        return run(plan(desired, planOptions), options);
    }

    private Plan plan(List<RenderedObject> desired, PlanOptions options) {
        return new Planner(cluster).plan(desired, inventory, options);
    }

    private RolloutResult run(Plan plan, RolloutOptions options) {
        RolloutResult result = new Rollout(cluster, options).run(plan, stamp(), progress);
        inventory = result.applied();
        return result;
    }

    private static Stamp stamp() {
        return new Stamp("cart", "test", "0123456789".repeat(4), RELEASES.incrementAndGet(), "seal");
    }

    private List<RenderedObject> deployment(String script, String spec) {
        return deployment(image(), script, spec, "");
    }

    private List<RenderedObject> deployment(String image, String script, String spec, String container) {
        return Rendered.objects(
                NAMESPACE,
                """
                apiVersion: apps/v1
                kind: Deployment
                metadata:
                  name: %1$s
                spec:
                %4$s
                  selector: {matchLabels: {app: %1$s}}
                  template:
                    metadata: {labels: {app: %1$s}}
                    spec:
                      terminationGracePeriodSeconds: 0
                      containers:
                      - name: app
                        image: "%2$s"
                        command: [sh, -c, "%3$s"]
                %5$s
                """
                        .formatted(name, image, script, spec, container));
    }

    private List<RenderedObject> statefulSet(String script) {
        return Rendered.objects(
                NAMESPACE,
                """
                apiVersion: apps/v1
                kind: StatefulSet
                metadata: {name: %1$s}
                spec:
                  replicas: 2
                  serviceName: %1$s
                  selector: {matchLabels: {app: %1$s}}
                  template:
                    metadata: {labels: {app: %1$s}}
                    spec:
                      terminationGracePeriodSeconds: 0
                      containers: [{name: app, image: "%2$s", command: [sh, -c, "%3$s"]}]
                """
                        .formatted(name, image(), script));
    }

    private List<RenderedObject> withJob(String suffix, String script, String jobScript) {
        var objects = new ArrayList<>(deployment(script, ""));
        objects.addAll(Rendered.objects(
                NAMESPACE,
                """
                apiVersion: batch/v1
                kind: Job
                metadata:
                  name: %1$s-%2$s
                  annotations: {lockstep.io/run: before}
                spec:
                  backoffLimit: 0
                  template:
                    spec:
                      restartPolicy: Never
                      containers: [{name: app, image: "%3$s", command: [sh, -c, "%4$s"]}]
                """
                        .formatted(name, suffix, image(), jobScript)));
        return objects;
    }

    private static String image() {
        return TestBed.registry() + "/testbed/busybox:1";
    }

    private static ServedKind kind(String apiVersion, String kind) {
        return cluster.served(apiVersion, kind).orElseThrow();
    }

    private static ResourceKey key(String group, String kind, String name) {
        return new ResourceKey(group, kind, NAMESPACE, name);
    }

    private LiveObject live(String apiVersion, String kind) {
        return live(apiVersion, kind, name);
    }

    private static LiveObject live(String apiVersion, String kind, String name) {
        Optional<LiveObject> live =
                cluster.get(kind(apiVersion, kind), key(ResourceKey.groupOf(apiVersion), kind, name));
        return live.orElseThrow();
    }

    private Integer replicas() {
        return Tree.integer(live("apps/v1", "Deployment").tree(), "spec", "replicas");
    }

    private List<String> podNames() {
        return cluster.list(kind("v1", "Pod"), NAMESPACE, "app=" + name).stream()
                .filter(pod -> !pod.isBeingDeleted())
                .map(pod -> pod.key().name())
                .sorted()
                .toList();
    }

    private List<String> events(String reason) {
        return cluster.list(kind("v1", "Event"), NAMESPACE, null).stream()
                .filter(event -> Tree.text(event.tree(), "reason").equals(reason)
                        && Tree.text(event.tree(), "involvedObject", "name").equals(name))
                .map(event -> Tree.text(event.tree(), "message"))
                .toList();
    }
}
