package io.jenkins.plugins.lockstep.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.jenkins.plugins.lockstep.ClusterTest;
import io.jenkins.plugins.lockstep.TestBed;
import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.common.document.Json;
import io.jenkins.plugins.lockstep.common.document.Tree;
import io.jenkins.plugins.lockstep.delivery.StatusResult.EnvironmentStatus;
import io.jenkins.plugins.lockstep.deploy.DriftCheck.Drifted;
import io.jenkins.plugins.lockstep.deploy.LiveObject;
import io.jenkins.plugins.lockstep.deploy.Verdict;
import io.jenkins.plugins.lockstep.history.Release;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whose fields are whose, on a real cluster: adoption, autoscalers, drift, and what a rollback takes back. */
@ClusterTest(pods = true)
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class OwnershipClusterTest {

    private static final Actor ACTOR = new Actor("jane", null);
    private static final String LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

    @TempDir
    Path temporary;

    private final List<String> steps = new CopyOnWriteArrayList<>();
    private StoryNamespace namespace;
    private SampleProject project;
    private Delivery delivery;

    @BeforeEach
    void start() throws InterruptedException {
        namespace = StoryNamespace.make();
        project = SampleProject.in(temporary.resolve("cart"), namespace.imageRepository(), TestBed.base());
        delivery = new DeliveryFactory(Map.of("HOME", temporary.resolve("home").toString())).delivery();
    }

    @AfterEach
    void end() {
        namespace.close();
    }

    @Test
    void whatKubectlAndHelmMadeIsAdoptedWithNoPodRestartedAndWhatIsDroppedLaterGoes() throws Exception {
        project.repository()
                .delete("deploy/service.yaml")
                .write("deploy/cart.yaml", web("lockstep", "{ app: cart }", "ours", "{ name: B, value: b }"))
                .write("deploy/settings.yaml", settings("a: same"))
                .commit("first");
        String image = delivery.build(project.location(), namespace.target(), this::step)
                .images()
                .get(0)
                .stored()
                .reference()
                .toString();
        namespace.kubectlApply(web(image, "{ app: cart, tier: web }", "kubectl's", "{ name: B, value: b }")
                .replace("spec:\n  selector", "spec:\n  replicas: 2\n  selector"));
        namespace.helmInstall(settings("a: same, b: dropped"), "shop");
        awaitReady(2);
        Set<String> pods = uids();

        assertThatThrownBy(() -> release(false)).isInstanceOfSatisfying(DeliveryException.class, failure -> {
            assertThat(failure.problem()).isEqualTo(Problem.FIELD_CONFLICT);
            assertThat(failure.getMessage())
                    .contains(".metadata.annotations.note", "kubectl-client-side-apply", "deploy/cart.yaml:");
            assertThat(failure.hint()).contains("--take-ownership");
        });
        assertThat(history()).isEmpty();

        DeployResult adopted = release(true);

        assertThat(adopted.problem()).as("%s", adopted.verdict()).isEmpty();
        assertThat(uids()).isEqualTo(pods);
        LiveObject live = namespace.get("apps/v1", "Deployment", "cart");
        assertThat(live.annotation("note")).isEqualTo("ours");
        assertThat(live.annotation(LAST_APPLIED)).isNull();
        assertThat(live.annotation("lockstep.io/created")).isNull();
        assertThat(Tree.integer(live.tree(), "spec", "replicas")).isEqualTo(2);
        assertThat(Tree.map(live.tree(), "spec", "selector", "matchLabels"))
                .containsOnly(Map.entry("app", "cart"), Map.entry("tier", "web"));
        assertThat(managers(live)).doesNotContain("kubectl-client-side-apply");
        assertThat(history().get(0).remarks())
                .containsExactlyInAnyOrder(
                        "took deployment/cart over from kubectl-client-side-apply",
                        "took configmap/settings over from helm");
        assertThat(steps)
                .anyMatch(step -> step.contains("keeps the selector") && step.contains("tier=web"))
                .anyMatch(step -> step.contains("Helm's release shop"));
        assertThat(Tree.map(namespace.get("v1", "ConfigMap", "settings").tree(), "data"))
                .containsOnly(Map.entry("a", "same"));
        assertThat(delivery.verify(project.location(), "staging", namespace.target())
                        .intact())
                .isTrue();

        project.repository()
                .write("deploy/cart.yaml", web("lockstep", "{ app: cart }", "ours", ""))
                .delete("deploy/settings.yaml")
                .commit("without B");
        DeployResult second = release(false);

        assertThat(second.problem()).as("%s", second.verdict()).isEmpty();
        assertThat(second.release().remarks()).isEmpty();
        LiveObject without = namespace.get("apps/v1", "Deployment", "cart");
        List<?> containers = Tree.list(without.tree(), "spec", "template", "spec", "containers");
        assertThat(Tree.list(containers.get(0), "env"))
                .extracting(variable -> Tree.text(variable, "name"))
                .containsExactly("A");
        assertThat(Tree.integer(without.tree(), "spec", "replicas")).isEqualTo(2);
        // What was adopted is never deleted, and that is said.
        assertThat(namespace.find("v1", "ConfigMap", "settings")).isPresent();
        assertThat(steps).anyMatch(step -> step.contains("configmap/settings: no longer wanted, and left"));
    }

    @Test
    void aSelectorThatPodsDoNotCarryIsRefusedWithTheLabelsThatAreMissing() throws Exception {
        project.repository()
                .delete("deploy/service.yaml")
                .write(
                        "deploy/cart.yaml",
                        web("lockstep", "{ app: cart }", "ours", "").replace("tier: web", "tier: api"))
                .commit("first");
        namespace.kubectlApply(web(TestBed.base(), "{ app: cart, tier: web }", "kubectl's", "")
                .replace("spec:\n  selector", "spec:\n  replicas: 0\n  selector"));

        assertThatThrownBy(() -> release(true)).isInstanceOfSatisfying(DeliveryException.class, failure -> {
            assertThat(failure.problem()).isEqualTo(Problem.CLUSTER_REJECTED);
            assertThat(failure.getMessage()).contains("deployment/cart", "tier=web", "deploy/cart.yaml:1");
        });
        assertThat(history()).isEmpty();
    }

    @Test
    void anAutoscalerIsPartOfTheReleaseAndTheLiveCountIsItsBusiness() throws Exception {
        project.repository()
                .write("lockstep.yaml", bounded("{ min: 1, max: 3, cpu: 70 }"))
                .write("deploy/cart.yaml", SampleProject.deployment(1))
                .commit("first");
        DeployResult first = release(false);

        assertThat(first.problem()).as("%s", first.verdict()).isEmpty();
        LiveObject autoscaler = namespace.get("autoscaling/v1", "HorizontalPodAutoscaler", "cart");
        assertThat(Tree.map(autoscaler.tree(), "spec"))
                .containsEntry("minReplicas", 1)
                .containsEntry("maxReplicas", 3)
                .containsEntry("targetCPUUtilizationPercentage", 70);
        assertThat(Tree.text(autoscaler.tree(), "spec", "scaleTargetRef", "name"))
                .isEqualTo("cart");
        assertThat(first.release().remarks()).isEmpty();
        assertThat(steps).anyMatch(step -> step.contains("requests no CPU"));

        namespace.scale("cart", 3);
        project.repository().write("app/page.txt", "second page\n").commit("second");
        DeployResult second = release(false);

        assertThat(second.problem()).as("%s", second.verdict()).isEmpty();
        assertThat(replicas()).isEqualTo(3);
        VerifyResult verified = delivery.verify(project.location(), "staging", namespace.target());
        assertThat(verified.drift()).isEmpty();
        assertThat(verified.intact()).isTrue();
        assertThat(verified.source().answer()).as("%s", verified.source()).isEqualTo(VerifyResult.Answer.SAME);

        project.repository()
                .write("lockstep.yaml", bounded("{ min: 1, max: 3 }"))
                .commit("by hand again");
        DeployResult third = release(false);

        assertThat(third.problem()).as("%s", third.verdict()).isEmpty();
        assertThat(third.pruned()).isEqualTo(1);
        assertThat(namespace.find("autoscaling/v1", "HorizontalPodAutoscaler", "cart"))
                .isEmpty();
        assertThat(replicas()).isEqualTo(3);
    }

    @Test
    void driftIsNamedWithWhoMovedItAndARollbackTakesItBackAndWritesThatDown() throws Exception {
        project.repository()
                .write("lockstep.yaml", bounded("{ min: 1, max: 2 }"))
                .write("deploy/cart.yaml", SampleProject.deployment(1))
                .write("deploy/secret.yaml", secret())
                .write("deploy/settings.yaml", settings("a: first"))
                .commit("first");
        Release first = release(false).release();
        String second = project.repository()
                .write("deploy/settings.yaml", settings("a: second"))
                .commit("second");
        release(false);
        assertThat(delivery.verify(project.location(), "staging", namespace.target())
                        .intact())
                .isTrue();

        namespace.kubectlEdit("v1", "Secret", "login", Map.of("data", Map.of("password", "c3RvbGVu")));
        namespace.kubectlEdit("v1", "ConfigMap", "settings", Map.of("data", Map.of("a", "edited", "mine", "x")));
        namespace.delete("v1", "Service", "cart");
        namespace.scale("cart", 3);
        VerifyResult drifted = delivery.verify(project.location(), "staging", namespace.target());

        assertThat(drifted.intact()).isFalse();
        assertThat(drifted.sealed()).isTrue();
        assertThat(drifted.release().revision()).isEqualTo(second);
        assertThat(drifted.drift())
                .extracting(drift -> drift.object().toString(), Drifted::field, Drifted::manager)
                .containsExactlyInAnyOrder(
                        tuple("secret/login", "data.password", "kubectl-edit"),
                        tuple("configmap/settings", "data.a", "kubectl-edit"),
                        tuple("service/cart", "", null),
                        tuple("deployment/cart", "spec.replicas", null));
        Drifted settings = drifted.drift().stream()
                .filter(drift -> drift.field().equals("data.a"))
                .findFirst()
                .orElseThrow();
        assertThat(settings.live()).isEqualTo("edited");
        assertThat(settings.released()).isEqualTo("second");
        assertThat(settings.at()).isNotNull();
        assertThat(Json.write(drifted.toTree()))
                .contains("\"live\":3,\"released\":\"1 to 2\"", "\"released\":\"secret:")
                .doesNotContain("c3RvbGVu", "aHVudGVyMg");
        EnvironmentStatus status = delivery.status(project.location(), "staging", namespace.target())
                .environments()
                .get(0);
        assertThat(Objects.requireNonNull(status.drift())).hasSize(4);
        assertThat(status.health().wanted()).isEqualTo(3);

        DeployResult back = delivery.rollback(
                new RollbackRequest(
                        project.location(), "staging", "previous", namespace.target(), RolloutSettings.DEFAULT, ACTOR),
                this::step);

        assertThat(back.problem()).as("%s", back.verdict()).isEmpty();
        assertThat(back.release().seal()).isEqualTo(first.seal());
        String[] taken = {
            "took data.a of configmap/settings from kubectl-edit",
            "took data.password of secret/login from kubectl-edit"
        };
        assertThat(steps).contains(taken);
        assertThat(history().get(0).remarks()).containsExactlyInAnyOrder(taken);
        assertThat(Tree.map(namespace.get("v1", "ConfigMap", "settings").tree(), "data"))
                .as("what somebody added stays")
                .containsOnly(Map.entry("a", "first"), Map.entry("mine", "x"));
        assertThat(delivery.verify(project.location(), "staging", namespace.target())
                        .drift())
                .isEmpty();
    }

    @Test
    void aRestoreTakesWhatSomebodyTookMeanwhileAndWritesThatDown() throws Exception {
        project.repository()
                .delete("deploy/cart.yaml")
                .write("deploy/settings.yaml", settings("a: first"))
                .commit("first");
        release(false);
        project.repository().write("config/staging/audience.txt", "everyone\n").commit("second");

        DeployResult failed = delivery.release(
                new DeployRequest(project.location(), "staging", namespace.target(), RolloutSettings.DEFAULT, ACTOR),
                message -> {
                    step(message);
                    if (message.startsWith("release 2 of revision")) {
                        namespace.kubectlEdit("v1", "ConfigMap", "settings", Map.of("data", Map.of("a", "edited")));
                    }
                });

        assertThat(failed.verdict().code()).isEqualTo(Verdict.Code.FIELD_CONFLICT);
        assertThat(Objects.requireNonNull(failed.restored()).number()).isEqualTo(1);
        assertThat(Tree.text(namespace.get("v1", "ConfigMap", "settings").tree(), "data", "a"))
                .isEqualTo("first");
        assertThat(history().get(0).remarks())
                .containsExactly("bringing release 1 back took data.a of configmap/settings from kubectl-edit");
    }

    /** A plan is told by the server; a deploy asks only for what is there, and undoes the rest. */
    @Test
    void aCreationThatTheServerRefusesIsSeenInThePlanAndUndoneByTheDeploy() throws Exception {
        project.repository()
                .delete("deploy/cart.yaml")
                .write("deploy/settings.yaml", settings("a: first"))
                .commit("first");
        release(false);
        project.repository()
                .write("deploy/settings.yaml", settings("a: second"))
                .write("deploy/added.yaml", settings("a: b").replace("settings", "added"))
                .write("deploy/bad.yaml", settings("\"no key\": b").replace("settings", "bad"))
                .commit("second");
        delivery.build(project.location(), namespace.target(), this::step);
        var request =
                new DeployRequest(project.location(), "staging", namespace.target(), RolloutSettings.DEFAULT, ACTOR);

        PlanResult plan = delivery.plan(request);
        DeployResult failed = delivery.deploy(request, this::step);

        assertThat(plan.refusals()).singleElement().satisfies(refusal -> {
            assertThat(refusal.problem()).isEqualTo(Problem.CLUSTER_REJECTED);
            assertThat(refusal.getMessage()).contains("configmap/bad");
        });
        assertThat(failed.problem()).contains(Problem.ROLLOUT_FAILED);
        assertThat(failed.verdict().code()).isEqualTo(Verdict.Code.REJECTED);
        assertThat(failed.verdict().message()).contains("configmap/bad", "deploy/bad.yaml:");
        assertThat(Objects.requireNonNull(failed.restored()).number()).isEqualTo(1);
        assertThat(Tree.text(namespace.get("v1", "ConfigMap", "settings").tree(), "data", "a"))
                .isEqualTo("first");
        assertThat(namespace.find("v1", "ConfigMap", "added")).isEmpty();
        assertThat(namespace.find("v1", "ConfigMap", "bad")).isEmpty();
        assertThat(delivery.verify(project.location(), "staging", namespace.target())
                        .intact())
                .isTrue();
    }

    @Test
    void anEnvironmentThatCannotBeReachedHidesNoOther() throws Exception {
        project.repository()
                .write(
                        "lockstep.yaml",
                        project.file() + "  lost: { config: config/staging, cluster: no-such-context }\n")
                .delete("deploy/cart.yaml")
                .commit("first");
        release(false);

        StatusResult all = delivery.status(project.location(), null, namespace.target());

        assertThat(all.environments())
                .extracting(EnvironmentStatus::environment, EnvironmentStatus::isReached)
                .containsExactly(tuple("staging", true), tuple("lost", false));
        assertThat(all.failure().orElseThrow().getMessage()).contains("no-such-context");
        assertThat(all.environments().get(0).health().state()).isEqualTo(Health.State.READY);
        assertThat(Json.write(all.toTree())).contains("\"error\":{\"code\":\"bad-usage\"");
        var typo = new Target.Kubernetes(TestBed.kubeconfig(), null, "no-such-" + namespace.name());
        assertThatThrownBy(() -> delivery.status(project.location(), "staging", typo))
                .isInstanceOfSatisfying(DeliveryException.class, failure -> {
                    assertThat(failure.problem()).isEqualTo(Problem.CLUSTER_REJECTED);
                    assertThat(failure.getMessage()).contains("there is no namespace no-such-");
                });
    }

    @Test
    void theConfigurationThatIsLoadedAloneIsLabelledAsAReleaseDoesIt() throws Exception {
        project.repository().delete("deploy/cart.yaml").commit("first");
        ConfigResult loaded = delivery.loadConfig(project.location(), "staging", namespace.target(), this::step);
        LiveObject before = namespace.get("v1", "ConfigMap", loaded.configMap());

        release(false);

        LiveObject after = namespace.get("v1", "ConfigMap", loaded.configMap());
        assertThat(before.label("lockstep.io/app")).isEqualTo("cart");
        assertThat(before.label("lockstep.io/environment")).isEqualTo("staging");
        assertThat(after.resourceVersion()).as("not written again").isEqualTo(before.resourceVersion());
    }

    private DeployResult release(boolean takeOwnership) throws InterruptedException {
        var settings = new RolloutSettings(
                Duration.ofMinutes(3), Duration.ofMinutes(1), true, takeOwnership, false, Overrides.NONE);
        return delivery.release(
                new DeployRequest(project.location(), "staging", namespace.target(), settings, ACTOR), this::step);
    }

    private List<Release> history() {
        return delivery.history(project.location(), "staging", namespace.target())
                .releases();
    }

    private void step(String message) {
        steps.add(message);
    }

    private Integer replicas() {
        return Tree.integer(namespace.get("apps/v1", "Deployment", "cart").tree(), "spec", "replicas");
    }

    private Set<String> uids() {
        return namespace.uids("v1", "Pod", "cart");
    }

    private void awaitReady(int count) throws InterruptedException {
        while (Tree.integer(0, namespace.get("apps/v1", "Deployment", "cart").tree(), "status", "readyReplicas")
                < count) {
            Thread.sleep(100);
        }
    }

    private static List<String> managers(LiveObject live) {
        return Tree.list(live.tree(), "metadata", "managedFields").stream()
                .map(entry -> Tree.text(entry, "manager"))
                .toList();
    }

    private String bounded(String replicas) throws java.io.IOException {
        return project.file()
                .replaceAll(
                        "staging: \\{.*",
                        "staging: { extends: [base], config: config/staging, replicas: " + replicas + " }");
    }

    private static String settings(String data) {
        return """
                apiVersion: v1
                kind: ConfigMap
                metadata: { name: settings }
                data: { %s }
                """
                .formatted(data);
    }

    private static String secret() {
        return """
                apiVersion: v1
                kind: Secret
                metadata: { name: login }
                stringData: { password: hunter2 }
                """;
    }

    /** A Deployment whose pods do nothing, so that they are ready soon. */
    private static String web(String image, String selector, String note, String variable) {
        return """
                apiVersion: apps/v1
                kind: Deployment
                metadata: { name: cart, annotations: { note: "%s" } }
                spec:
                  selector: { matchLabels: %s }
                  template:
                    metadata: { labels: { app: cart, tier: web } }
                    spec:
                      terminationGracePeriodSeconds: 0
                      containers:
                        - name: cart
                          image: "%s"
                          command: [/bin/busybox, sleep, "100000"]
                          env: [{ name: A, value: a }, %s]
                """
                .formatted(note, selector, image, variable)
                .replace(", ]", "]");
    }
}
