package io.jenkins.plugins.lockstep.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.common.document.Tree;
import io.jenkins.plugins.lockstep.deploy.Change.Operation;
import io.jenkins.plugins.lockstep.manifest.ContentName;
import io.jenkins.plugins.lockstep.manifest.RenderedObject;
import io.jenkins.plugins.lockstep.manifest.ResourceKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Plans against what a real API server had; see {@link RecordedCluster}. */
class PlannerTest {

    private static final String NAMESPACE = "rec-plan";
    private static final String DEPLOYMENT =
            """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: cart}
            spec:
              replicas: 2
              selector: {matchLabels: {app: cart}}
              template:
                metadata: {labels: {app: cart}}
                spec:
                  containers:
                  - name: app
                    image: 127.0.0.1:15000/testbed/busybox:1
                    command: [sleep, "100000"]
                    env: [{name: A, value: a}, {name: B, value: b}]
                    ports: [{containerPort: 8080, protocol: TCP}]
            """;
    private static final String CONFIG =
            """
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: cart-config-0123456789}
            immutable: true
            data: {a: b}
            """;

    private final List<LiveObject> live = new ArrayList<>(Recorded.objects("live", "objects"));

    @Test
    void whatIsLiveAsAppliedIsKept() {
        Plan plan = plan(DEPLOYMENT, PlanOptions.DEPLOY, List.of(item("Deployment", "cart", true)));

        Change change = plan.changes().get(0);
        assertThat(change.operation()).isEqualTo(Operation.KEEP);
        assertThat(change.created()).isTrue();
        assertThat(plan.isEmpty()).isTrue();
    }

    @Test
    void anotherHashIsAChangeAndWhatIsNoLongerRenderedIsNamed() {
        Plan plan = plan(DEPLOYMENT.replace(", {name: B, value: b}", ""), PlanOptions.DEPLOY, List.of());

        Change change = plan.changes().get(0);
        assertThat(change.operation()).isEqualTo(Operation.CONFIGURE);
        assertThat(change.fields()).containsExactly("spec.template.spec.containers[name=app].env[name=B]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"created-by-one", "created-by-two"})
    void anObjectWhoseCreationDiedHalfwayIsConfigured(String file) {
        live.removeIf(object -> object.key().kind().equals("Deployment"));
        live.addAll(Recorded.objects(file, "objects"));

        Change change =
                plan(DEPLOYMENT, PlanOptions.DEPLOY, List.of()).changes().get(0);

        assertThat(change.operation()).isEqualTo(Operation.CONFIGURE);
        assertThat(change.created()).as("its annotation says so").isTrue();
    }

    @Test
    void anObjectThatLockstepDidNotApplyIsConfiguredAndNotItsOwn() {
        Map<String, Object> tree = Tree.copy(find("Deployment", "cart").tree());
        Map<String, Object> metadata = Tree.map(tree, "metadata");
        metadata.put("managedFields", List.of(Map.of("manager", "kubectl", "operation", "Update")));
        metadata.put("annotations", Map.of(Stamp.APPLIED_ANNOTATION, "HASH"));
        tree.put("metadata", metadata);
        replace(tree);

        Change change =
                plan(DEPLOYMENT, PlanOptions.DEPLOY, List.of()).changes().get(0);

        assertThat(change.operation()).isEqualTo(Operation.CONFIGURE);
        assertThat(change.created()).isFalse();
    }

    @Test
    void whatIsNotLiveIsCreatedInTheOrderOfNeed() {
        live.clear();
        Plan plan = plan(
                DEPLOYMENT + "---\n" + CONFIG
                        + """
                ---
                apiVersion: batch/v1
                kind: Job
                metadata: {name: migrate, annotations: {lockstep.io/run: before}}
                ---
                apiVersion: example.com/v1
                kind: Service
                metadata: {name: custom}
                ---
                apiVersion: v1
                kind: Service
                metadata: {name: cart}
                ---
                apiVersion: apiextensions.k8s.io/v1
                kind: CustomResourceDefinition
                metadata: {name: services.example.com}
                spec:
                  group: example.com
                  scope: Namespaced
                  names: {kind: Service, plural: services}
                  versions: [{name: v1}]
                """,
                PlanOptions.DEPLOY,
                List.of());

        assertThat(plan.changes()).allMatch(change -> change.operation() == Operation.CREATE);
        assertThat(plan.changes())
                .extracting(change -> change.key().toString())
                .containsExactly(
                        "customresourcedefinition/services.example.com",
                        "configmap/cart-config-0123456789",
                        "service/cart",
                        "job/migrate",
                        "deployment/cart",
                        "service/custom");
        assertThat(plan.changes().get(5).kind())
                .isEqualTo(new ServedKind("example.com/v1", "Service", "services", true));
    }

    @Test
    void aDefinitionOfOldNamesItsOnlyVersionInAnotherWay() {
        Plan plan = plan(
                """
                apiVersion: apiextensions.k8s.io/v1beta1
                kind: CustomResourceDefinition
                metadata: {name: gadgets.example.com}
                spec:
                  group: example.com
                  scope: Namespaced
                  names: {kind: Gadget, plural: gadgets}
                  version: v1alpha1
                ---
                apiVersion: example.com/v1alpha1
                kind: Gadget
                metadata: {name: one}
                """,
                PlanOptions.DEPLOY,
                List.of());

        assertThat(plan.changes())
                .extracting(Change::kind)
                .contains(new ServedKind("example.com/v1alpha1", "Gadget", "gadgets", true));
    }

    /** Servers since 1.22 name the subresource: who applied a status has not applied the object. */
    @Test
    void whoAppliedASubresourceDidNotApplyTheObject() {
        Map<String, Object> tree = Tree.copy(find("Deployment", "cart").tree());
        Map<String, Object> metadata = Tree.map(tree, "metadata");
        metadata.put(
                "managedFields", List.of(Map.of("manager", "lockstep", "operation", "Apply", "subresource", "status")));
        tree.put("metadata", metadata);
        replace(tree);

        assertThat(plan(DEPLOYMENT, PlanOptions.DEPLOY, List.of())
                        .changes()
                        .get(0)
                        .operation())
                .isEqualTo(Operation.CONFIGURE);
    }

    @Test
    void eachKindIsListedOnce() {
        var cluster = new RecordedCluster(live);
        List<RenderedObject> desired =
                Rendered.objects(NAMESPACE, CONFIG + "---\n" + CONFIG.replace("0123456789", "other"));

        new Planner(cluster).plan(desired, List.of(item("ConfigMap", "old", true)), PlanOptions.DEPLOY);

        assertThat(cluster.lists()).containsExactly("ConfigMap");
    }

    @Test
    void onlyWhatLockstepCreatedAndNobodyProtectsIsPruned() {
        var previous = List.of(
                item("ConfigMap", "old", true),
                item("ConfigMap", "never", true),
                item("ConfigMap", "cart-config-0123456789", true),
                item("PersistentVolumeClaim", "data", true),
                item("Service", "cart", false),
                new InventoryItem("v1", key("", "ConfigMap", "recreated"), "another uid", true));

        Plan plan = plan(DEPLOYMENT, PlanOptions.DEPLOY, previous);

        assertThat(pruned(plan)).containsExactly("old");
        assertThat(plan.retained())
                .extracting(item -> item.key().name())
                .containsExactlyInAnyOrder("never", "cart-config-0123456789", "data");
        assertThat(plan.undesired()).hasSize(4);
        assertThat(pruned(plan(DEPLOYMENT, new PlanOptions(false, true), previous)))
                .containsExactlyInAnyOrder("data", "old");
    }

    @Test
    void anObjectThatSomeoneMadeAnewIsNotPruned() {
        var before = new InventoryItem("v1", key("", "ConfigMap", "old"), "the uid of another incarnation", true);

        assertThat(plan(DEPLOYMENT, PlanOptions.DEPLOY, List.of(before)).undesired())
                .isEmpty();
    }

    @Test
    void aJobOfTheSameNameIsKeptAFailedOneRunsAgainAndACleanedUpOneDoesNot() {
        assertThat(change(job("done"), List.of()).operation()).isEqualTo(Operation.KEEP);

        Change failed = change(job("failed"), List.of());
        assertThat(failed.operation()).isEqualTo(Operation.CREATE);
        assertThat(failed.live()).isNotNull();

        Change cleanedUp = change(
                job("gone"), List.of(new InventoryItem("batch/v1", key("batch", "Job", "gone"), "1", true, true)));
        assertThat(cleanedUp.operation()).isEqualTo(Operation.KEEP);
        assertThat(cleanedUp.live()).isNull();
        assertThat(change(job("gone"), List.of(new InventoryItem("batch/v1", key("batch", "Job", "gone"), "1", true)))
                        .operation())
                .as("nobody saw it complete: it may have failed before it was cleaned up")
                .isEqualTo(Operation.CREATE);
        assertThat(change(job("new"), List.of()).operation()).isEqualTo(Operation.CREATE);
    }

    @Test
    void aReleaseThatIsGoneOnWithRunsNoJobOfItsOwnASecondTime() {
        var stamp = new Stamp("cart", "staging", "REVISION", 7, "SEAL");
        PlanOptions resumed = PlanOptions.DEPLOY.resuming(stamp);
        String before = job("gone").replace("{name: gone}", "{name: gone, annotations: {lockstep.io/run: before}}");
        assertThat(plan(job("failed"), resumed, List.of()).changes().get(0).operation())
                .as("of an earlier release")
                .isEqualTo(Operation.CREATE);
        assertThat(operations(plan(before + "---\n" + DEPLOYMENT, resumed, List.of())))
                .as("nothing was applied after it")
                .containsEntry("Job", Operation.CREATE);

        stamp(find("Job", "failed"), stamp);
        stamp(find("Deployment", "cart"), stamp);

        assertThat(plan(job("failed"), resumed, List.of()).changes().get(0).operation())
                .isEqualTo(Operation.KEEP);
        assertThat(plan(job("failed"), PlanOptions.DEPLOY, List.of())
                        .changes()
                        .get(0)
                        .operation())
                .as("a new release of the same")
                .isEqualTo(Operation.CREATE);
        assertThat(operations(plan(before + "---\n" + DEPLOYMENT, resumed, List.of())))
                .as("it was waited for, and cleaned up since")
                .containsEntry("Job", Operation.KEEP);
        assertThat(plan(before + "---\n" + DEPLOYMENT, resumed, List.of()).changes())
                .filteredOn(change -> change.key().kind().equals("Job"))
                .as("the next release must know, too")
                .singleElement()
                .satisfies(change -> assertThat(change.previous().completed()).isTrue());
        assertThat(operations(plan(before + "---\n" + DEPLOYMENT, PlanOptions.DEPLOY, List.of())))
                .containsEntry("Job", Operation.CREATE);
        assertThat(operations(plan(job("gone") + "---\n" + DEPLOYMENT, resumed, List.of())))
                .as("nothing says that it ran")
                .containsEntry("Job", Operation.CREATE);
    }

    private static Map<String, Operation> operations(Plan plan) {
        return plan.changes().stream()
                .collect(Collectors.toMap(change -> change.key().kind(), Change::operation));
    }

    private void stamp(LiveObject object, Stamp stamp) {
        Map<String, Object> tree = Tree.copy(object.tree());
        Map<String, Object> metadata = Tree.map(tree, "metadata");
        Map<String, Object> labels = Tree.map(metadata, "labels");
        labels.put(Stamp.APP_LABEL, stamp.app());
        labels.put(Stamp.ENVIRONMENT_LABEL, stamp.environment());
        Map<String, Object> annotations = Tree.map(metadata, "annotations");
        annotations.put(Stamp.RELEASE_ANNOTATION, String.valueOf(stamp.release()));
        annotations.put(Stamp.CREATED_ANNOTATION, "true");
        metadata.put("labels", labels);
        metadata.put("annotations", annotations);
        tree.put("metadata", metadata);
        replace(tree);
    }

    @Test
    void whatAReleaseLeftBehindIsFoundByItsStamp() {
        var stamp = new Stamp("cart", "staging", "REVISION", 7, "SEAL");
        RenderedObject service = Rendered.object(NAMESPACE, "apiVersion: v1\nkind: Service\nmetadata: {name: left}\n");
        RenderedObject absent = Rendered.object(NAMESPACE, "apiVersion: v1\nkind: Service\nmetadata: {name: none}\n");

        assertThat(leftBy(stamp, stamp.on(service, true), service, absent))
                .extracting(item -> item.key().name(), InventoryItem::created)
                .containsExactly(tuple("left", true));
        assertThat(leftBy(stamp, stamp.on(service, false), service))
                .as("adopted")
                .isEmpty();
        assertThat(leftBy(stamp, new Stamp("cart", "staging", "REVISION", 6, "SEAL").on(service, true), service))
                .as("of an earlier release, whose inventory has it")
                .isEmpty();
        assertThat(leftBy(stamp, new Stamp("cart", "production", "REVISION", 7, "SEAL").on(service, true), service))
                .as("of another environment")
                .isEmpty();
    }

    @Test
    void aConfigMapIsLockstepsOwnOnlyWhereItsContentGivesItsNameAndNobodyElseWroteIt() {
        var stamp = new Stamp("cart", "staging", "REVISION", 7, "SEAL");
        RenderedObject own = configMap(ContentName.of("cart", Map.of("a", "1"), Map.of()));
        RenderedObject lookalike = configMap("cart-config-0123456789");

        assertThat(leftBy(stamp, writtenBy("lockstep", stamp.on(own, false)), own))
                .extracting(item -> item.key().name(), InventoryItem::created)
                .containsExactly(tuple(own.key().name(), true));
        assertThat(leftBy(stamp, writtenBy("kubectl", stamp.on(own, false)), own))
                .as("copied from elsewhere")
                .isEmpty();
        assertThat(leftBy(stamp, writtenBy("lockstep", stamp.on(lookalike, false)), lookalike))
                .as("adopted: its name only looks like one of Lockstep's")
                .isEmpty();
    }

    private static RenderedObject configMap(String name) {
        return Rendered.object(
                NAMESPACE,
                "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: " + name + "}\nimmutable: true\ndata: {a: \"1\"}\n");
    }

    private static Map<String, Object> writtenBy(String manager, Map<String, Object> tree) {
        Map<String, Object> metadata = Tree.map(tree, "metadata");
        metadata.put("managedFields", List.of(Map.of("manager", manager, "operation", "Apply", "fieldsV1", Map.of())));
        tree.put("metadata", metadata);
        return tree;
    }

    private static List<InventoryItem> leftBy(Stamp stamp, Map<String, Object> live, RenderedObject... objects) {
        var cluster = new RecordedCluster(List.of(new LiveObject("v1", objects[0].key(), live)));
        return new Planner(cluster).leftBy(stamp, List.of(objects));
    }

    @Test
    void aJobThatIsCompleteIsPrunedByADeployAndRememberedByARollback() {
        InventoryItem done = item("Job", "done", true);
        var gone = new InventoryItem("batch/v1", key("batch", "Job", "gone"), "1", true, true);

        assertThat(pruned(plan(DEPLOYMENT, PlanOptions.DEPLOY, List.of(done, gone))))
                .containsExactly("done");
        Plan rollback = plan(DEPLOYMENT, PlanOptions.ROLLBACK, List.of(done, gone, item("Job", "failed", true)));
        assertThat(pruned(rollback)).containsExactly("failed");
        assertThat(rollback.retained())
                .containsExactly(new InventoryItem(done.apiVersion(), done.key(), done.uid(), true, true), gone);
    }

    @Test
    void whatTheClusterNoLongerServesStaysInTheInventory() {
        var old = new InventoryItem("extensions/v1beta1", key("extensions", "Ingress", "cart"), "1", true);

        assertThat(plan(DEPLOYMENT, PlanOptions.DEPLOY, List.of(old)).retained())
                .containsExactly(old);
    }

    @Test
    void aRollbackLeavesJobsOutUnlessTheySayOtherwise() {
        var ran = new InventoryItem("batch/v1", key("batch", "Job", "ran"), "1", true);
        Plan plan = plan(
                job("ran") + "---\n" + job("new") + "---\n"
                        + job("wanted")
                                .replace("{name: wanted", "{name: wanted, annotations: {lockstep.io/on-rollback: run}"),
                PlanOptions.ROLLBACK,
                List.of(ran));

        assertThat(plan.changes())
                .singleElement()
                .extracting(change -> change.key().name())
                .isEqualTo("wanted");
        assertThat(plan.retained()).containsExactly(ran);
    }

    @Test
    void aCountOutOfBoundsIsAChangeOfTheWorkloadsThatRunTheImage() {
        var bounds = new ReplicaBounds(3, null, Set.of("127.0.0.1:15000/testbed/busybox:1"));
        var others = new ReplicaBounds(3, null, Set.of("another:1"));

        Plan plan = plan(DEPLOYMENT, PlanOptions.DEPLOY.bounded(bounds), List.of());

        assertThat(plan.changes().get(0).fields()).containsExactly("spec.replicas");
        assertThat(plan.bounds()).isEqualTo(bounds);
        assertThat(plan(DEPLOYMENT, PlanOptions.DEPLOY.bounded(others), List.of())
                        .isEmpty())
                .isTrue();
    }

    @Test
    void aKindThatIsNotServedIsRefusedWithItsPlace() {
        assertThatThrownBy(() -> plan(
                        CONFIG + "---\napiVersion: nobody/v1\nkind: Nothing\nmetadata: {name: a}\n",
                        PlanOptions.DEPLOY,
                        List.of()))
                .isInstanceOfSatisfying(DeliveryException.class, e -> {
                    assertThat(e.problem()).isEqualTo(Problem.CLUSTER_REJECTED);
                    assertThat(e.what()).isEqualTo("kind not served: Nothing of nobody/v1, wanted for a");
                    assertThat(e.where()).isEqualTo("test.yaml:7 (document 2)");
                });
    }

    @Test
    void aMissingNamespaceIsRefusedWithTheCommandThatMakesIt() {
        List<RenderedObject> desired = Rendered.objects("shop", CONFIG);

        assertThatThrownBy(() -> new Planner(new RecordedCluster(live)).plan(desired, List.of(), PlanOptions.DEPLOY))
                .isInstanceOfSatisfying(DeliveryException.class, e -> {
                    assertThat(e.problem()).isEqualTo(Problem.CLUSTER_REJECTED);
                    assertThat(e.hint()).isEqualTo("create it: kubectl create namespace shop");
                });
    }

    @Test
    void aSurveyTellsAllThatWouldBeRefusedAndPlansTheRest() {
        var desired = new ArrayList<>(Rendered.objects(NAMESPACE, CONFIG));
        desired.addAll(Rendered.objects(NAMESPACE, "apiVersion: nobody/v1\nkind: Nothing\nmetadata: {name: a}\n"));
        desired.addAll(Rendered.objects("shop", CONFIG));

        Survey survey = new Planner(new RecordedCluster(live)).survey(desired, List.of(), PlanOptions.DEPLOY);

        assertThat(survey.refusals())
                .extracting(DeliveryException::what)
                .containsExactly(
                        "kind not served: Nothing of nobody/v1, wanted for a",
                        "the namespace shop is missing, or being deleted");
        assertThat(survey.missingNamespaces()).containsExactly("shop");
        assertThat(survey.plan().changes())
                .extracting(change -> change.key().kind())
                .containsOnly("ConfigMap");
    }

    @Test
    void whatStaysAlthoughNobodyWantsItHasAReason() {
        var gone = new InventoryItem("nobody/v1", key("nobody", "Nothing", "n"), "uid", true);
        Plan plan = plan(
                CONFIG.replace("0123456789", "other"),
                PlanOptions.DEPLOY,
                List.of(item("Deployment", "cart", false), item("ConfigMap", "cart-config-0123456789", true), gone));

        assertThat(plan.spared())
                .containsExactlyInAnyOrder(
                        new Spared(find("Deployment", "cart").key(), Spared.Reason.ADOPTED),
                        new Spared(find("ConfigMap", "cart-config-0123456789").key(), Spared.Reason.SHARED),
                        new Spared(gone.key(), Spared.Reason.NOT_SERVED));
        assertThat(pruned(plan)).isEmpty();
    }

    private Change change(String yaml, List<InventoryItem> previous) {
        return plan(yaml, PlanOptions.DEPLOY, previous).changes().get(0);
    }

    /** The recorded objects carry HASH where the hash of what was applied belongs. */
    private Plan plan(String yaml, PlanOptions options, List<InventoryItem> previous) {
        List<RenderedObject> desired = Rendered.objects(NAMESPACE, yaml);
        String hash = Rendered.object(NAMESPACE, DEPLOYMENT).hash();
        List<LiveObject> stamped = live.stream()
                .map(object -> {
                    Map<String, Object> tree = Tree.copy(object.tree());
                    Map<String, Object> metadata = Tree.map(tree, "metadata");
                    Map<String, Object> annotations = Tree.map(metadata, "annotations");
                    annotations.replace(Stamp.APPLIED_ANNOTATION, hash);
                    metadata.put("annotations", annotations);
                    tree.put("metadata", metadata);
                    return new LiveObject(object.apiVersion(), object.key(), tree);
                })
                .toList();
        return new Planner(new RecordedCluster(stamped)).plan(desired, previous, options);
    }

    private static String job(String name) {
        return "apiVersion: batch/v1\nkind: Job\nmetadata: {name: " + name + "}\n";
    }

    private static List<String> pruned(Plan plan) {
        return plan.changes().stream()
                .filter(change -> change.operation() == Operation.PRUNE)
                .map(change -> change.key().name())
                .toList();
    }

    private InventoryItem item(String kind, String name, boolean created) {
        LiveObject object = find(kind, name);
        return new InventoryItem(object.apiVersion(), object.key(), object.uid(), created);
    }

    private LiveObject find(String kind, String name) {
        return live.stream()
                .filter(object ->
                        object.key().kind().equals(kind) && object.key().name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private void replace(Map<String, Object> tree) {
        LiveObject object = find(Tree.text(tree, "kind"), Tree.text(tree, "metadata", "name"));
        live.remove(object);
        live.add(new LiveObject(object.apiVersion(), object.key(), tree));
    }

    private static ResourceKey key(String group, String kind, String name) {
        return new ResourceKey(group, kind, NAMESPACE, name);
    }
}
