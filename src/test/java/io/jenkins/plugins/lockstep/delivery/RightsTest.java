package io.jenkins.plugins.lockstep.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.jenkins.plugins.lockstep.ClusterTest;
import io.jenkins.plugins.lockstep.TestBed;
import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.common.Progress;
import io.jenkins.plugins.lockstep.common.document.Document;
import io.jenkins.plugins.lockstep.common.document.DocumentReader;
import io.jenkins.plugins.lockstep.common.document.Tree;
import io.jenkins.plugins.lockstep.deploy.Verdict;
import io.jenkins.plugins.lockstep.history.Ledger;
import io.jenkins.plugins.lockstep.kube.KubeClusters;
import io.jenkins.plugins.lockstep.kube.KubeTarget;
import io.jenkins.plugins.lockstep.kube.RestrictedUser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The Roles of {@code docs/rbac.md}, on a real cluster: a service account with exactly one of them does all that the page
 * says. The API server decides; a front before it only notes what is asked.
 */
@ClusterTest(pods = true)
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class RightsTest {

    private static final Actor ACTOR = new Actor("jane", null);
    private static final Pattern ROLE = Pattern.compile("(?ms)^```yaml\n(apiVersion: rbac.*?)^```$");

    @TempDir
    Path temporary;

    private final List<String> told = new CopyOnWriteArrayList<>();
    private StoryNamespace namespace;
    private RestrictedUser user;
    private SampleProject project;
    private Delivery delivery;

    @BeforeEach
    void start() throws Exception {
        namespace = StoryNamespace.make();
        user = new RestrictedUser(namespace.name(), "lockstep");
        project = SampleProject.in(temporary.resolve("cart"), namespace.imageRepository(), TestBed.base());
        project.repository()
                .write("deploy/cart.yaml", SampleProject.deployment(1))
                .write("deploy/more.yaml", more("first"));
        delivery = new DeliveryFactory(Map.of("HOME", temporary.resolve("home").toString())).delivery(progress());
    }

    @AfterEach
    void end() {
        user.close();
        namespace.close();
    }

    @Test
    void theRoleToDeployIsEnoughAndNothingOfItIsTooMuch() throws Exception {
        List<Map<String, Object>> rules = rules("lockstep-deploy");
        user.may(rules);
        String first = project.repository().commit("first");

        assertThat(release().problem()).isEmpty();
        project.repository()
                .delete("deploy/service.yaml")
                .delete("deploy/more.yaml")
                .write("app/page.txt", "second page\n")
                .commit("second");
        DeployResult second = release();
        assertThat(second.problem()).isEmpty();
        assertThat(second.pruned())
                .as("a Service, a Deployment, a Job, a Secret, a ConfigMap")
                .isEqualTo(5);

        crash(1);
        project.repository()
                .write("app/run.sh", "echo the till is locked\nexit 3\n")
                .commit("third");
        DeployResult third = release();
        assertThat(third.verdict().code()).isEqualTo(Verdict.Code.CRASH_LOOP);
        assertThat(String.join("\n", third.verdict().evidence())).contains("the till is locked");
        assertThat(third.restored()).isNotNull();

        DeployResult back = delivery.rollback(
                new RollbackRequest(project.location(), "staging", first, target(), settings(), ACTOR), progress());
        assertThat(back.problem()).isEmpty();
        assertThat(delivery.history(project.location(), "staging", target()).releases())
                .hasSize(5);
        assertThat(delivery.status(project.location(), "staging", target())
                        .environments()
                        .get(0)
                        .pods())
                .isNotEmpty();
        delivery.loadConfig(project.location(), "staging", target(), progress());
        assertThat(plan().plan().isEmpty()).isFalse();
        assertThat(told).noneMatch(message -> message.contains("can't watch"));

        assertThat(user.needed()).isEqualTo(RestrictedUser.rights(rules));
    }

    @Test
    void theRoleToReadIsEnoughAndNothingOfItIsTooMuch() throws Exception {
        project.repository().commit("first");
        delivery.release(
                new DeployRequest(project.location(), "staging", namespace.target(), settings(), ACTOR), progress());
        List<Map<String, Object>> rules = rules("lockstep-read");
        user.may(rules);

        assertThat(plan().plan().isEmpty()).isTrue();
        assertThat(delivery.history(project.location(), "staging", target()).releases())
                .hasSize(1);
        assertThat(delivery.status(project.location(), "staging", target())
                        .environments()
                        .get(0)
                        .pods())
                .as("the Job's pod is done, and counts no more")
                .hasSize(2);
        assertThat(user.needed()).isEqualTo(RestrictedUser.rights(rules));

        assertNamed("get leases.coordination.k8s.io", thrownBy(this::release));
    }

    @Test
    void aMissingRightIsNamed() throws Exception {
        List<Map<String, Object>> rules = rules("lockstep-deploy");
        user.may(rules);
        project.repository().commit("first");
        assertThat(release().problem()).isEmpty();
        project.repository().write("app/page.txt", "second page\n").commit("second");
        delivery.build(project.location(), target(), progress());

        user.may(without(rules, "configmaps"));
        assertNamed("list configmaps", thrownBy(this::plan));
        for (String resource : List.of("deployments.apps", "jobs.batch", "services", "secrets")) {
            user.may(without(rules, resource.replaceAll("\\..*", "")));
            assertThat(plan().refusals()).anySatisfy(refusal -> assertNamed("list " + resource, refusal));
        }
        user.may(without(rules, "leases"));
        assertNamed("get leases.coordination.k8s.io", thrownBy(this::deploy));

        user.may(without(rules, "pods", "replicasets", "events"));
        assertThat(deploy().problem()).isEmpty();
        for (String right : List.of("pods", "replicasets.apps", "events")) {
            assertThat(told)
                    .anyMatch(message -> message.startsWith("warning: can't watch")
                            && message.contains("'" + user.fullName() + "' may not list " + right + " in namespace "));
        }

        user.may(without(rules, "pods/log"));
        project.repository()
                .write("app/run.sh", "echo the till is locked\nexit 3\n")
                .commit("third");
        DeployResult third = release();
        assertThat(third.verdict().code()).isEqualTo(Verdict.Code.CRASH_LOOP);
        assertThat(String.join("\n", third.verdict().evidence()))
                .doesNotContain("the till is locked")
                .contains("'" + user.fullName() + "' may not get pods/log in namespace " + namespace.name());
    }

    private static DeliveryException thrownBy(ThrowingCallable call) {
        var failure = catchThrowableOfType(DeliveryException.class, call);
        assertThat(failure).isNotNull();
        return failure;
    }

    private void assertNamed(String right, DeliveryException failure) {
        assertThat(failure.problem()).isEqualTo(Problem.CLUSTER_FORBIDDEN);
        assertThat(failure.what())
                .isEqualTo("'" + user.fullName() + "' may not " + right + " in namespace " + namespace.name());
        assertThat(failure.why()).startsWith("needed to ");
        assertThat(failure.hint()).contains("docs/rbac.md").contains("kubectl auth can-i " + right);
    }

    /** Leaves what a process leaves that dies in the middle of a release which renders what release {@code number} did. */
    private void crash(int number) throws InterruptedException {
        try (var cluster =
                new KubeClusters(Map.of()).open(new KubeTarget(TestBed.kubeconfig(), null, namespace.name()))) {
            Ledger ledger = cluster.ledger(namespace.name(), "cart", "staging");
            ledger.begin(plan().draft(), ledger.objects(number));
        }
    }

    private DeployResult release() throws InterruptedException {
        return delivery.release(request(), progress());
    }

    private DeployResult deploy() throws InterruptedException {
        return delivery.deploy(request(), progress());
    }

    private PlanResult plan() throws InterruptedException {
        return delivery.plan(request());
    }

    private DeployRequest request() {
        return new DeployRequest(project.location(), "staging", target(), settings(), ACTOR);
    }

    private static RolloutSettings settings() {
        RolloutSettings usual = RolloutSettings.DEFAULT;
        return new RolloutSettings(Duration.ofMinutes(2), usual.lockTimeout(), true, false, false, usual.overrides());
    }

    private Target target() {
        Path kubeconfig = temporary.resolve("restricted");
        try {
            Files.writeString(
                    kubeconfig,
                    """
                    current-context: only
                    contexts: [{name: only, context: {cluster: near, namespace: %s}}]
                    clusters: [{name: near, cluster: {server: "%s"}}]
                    """
                            .formatted(namespace.name(), user.address()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Target.Kubernetes(kubeconfig, null, null);
    }

    private Progress progress() {
        return told::add;
    }

    private static List<Map<String, Object>> without(List<Map<String, Object>> rules, String... resources) {
        var some = new ArrayList<Map<String, Object>>();
        for (Map<String, Object> rule : rules) {
            if (Tree.list(rule, "resources").stream()
                    .noneMatch(resource -> List.of(resources).contains(resource))) {
                some.add(rule);
            }
        }
        assertThat(some).hasSize(rules.size() - resources.length);
        return some;
    }

    private static List<Map<String, Object>> rules(String role) throws IOException {
        String page = Files.readString(Path.of("docs", "rbac.md"));
        var rules = new ArrayList<Map<String, Object>>();
        ROLE.matcher(page).results().forEach(block -> {
            for (Document document :
                    new DocumentReader().read("docs/rbac.md", block.group(1).getBytes(StandardCharsets.UTF_8))) {
                if (Tree.text(document.tree(), "metadata", "name").equals(role)) {
                    Tree.list(document.tree(), "rules").forEach(rule -> rules.add(Tree.map(rule)));
                }
            }
        });
        assertThat(rules).isNotEmpty();
        return rules;
    }

    private static String more(String value) {
        return """
                apiVersion: v1
                kind: Secret
                metadata: { name: till }
                stringData: { key: %1$s }
                ---
                apiVersion: v1
                kind: ConfigMap
                metadata: { name: settings }
                data: { key: %1$s }
                ---
                apiVersion: batch/v1
                kind: Job
                metadata: { name: migrate }
                spec:
                  template:
                    spec:
                      restartPolicy: Never
                      containers: [{ name: main, image: lockstep, command: [/bin/busybox, "true"] }]
                ---
                apiVersion: apps/v1
                kind: Deployment
                metadata: { name: worker }
                spec:
                  replicas: 1
                  selector: { matchLabels: { app: worker } }
                  template:
                    metadata: { labels: { app: worker } }
                    spec:
                      terminationGracePeriodSeconds: 0
                      containers: [{ name: main, image: lockstep, command: [/bin/busybox, sleep, "600"] }]
                """
                .formatted(value);
    }
}
