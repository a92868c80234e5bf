package io.jenkins.plugins.lockstep.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.jenkins.plugins.lockstep.ClusterTest;
import io.jenkins.plugins.lockstep.TestBed;
import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.common.Progress;
import io.jenkins.plugins.lockstep.common.document.Tree;
import io.jenkins.plugins.lockstep.deploy.LiveObject;
import io.jenkins.plugins.lockstep.deploy.ServedKind;
import io.jenkins.plugins.lockstep.directory.DirectoryCluster;
import io.jenkins.plugins.lockstep.manifest.ResourceKey;
import io.jenkins.plugins.lockstep.revision.GitTestRepository;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What {@code helm template} and {@code kubectl kustomize} wrote, from the work tree to a release. The rendered files
 * beside this test's resources are the output of Helm 3.8 and kubectl 1.32 for the chart and the overlay there.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class GeneratedManifestsTest {

    private static final String REPOSITORY = "registry.example.com/shop/cart";

    @TempDir
    Path temporary;

    private final List<String> steps = new ArrayList<>();
    private GitTestRepository repository;
    private Target target;

    @BeforeEach
    void start() {
        target = new Target.Directory(temporary.resolve("target"));
        repository = project(REPOSITORY, "scratch", "shop");
    }

    @Test
    void aChartsOutputIsReleasedWithTheImageOfTheRevision() throws Exception {
        render(resource("helm/rendered.yaml"));

        DeployResult result = release();

        String image = result.release().images().get(0).reference().toString();
        assertThat(result.problem()).isEmpty();
        assertThat(container(live("apps/v1", "Deployment", "cart").tree())).isEqualTo(image);
        assertThat(find("v1", "ConfigMap", "cart-settings")).isNotNull();
        assertThat(find("v1", "Service", "cart")).isNotNull();
        assertThat(find("v1", "Pod", "cart-test-connection")).isNull();
        assertThat(steps).contains("left out: pod/cart-test-connection, a Helm hook for test");
    }

    @Test
    void anOverlaysOutputIsReleasedWithTheImageOfTheRevision() throws Exception {
        render(resource("kustomize/rendered.yaml"));

        DeployResult result = release();

        assertThat(container(live("apps/v1", "Deployment", "staging-cart").tree()))
                .isEqualTo(result.release().images().get(0).reference().toString());
    }

    @Test
    void anEarlierRevisionComesBackFromTheLedgerAndIsNotRenderedAnew() throws Exception {
        render(resource("kustomize/rendered.yaml").replace("everybody", "first"));
        String first = release().release().revision();
        repository.write("app/page.txt", "second\n").commit("second");
        render(resource("kustomize/rendered.yaml").replace("everybody", "second"));
        release();

        DeliveryException failure = catchThrowableOfType(
                DeliveryException.class, () -> delivery().deploy(request(location(first)), Progress.NONE));
        assertThat(failure.problem()).isEqualTo(Problem.BAD_INPUT);
        assertThat(failure.why()).contains("generated", "another commit");
        assertThat(audience()).isEqualTo("second");

        DeployResult back = delivery()
                .rollback(
                        new RollbackRequest(
                                location(null),
                                "staging",
                                first,
                                target,
                                RolloutSettings.DEFAULT,
                                new Actor("jane", null)),
                        Progress.NONE);
        assertThat(back.problem()).isEmpty();
        assertThat(audience()).isEqualTo("first");
    }

    @Test
    void aMistakeNamesTheTemplateThatItComesFrom() throws Exception {
        render(resource("helm/rendered.yaml")
                .replace("name: cart-settings }\n    data", "name: Cart_Settings }\n    data"));

        DeliveryException failure = catchThrowableOfType(DeliveryException.class, this::release);

        assertThat(failure.where()).isEqualTo("target/k8s/cart.yaml:66 (from cart/templates/settings.yaml)");

        render(resource("helm/rendered.yaml").replace("backoffLimit: 0", "backoffLimit: [0"));
        assertThat(catchThrowableOfType(DeliveryException.class, this::release).where())
                .startsWith("target/k8s/cart.yaml:")
                .endsWith(" (from cart/templates/migrate.yaml)");
    }

    @Test
    void anObjectThatTwoTemplatesDescribeIsToldWithBoth() throws Exception {
        String rendered = resource("helm/rendered.yaml");
        render(rendered + "---\n# Source: cart/charts/extra/templates/service.yaml\napiVersion: v1\nkind: Service\n"
                + "metadata: { name: cart }\n");

        DeliveryException failure = catchThrowableOfType(DeliveryException.class, this::release);

        assertThat(failure.what()).isEqualTo("service/cart is described twice");
        assertThat(failure.where()).endsWith("(from cart/charts/extra/templates/service.yaml)");
        assertThat(failure.why()).endsWith("(from cart/templates/settings.yaml)");
    }

    @Test
    void aJobThatMustRunFirstHasToSaySoInLockstepsWords() throws Exception {
        render(resource("helm/rendered.yaml").replace("    lockstep.io/run: before\n", ""));

        DeliveryException failure = catchThrowableOfType(DeliveryException.class, this::release);

        assertThat(failure.what()).isEqualTo("job/cart-migrate is a Helm hook (pre-install, pre-upgrade)");
        assertThat(failure.hint()).contains("lockstep.io/run: before");
        assertThat(temporary.resolve("target/objects")).doesNotExist();
    }

    @Test
    void hooksOfOtherTimesAreLeftOutAndThoseAfterwardsAreWarnedOf() throws Exception {
        String rendered = resource("helm/rendered.yaml").replace("    lockstep.io/run: before\n", "");

        render(rendered.replace("pre-install,pre-upgrade", "pre-delete"));
        release();
        assertThat(steps).contains("left out: job/cart-migrate, a Helm hook for pre-delete");

        render(rendered.replace("pre-install,pre-upgrade", "post-upgrade"));
        release();
        assertThat(steps)
                .anyMatch(step -> step.startsWith("warning: job/cart-migrate") && step.contains("not after them"));
    }

    @Test
    void theSourceOfAChartOrAnOverlayIsRefusedWithTheCommandThatRendersIt() throws Exception {
        repository.write(
                "lockstep.yaml",
                file(REPOSITORY, "scratch", "shop").replace("{ from: target/k8s, generated: true }", "deploy"));
        for (String path : List.of("Chart.yaml", "templates/deployment.yaml", "values.yaml")) {
            repository.write("deploy/chart/" + path, resource("helm/chart/" + path));
        }
        repository.commit("a chart");
        assertThat(catchThrowableOfType(DeliveryException.class, this::release).hint())
                .contains("`helm template APP deploy/chart > target/k8s/app.yaml`", "generated: true");

        repository
                .delete("deploy/chart/Chart.yaml")
                .delete("deploy/chart/values.yaml")
                .commit("templates alone");
        DeliveryException template = catchThrowableOfType(DeliveryException.class, this::release);
        assertThat(template.what()).isEqualTo("this is a template and no finished manifest");
        assertThat(template.hint()).contains("helm template APP deploy/chart ");

        repository.delete("deploy/chart/templates/deployment.yaml");
        for (String path :
                List.of("base/kustomization.yaml", "base/deployment.yaml", "overlays/staging/kustomization.yaml")) {
            repository.write("deploy/" + path, resource("kustomize/" + path));
        }
        repository
                .write("deploy/base/a-patch.yaml", "- op: remove\n  path: /spec\n")
                .commit("an overlay");
        assertThat(catchThrowableOfType(DeliveryException.class, this::release).hint())
                .contains("`kubectl kustomize deploy/base > target/k8s/app.yaml`");
    }

    @Test
    @ClusterTest(pods = true)
    void aChartsOutputRunsAndTheNextPlanHasNothingToDo() throws Exception {
        try (StoryNamespace namespace = StoryNamespace.make()) {
            temporary = Files.createDirectories(temporary.resolve("cluster"));
            repository = project(namespace.imageRepository(), TestBed.base(), namespace.name());
            target = namespace.target();
            String rendered = resource("helm/rendered.yaml")
                    .replace(REPOSITORY, namespace.imageRepository())
                    .replace("namespace: shop", "namespace: " + namespace.name());
            // Without the definition: it would stay in the cluster.
            render(rendered.substring(rendered.indexOf("# Source: cart/templates/deployment.yaml")));

            DeployResult result = release();

            assertThat(result.problem()).as("%s", result.verdict()).isEmpty();
            assertThat(delivery().plan(request(location(null))).hasChanges()).isFalse();
        }
    }

    private GitTestRepository project(String imageRepository, String base, String namespace) {
        var made = GitTestRepository.init(temporary.resolve("cart"))
                .write(".gitignore", "target/\n")
                .write("app/page.txt", "first\n")
                .write("lockstep.yaml", file(imageRepository, base, namespace));
        made.commit("first");
        return made;
    }

    private static String file(String imageRepository, String base, String namespace) {
        return """
                apiVersion: lockstep/v1
                app: cart
                image: { repository: "%s", base: "%s", layers: [{ from: app, to: /app }] }
                manifests: { from: target/k8s, generated: true }
                environments:
                  staging: { namespace: %s }
                """
                .formatted(imageRepository, base, namespace);
    }

    private void render(String text) {
        repository.write("target/k8s/cart.yaml", text);
    }

    private DeployResult release() throws InterruptedException {
        return delivery().release(request(location(null)), new Progress() {
            @Override
            public void step(String message) {
                steps.add(message);
            }

            @Override
            public void detail(String message) {}

            @Override
            public void warn(String message) {
                steps.add("warning: " + message);
            }

            @Override
            public void advance(String task, double fraction) {}
        });
    }

    private DeployRequest request(ProjectLocation location) {
        return new DeployRequest(location, "staging", target, RolloutSettings.DEFAULT, new Actor("jane", null));
    }

    private ProjectLocation location(String revision) {
        return new ProjectLocation(repository.root(), Path.of(ProjectLocation.DEFAULT_FILE), revision, null);
    }

    private Delivery delivery() {
        return new DeliveryFactory(Map.of("HOME", temporary.resolve("home").toString())).delivery();
    }

    private String audience() {
        return Tree.text(live("v1", "ConfigMap", "staging-settings-d82kbcdm7c").tree(), "data", "audience.txt");
    }

    private LiveObject live(String apiVersion, String kind, String name) {
        LiveObject live = find(apiVersion, kind, name);
        assertThat(live).as("%s %s", kind, name).isNotNull();
        return live;
    }

    private LiveObject find(String apiVersion, String kind, String name) {
        var cluster = new DirectoryCluster(temporary.resolve("target"), Clock.systemUTC());
        return cluster.get(
                        new ServedKind(apiVersion, kind, "", true),
                        new ResourceKey(ResourceKey.groupOf(apiVersion), kind, "shop", name))
                .orElse(null);
    }

    private static Object container(Map<String, Object> deployment) {
        return Tree.at(
                Tree.list(deployment, "spec", "template", "spec", "containers").get(0), "image");
    }

    private static String resource(String name) throws IOException {
        try (var in = GeneratedManifestsTest.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
