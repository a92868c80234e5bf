package io.jenkins.plugins.lockstep.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.jenkins.plugins.lockstep.ClusterTest;
import io.jenkins.plugins.lockstep.TestBed;
import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.DirectoryTree;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.common.Progress;
import io.jenkins.plugins.lockstep.common.document.Json;
import io.jenkins.plugins.lockstep.common.document.Tree;
import io.jenkins.plugins.lockstep.deploy.Change.Operation;
import io.jenkins.plugins.lockstep.deploy.ChangeDetail;
import io.jenkins.plugins.lockstep.deploy.FieldChange;
import io.jenkins.plugins.lockstep.revision.GitTestRepository;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a plan says of a real cluster, and what a saved one holds against. Each test has its own namespace. */
@ClusterTest(pods = true)
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class PlanClusterTest {

    private static final Actor ACTOR = new Actor("jane", null);
    private static final String OLD = "tiger";
    private static final String NEW = "lioness";

    @TempDir
    Path temporary;

    private StoryNamespace namespace;
    private SampleProject project;
    private GitTestRepository repository;
    private Path file;

    @BeforeEach
    void start() throws InterruptedException {
        namespace = StoryNamespace.make();
        repository = GitTestRepository.init(temporary.resolve("cart"));
        project = SampleProject.in(repository, namespace.imageRepository(), TestBed.base());
        file = temporary.resolve("plan.bundle");
        project.repository()
                .write("deploy/cart.yaml", SampleProject.deployment(1))
                .write("deploy/settings.yaml", settings("green", "4"))
                .write("deploy/password.yaml", password(OLD))
                .write("deploy/definition.yaml", definition());
    }

    @AfterEach
    void end() {
        namespace.deleteDefinition("widgets." + group());
        namespace.close();
    }

    @Test
    void eachFieldIsNamedAndASavedPlanHoldsWhateverDoesNotConcernIt() throws Exception {
        repository.write("deploy/widget.yaml", widget("round")).commit("first");
        release();
        // Not of the plan's concern: other managers' fields, counts and status.
        namespace.edit("v1", "ConfigMap", "settings", Map.of("data", Map.of("other", "mine")));
        repository
                .write(
                        "deploy/cart.yaml",
                        SampleProject.deployment(1)
                                .replace("image: lockstep", "image: lockstep\n          env: [{ name: A, value: b }]"))
                .write("deploy/settings.yaml", settings("blue", "5"))
                .write("deploy/password.yaml", password(NEW))
                .write("deploy/widget.yaml", widget("square"))
                .commit("second");
        build();

        PlanResult plan = plan(RolloutSettings.DEFAULT);

        assertThat(plan.refusals()).isEmpty();
        assertThat(fields(plan, "configmap/settings"))
                .containsExactlyInAnyOrder(
                        new FieldChange("data.color", "green", "blue"),
                        new FieldChange("data[limits.properties]", "a=1\nb=4\n", "a=1\nb=5\n"));
        assertThat(fields(plan, "widget/w")).containsExactly(new FieldChange("spec.shape", "round", "square"));
        assertThat(fields(plan, "deployment/cart"))
                .extracting(FieldChange::path)
                .containsExactlyInAnyOrder(
                        "spec.template.spec.containers[name=cart].image",
                        "spec.template.spec.containers[name=cart].env");
        assertThat(fields(plan, "secret/password")).singleElement().satisfies(field -> {
            assertThat(field.path()).isEqualTo("data.password");
            assertThat(String.valueOf(field.from())).startsWith("secret:").isNotEqualTo(field.to());
        });
        assertThat(operation(plan, "service/cart")).isEqualTo(Operation.KEEP);
        for (String secret : List.of(OLD, NEW, "dGlnZXI", "bGlvbmVzc")) {
            assertThat(Json.write(plan.toTree()) + plan).doesNotContain(secret);
        }

        namespace.scale("cart", 2);
        namespace.edit("v1", "ConfigMap", "settings", Map.of("data", Map.of("other", "still mine")));
        DirectoryTree.delete(repository.root());

        DeployResult result = deploy(RolloutSettings.DEFAULT);

        assertThat(result.failure()).isEmpty();
        assertThat(data("settings")).containsEntry("color", "blue").containsEntry("other", "still mine");
        assertThat(Tree.integer(namespace.get("apps/v1", "Deployment", "cart").tree(), "spec", "replicas"))
                .isEqualTo(2);
        assertThat(result.release().seal()).isEqualTo(plan.draft().seal());
    }

    @Test
    void whatMovedIsNamedAndWhatADeployWouldRefuseIsShown() throws Exception {
        repository
                .delete("deploy/cart.yaml")
                .delete("deploy/service.yaml")
                .write("deploy/widget.yaml", widget("round"))
                .commit("first");
        release();
        repository.write("deploy/settings.yaml", settings("blue", "4")).commit("second");
        build();
        assertThat(plan(RolloutSettings.DEFAULT).refusals()).isEmpty();

        namespace.edit("v1", "ConfigMap", "settings", Map.of("data", Map.of("color", "red")));
        namespace.delete("v1", "Secret", "password");

        DeliveryException moved = refused(() -> deploy(RolloutSettings.DEFAULT));
        assertThat(moved.problem()).isEqualTo(Problem.PLAN_OUTDATED);
        assertThat(moved.why())
                .contains("configmap/settings: data.color was green and is red", "secret/password is gone");
        assertThat(data("settings")).containsEntry("color", "red");

        // Now the field belongs to somebody: a plan shows both the conflict and what it is about.
        repository
                .write("deploy/gateway.yaml", "apiVersion: example.com/v1\nkind: Gateway\nmetadata: { name: g }\n")
                .write(
                        "deploy/invalid.yaml",
                        "apiVersion: v1\nkind: Service\nmetadata: { name: s }\nspec: { ports: [{ port: 99999 }] }\n")
                .write(
                        "deploy/far.yaml",
                        settings("far", "1").replace("name: settings", "name: far, namespace: no-such-place"))
                .write("deploy/job.yaml", job())
                .commit("third");
        build();
        Files.delete(file);

        PlanResult plan = plan(RolloutSettings.DEFAULT);

        assertThat(plan.refusals())
                .extracting(refusal -> refusal.problem().exitCode() + " " + refusal.what() + ": " + refusal.why())
                .anySatisfy(text -> assertThat(text).startsWith("5 kind not served: Gateway"))
                .anySatisfy(text -> assertThat(text).startsWith("5 the namespace no-such-place is missing"))
                .anySatisfy(text ->
                        assertThat(text).startsWith("3 ").contains("configmap/settings", "data.color", "somebody"))
                .anySatisfy(text -> assertThat(text).startsWith("5 ").contains("service/s", "spec.ports[0].port"))
                .hasSize(4);
        assertThat(fields(plan, "configmap/settings")).containsExactly(new FieldChange("data.color", "red", "blue"));
        assertThat(plan.rehearsal().details())
                .filteredOn(detail -> detail.change().key().kind().equals("Job"))
                .singleElement()
                .satisfies(detail -> assertThat(detail.notes()).containsExactly("will run, before the workloads"));
        assertThat(plan.bundle()).isNull();
        assertThat(file).doesNotExist();

        // Taking the field is a decision of the plan.
        repository
                .delete("deploy/gateway.yaml")
                .delete("deploy/invalid.yaml")
                .delete("deploy/far.yaml")
                .delete("deploy/job.yaml")
                .commit("fourth");
        build();
        assertThat(plan(RolloutSettings.DEFAULT.deciding(true, false)).refusals())
                .isEmpty();

        assertThat(deploy(RolloutSettings.DEFAULT).failure()).isEmpty();
        assertThat(data("settings")).containsEntry("color", "blue");
        assertThat(plan(RolloutSettings.DEFAULT).hasChanges()).isFalse();
    }

    private void release() throws InterruptedException {
        DeployResult result = delivery().release(request(RolloutSettings.DEFAULT), Progress.NONE);
        assertThat(result.failure()).isEmpty();
    }

    private void build() throws InterruptedException {
        delivery().build(project.location(), namespace.target(), Progress.NONE);
    }

    private PlanResult plan(RolloutSettings settings) throws InterruptedException {
        return delivery().plan(request(settings), file, Progress.NONE);
    }

    private DeployResult deploy(RolloutSettings settings) throws InterruptedException {
        return delivery()
                .deployPlanned(
                        new PlannedDeployRequest(
                                BundleSource.file(file), "staging", namespace.target(), settings, ACTOR),
                        Progress.NONE);
    }

    private DeployRequest request(RolloutSettings settings) {
        return new DeployRequest(project.location(), "staging", namespace.target(), settings, ACTOR);
    }

    private Delivery delivery() {
        return new DeliveryFactory(Map.of("HOME", temporary.resolve("home").toString())).delivery();
    }

    private static DeliveryException refused(ThrowingCallable action) {
        DeliveryException failure = catchThrowableOfType(DeliveryException.class, action);
        assertThat(failure).isNotNull();
        return failure;
    }

    private static List<FieldChange> fields(PlanResult plan, String object) {
        return detail(plan, object).fields();
    }

    private static Operation operation(PlanResult plan, String object) {
        return detail(plan, object).change().operation();
    }

    private static ChangeDetail detail(PlanResult plan, String object) {
        return plan.rehearsal().details().stream()
                .filter(detail -> detail.change().key().toString().equals(object))
                .findFirst()
                .orElseThrow();
    }

    private Map<String, Object> data(String configMap) {
        return Tree.map(namespace.get("v1", "ConfigMap", configMap).tree(), "data");
    }

    private String group() {
        return namespace.name() + ".example.com";
    }

    private static String settings(String color, String second) {
        return """
                apiVersion: v1
                kind: ConfigMap
                metadata: { name: settings }
                data:
                  color: %s
                  limits.properties: "a=1\\nb=%s\\n"
                """
                .formatted(color, second);
    }

    private static String password(String value) {
        return "apiVersion: v1\nkind: Secret\nmetadata: { name: password }\nstringData: { password: " + value + " }\n";
    }

    private static String job() {
        return """
                apiVersion: batch/v1
                kind: Job
                metadata: { name: migrate, annotations: { lockstep.io/run: before } }
                spec:
                  template:
                    spec: { restartPolicy: Never, containers: [{ name: main, image: lockstep }] }
                """;
    }

    private String widget(String shape) {
        return "apiVersion: %s/v1\nkind: Widget\nmetadata: { name: w }\nspec: { shape: %s }\n"
                .formatted(group(), shape);
    }

    private String definition() {
        return """
                apiVersion: apiextensions.k8s.io/v1
                kind: CustomResourceDefinition
                metadata: { name: widgets.%1$s }
                spec:
                  group: %1$s
                  scope: Namespaced
                  names: { plural: widgets, singular: widget, kind: Widget, listKind: WidgetList }
                  versions:
                    - name: v1
                      served: true
                      storage: true
                      schema:
                        openAPIV3Schema:
                          type: object
                          properties:
                            spec: { type: object, properties: { shape: { type: string } } }
                """
                .formatted(group());
    }
}
