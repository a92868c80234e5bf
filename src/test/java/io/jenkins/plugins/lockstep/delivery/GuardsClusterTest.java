package io.jenkins.plugins.lockstep.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.lockstep.ClusterTest;
import io.jenkins.plugins.lockstep.TestBed;
import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.common.Progress;
import io.jenkins.plugins.lockstep.deploy.Verdict;
import io.jenkins.plugins.lockstep.history.Hold;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The guards on a real cluster, staging and production in a namespace each; every operation is one of a new process. */
@ClusterTest(pods = true)
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class GuardsClusterTest {

    private static final Actor JANE = new Actor("jane", null);

    @TempDir
    Path temporary;

    private final List<String> steps = new CopyOnWriteArrayList<>();
    private StoryNamespace staging;
    private StoryNamespace production;
    private SampleProject project;

    @BeforeEach
    void start() throws Exception {
        staging = StoryNamespace.make();
        production = StoryNamespace.make();
        project = SampleProject.in(temporary.resolve("cart"), staging.imageRepository(), TestBed.base());
        project.repository()
                .write(
                        "lockstep.yaml",
                        project.file()
                                .replace(
                                        "config: config/staging }",
                                        """
                                        config: config/staging, namespace: %s }
                                          production: { extends: [base], config: config/staging, namespace: %s,
                                                        after: staging, history: forward }"""
                                                .formatted(staging.name(), production.name())))
                .write("deploy/cart.yaml", SampleProject.deployment(1));
    }

    @AfterEach
    void end() {
        staging.close();
        production.close();
    }

    @Test
    void theGateReadsAnotherNamespaceAndSaysWhereItMayNot() throws Exception {
        String first = project.repository().commit("first");
        DeliveryException early = GuardsStory.refused(() -> release("production", Overrides.NONE));
        assertThat(early.problem()).isEqualTo(Problem.GATE_CLOSED);
        assertThat(early.what()).contains(first.substring(0, 12), "has not run well in staging");
        good(release("staging", Overrides.NONE));

        DeliveryException forbidden = GuardsStory.refused(() -> delivery()
                .deploy(
                        new DeployRequest(
                                project.location(),
                                "production",
                                new Target.Kubernetes(knowsProductionAlone(), null, null),
                                GuardsStory.settings(Overrides.NONE),
                                JANE),
                        Progress.NONE));

        assertThat(forbidden.problem()).isEqualTo(Problem.GATE_CLOSED);
        assertThat(forbidden.what()).isEqualTo("staging can't be asked whether this revision ran there");
        assertThat(forbidden.why()).contains("may not list configmaps in namespace " + staging.name());
        assertThat(forbidden.hint()).contains("--skip-gate");

        DeployResult passed = release("production", Overrides.NONE);
        good(passed);
        assertThat(passed.release().remarks()).isEmpty();

        project.repository().write("app/page.txt", "hot fix\n").commit("hot fix");
        DeployResult skipped = release("production", new Overrides(false, false, true, null));
        good(skipped);
        assertThat(history("production").releases().get(0).remarks())
                .containsExactly("whether it ran in staging was not asked: passed by --skip-gate");
        assertThat(GuardsStory.refused(() -> delivery()
                                .deploy(
                                        new DeployRequest(
                                                project.at(first),
                                                "production",
                                                target(),
                                                GuardsStory.settings(Overrides.NONE),
                                                JANE),
                                        Progress.NONE))
                        .problem())
                .isEqualTo(Problem.OLDER_REVISION);
    }

    @Test
    void whatWasUndoneIsHeldAndARollbackHoldsAll() throws Exception {
        project.repository().commit("first");
        good(release("staging", Overrides.NONE));
        String second = project.repository().write("app/page.txt", "second\n").commit("second");
        good(release("staging", Overrides.NONE));
        String broken = project.repository()
                .write(
                        "deploy/cart.yaml",
                        SampleProject.deployment(1).replace("httpGet: { path: /,", "httpGet: { path: /missing,"))
                .commit("broken");
        DeployResult undone = release(
                "staging",
                new RolloutSettings(Duration.ofSeconds(8), Duration.ofMinutes(1), true, false, false, Overrides.NONE));
        assertThat(undone.verdict().isGood()).isFalse();
        assertThat(undone.restored()).isNotNull();

        DeliveryException held = GuardsStory.refused(() -> release("staging", Overrides.NONE));

        assertThat(held.problem()).isEqualTo(Problem.HELD);
        assertThat(held.what())
                .isEqualTo(
                        "revision " + broken.substring(0, 12) + " is held in staging: it failed here and was undone");
        assertThat(history("staging").hold().kind()).isEqualTo(Hold.Kind.FAILURE);

        good(delivery()
                .rollback(
                        new RollbackRequest(
                                project.location(),
                                "staging",
                                "previous",
                                target(),
                                GuardsStory.settings(Overrides.NONE),
                                JANE),
                        steps::add));
        assertThat(steps)
                .contains("warning: what runs is release 2, restored after release 3 failed; this goes further back, to"
                        + " release 1");
        project.repository()
                .write("deploy/cart.yaml", SampleProject.deployment(1))
                .commit("mended");
        DeliveryException all = GuardsStory.refused(() -> release("staging", Overrides.NONE));
        assertThat(all.why()).contains("rolled back to release 1 by jane", "away from " + second.substring(0, 12));

        delivery().hold(new HoldRequest(project.location(), "staging", target(), false, "wait for joe", JANE));
        assertThat(staging.find("v1", "ConfigMap", "lockstep-cart-staging-hold"))
                .hasValueSatisfying(kept -> assertThat(kept.tree().toString()).contains("wait for joe"));
        assertThat(GuardsStory.refused(() -> release("staging", Overrides.NONE)).why())
                .contains("wait for joe");
        HoldResult lifted = delivery().hold(new HoldRequest(project.location(), "staging", target(), true, null, JANE));
        assertThat(lifted.lifted()).extracting(Hold::kind).containsExactly(Hold.Kind.BY_HAND, Hold.Kind.FAILURE);
        assertThat(lifted.hold()).isNull();
        good(release("staging", Overrides.NONE));
        assertThat(history("staging").hold()).isNull();
    }

    /** A person who may do everything in production's namespace and nothing elsewhere. */
    private Path knowsProductionAlone() throws Exception {
        production.create(
                "rbac.authorization.k8s.io/v1",
                "Role",
                "releaser",
                Map.of(
                        "rules",
                        List.of(Map.of("apiGroups", List.of("*"), "resources", List.of("*"), "verbs", List.of("*")))));
        production.create(
                "rbac.authorization.k8s.io/v1",
                "RoleBinding",
                "releaser",
                Map.of(
                        "roleRef",
                        Map.of("apiGroup", "rbac.authorization.k8s.io", "kind", "Role", "name", "releaser"),
                        "subjects",
                        List.of(Map.of("kind", "ServiceAccount", "name", "releaser", "namespace", production.name()))));
        String all = Files.readString(TestBed.kubeconfig());
        Path own = temporary.resolve("kubeconfig");
        String limited = all.replaceAll(
                "(?m)^( +)user:\\n( +)", "$1user:\n$2as: system:serviceaccount:" + production.name() + ":releaser\n$2");
        assertThat(limited).isNotEqualTo(all);
        Files.writeString(own, limited);
        return own;
    }

    private DeployResult release(String environment, Overrides overrides) throws InterruptedException {
        return release(environment, GuardsStory.settings(overrides));
    }

    private DeployResult release(String environment, RolloutSettings settings) throws InterruptedException {
        return delivery()
                .release(new DeployRequest(project.location(), environment, target(), settings, JANE), steps::add);
    }

    private static void good(DeployResult result) {
        assertThat(result.failure()).as("%s", result.verdict()).isEmpty();
        assertThat(result.verdict().code()).isEqualTo(Verdict.Code.RUNNING);
    }

    private HistoryResult history(String environment) {
        return delivery().history(project.location(), environment, target());
    }

    private static Target target() {
        return new Target.Kubernetes(TestBed.kubeconfig(), null, null);
    }

    private Delivery delivery() {
        return new DeliveryFactory(Map.of("HOME", temporary.resolve("home").toString())).delivery();
    }
}
