package io.jenkins.plugins.lockstep.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.jenkins.plugins.lockstep.bundle.Bundle;
import io.jenkins.plugins.lockstep.bundle.BundledRelease;
import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.DirectoryTree;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.common.Progress;
import io.jenkins.plugins.lockstep.common.document.Tree;
import io.jenkins.plugins.lockstep.deploy.Cluster;
import io.jenkins.plugins.lockstep.deploy.LiveObject;
import io.jenkins.plugins.lockstep.deploy.ServedKind;
import io.jenkins.plugins.lockstep.directory.DirectoryCluster;
import io.jenkins.plugins.lockstep.manifest.ResourceKey;
import io.jenkins.plugins.lockstep.revision.GitTestRepository;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Plans that are saved and deployed later, without a server: real Git, a real OCI layout, a directory for a cluster. */
class SavedPlanStoryTest {

    private static final Actor ACTOR = new Actor("jane", null);
    private static final String SETTINGS =
            """
            apiVersion: v1
            kind: ConfigMap
            metadata: { name: settings }
            data: { color: %s, size: "1" }
            """;

    @TempDir
    Path temporary;

    private GitTestRepository repository;
    private SampleProject project;
    private Target target;
    private Path file;

    @BeforeEach
    void start() {
        repository = GitTestRepository.init(temporary.resolve("cart"));
        project = SampleProject.in(repository, "registry.example.com/shop/cart", "scratch");
        project.repository().write("deploy/settings.yaml", SETTINGS.formatted("green"));
        target = new Target.Directory(temporary.resolve("target"));
        file = temporary.resolve("plan.bundle");
    }

    @Test
    void aSavedPlanIsDeployedWithoutItsRepository() throws Exception {
        String first = repository.commit("first");
        String second = repository.write("app/page.txt", "second\n").commit("second");
        PlanResult planned = buildAndPlan();
        assertThat(planned.bundle()).isEqualTo(file);
        DirectoryTree.delete(repository.root());

        DeployResult result = deploy();

        assertThat(result.failure()).isEmpty();
        assertThat(result.release().revision()).isEqualTo(second);
        assertThat(result.release().seal()).isEqualTo(planned.draft().seal());
        assertThat(result.release().images()).isEqualTo(planned.draft().images());
        assertThat(live("settings")).containsEntry("color", "green");
        assertThat(BundleFiles.read(BundleSource.file(file), "staging")
                        .lineage()
                        .ids())
                .containsExactly(second, first);
        // Once more: nothing is left to do, whatever the plan saw.
        assertThat(deploy().release().number()).isEqualTo(1);
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void aBundleIsForItsOwnerAlone() throws Exception {
        Files.writeString(file, "old");
        repository.commit("first");
        buildAndPlan();

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        try (Stream<Path> beside = Files.list(temporary)) {
            assertThat(beside.filter(path -> path.getFileName().toString().contains("bundle")))
                    .hasSize(1);
        }
    }

    @Test
    void aFieldThatMovedIsNamedAndNothingIsWritten() throws Exception {
        repository.commit("first");
        release();
        repository.write("deploy/settings.yaml", SETTINGS.formatted("blue")).commit("second");
        buildAndPlan();
        edit(Map.of("data", Map.of("size", "2")));

        DeliveryException failure = refused(this::deploy);

        assertThat(failure.problem()).isEqualTo(Problem.PLAN_OUTDATED);
        assertThat(failure.why()).isEqualTo("configmap/settings: data.size was 1 and is 2");
        assertThat(failure.hint()).contains("lockstep plan");
        assertThat(live("settings")).containsEntry("color", "green").containsEntry("size", "2");
    }

    @Test
    void whatOthersAddDoesNotStopASavedPlan() throws Exception {
        repository.commit("first");
        release();
        repository.write("deploy/settings.yaml", SETTINGS.formatted("blue")).commit("second");
        buildAndPlan();
        edit(Map.of("metadata", Map.of("name", "settings", "annotations", Map.of("note", "mine"))));

        assertThat(deploy().failure()).isEmpty();

        assertThat(live("settings")).containsEntry("color", "blue");
    }

    @Test
    void anotherReleaseSinceIsNamed() throws Exception {
        repository.commit("first");
        release();
        repository.write("deploy/settings.yaml", SETTINGS.formatted("blue")).commit("second");
        buildAndPlan();
        String third = repository.write("app/page.txt", "third\n").commit("third");
        release();

        DeliveryException failure = refused(this::deploy);

        assertThat(failure.problem()).isEqualTo(Problem.PLAN_OUTDATED);
        assertThat(failure.why()).startsWith("release 2 of revision " + third + " was made since, by jane");
    }

    @Test
    void aPlanIsForItsPlaceAndItsEnvironmentAlone() throws Exception {
        repository.commit("first");
        buildAndPlan();

        DeliveryException environment = refused(() -> deploy("production", target, RolloutSettings.DEFAULT));
        assertThat(environment.what()).contains("production");
        Target other = new Target.Directory(temporary.resolve("other"));
        build(other);
        DeliveryException place = refused(() -> deploy("staging", other, RolloutSettings.DEFAULT));
        assertThat(place.problem().exitCode()).isEqualTo(3);
        assertThat(place.why())
                .contains(
                        temporary.resolve("target").toString(),
                        temporary.resolve("other").toString());
    }

    @Test
    void whatThePlanDidNotDecideIsNotDecidedLater() throws Exception {
        repository.commit("first");
        buildAndPlan();

        DeliveryException failure =
                refused(() -> deploy("staging", target, RolloutSettings.DEFAULT.deciding(true, false)));

        assertThat(failure.problem()).isEqualTo(Problem.BAD_USAGE);
        assertThat(failure.hint()).contains("lockstep plan staging --take-ownership --out");
    }

    @Test
    void theGracesOfTheProjectFileHoldForASavedPlanToo() throws Exception {
        repository
                .write("lockstep.yaml", project.file() + "graces: { scheduling: 10m, exits: 5 }\n")
                .commit("first");
        buildAndPlan();
        DirectoryTree.delete(repository.root());
        RolloutSettings standard = RolloutSettings.DEFAULT;
        var hasty = new RolloutSettings(
                standard.timeout(), standard.lockTimeout(), true, false, false, Overrides.NONE, Map.of("exits", "9"));
        var request = new PlannedDeployRequest(BundleSource.file(file), "staging", target, hasty, ACTOR);

        RolloutSettings settings =
                DeployPlanned.settings(request, BundleFiles.read(BundleSource.file(file), "staging"));

        assertThat(settings.graces()).isEqualTo(Map.of("scheduling", "10m", "exits", "9"));
        assertThat(deploy().failure()).isEmpty();
    }

    @Test
    void anImageThatIsGoneIsNamedBeforeAnythingIsWritten() throws Exception {
        repository.commit("first");
        buildAndPlan();
        DirectoryTree.delete(temporary.resolve("target").resolve("images"));

        assertThat(refused(this::deploy).problem()).isEqualTo(Problem.IMAGE_MISSING);
        assertThat(find("settings")).isNull();
    }

    @Test
    void generatedManifestsOfAnEarlierRevisionComeFromTheBundle() throws Exception {
        String projectFile =
                project.file().replace("manifests: deploy/", "manifests: { from: target/k8s, generated: true }");
        String first = repository
                .write(".gitignore", "target/\n")
                .write("lockstep.yaml", projectFile)
                .commit("first");
        repository.write("target/k8s/settings.yaml", SETTINGS.formatted("green"));
        buildAndPlan();
        repository.write("target/k8s/settings.yaml", SETTINGS.formatted("blue"));
        repository.write("app/page.txt", "second\n").commit("second");

        DeliveryException rendered = refused(() -> delivery()
                .deploy(
                        new DeployRequest(project.at(first), "staging", target, RolloutSettings.DEFAULT, ACTOR),
                        Progress.NONE));
        assertThat(rendered.hint()).contains("bundle");

        assertThat(deploy().release().revision()).isEqualTo(first);
        assertThat(live("settings")).containsEntry("color", "green");
    }

    /** What a build keeps: it has not looked at any environment, so there is nothing that could have moved. */
    @Test
    void aBundleWithoutAPlanIsDeployedAsItIs() throws Exception {
        repository.commit("first");
        buildAndPlan();
        Bundle saved = BundleFiles.read(BundleSource.file(file), "staging");
        BundledRelease release = saved.release("staging");
        BundleFiles.write(
                file,
                new Bundle(
                        saved.app(),
                        saved.vcs(),
                        saved.lineage(),
                        saved.shallow(),
                        saved.images(),
                        saved.keep(),
                        saved.environments(),
                        saved.commits(),
                        saved.contents(),
                        Map.of(
                                "staging",
                                new BundledRelease(
                                        release.namespace(),
                                        release.configMaps(),
                                        release.seal(),
                                        release.objects(),
                                        null)),
                        saved.at(),
                        saved.by()));
        repository.write("app/page.txt", "other\n").commit("other");
        release();

        assertThat(deploy().release().number()).isEqualTo(2);
    }

    @Test
    void aPlaceWhereNothingCanBeWrittenIsNamed() throws Exception {
        repository.commit("first");
        file = temporary.resolve("missing").resolve("plan.bundle");

        DeliveryException failure = refused(this::buildAndPlan);

        assertThat(failure.problem()).isEqualTo(Problem.BAD_USAGE);
        assertThat(failure.why()).contains("there is no directory");
        assertThat(refused(this::deploy).what()).startsWith("there is no file");
    }

    private void build(Target place) throws InterruptedException {
        delivery().build(project.location(), place, Progress.NONE);
    }

    private PlanResult buildAndPlan() throws InterruptedException {
        build(target);
        return delivery().plan(request(), file, Progress.NONE);
    }

    private void release() throws InterruptedException {
        assertThat(delivery().release(request(), Progress.NONE).failure()).isEmpty();
    }

    private DeployRequest request() {
        return new DeployRequest(project.location(), "staging", target, RolloutSettings.DEFAULT, ACTOR);
    }

    private DeployResult deploy() throws InterruptedException {
        return deploy("staging", target, RolloutSettings.DEFAULT);
    }

    private DeployResult deploy(String environment, Target place, RolloutSettings settings)
            throws InterruptedException {
        return delivery()
                .deployPlanned(
                        new PlannedDeployRequest(BundleSource.file(file), environment, place, settings, ACTOR),
                        Progress.NONE);
    }

    private Delivery delivery() {
        return new DeliveryFactory(Map.of("HOME", temporary.resolve("home").toString())).delivery();
    }

    private static DeliveryException refused(ThrowingCallable action) {
        DeliveryException failure = catchThrowableOfType(DeliveryException.class, action);
        assertThat(failure).isNotNull();
        return failure;
    }

    /** Does what kubectl edit does, as far as a directory knows of it. */
    private void edit(Map<String, Object> rest) {
        var tree = new java.util.LinkedHashMap<String, Object>();
        tree.put("apiVersion", "v1");
        tree.put("kind", "ConfigMap");
        tree.put("metadata", Map.of("name", "settings"));
        tree.putAll(rest);
        cluster().apply(kind(), key("settings"), tree, new Cluster.ApplyMode("somebody", true, false));
    }

    private Map<String, Object> live(String name) {
        LiveObject found = find(name);
        assertThat(found).isNotNull();
        return Tree.map(found.tree(), "data");
    }

    private LiveObject find(String name) {
        return cluster().get(kind(), key(name)).orElse(null);
    }

    private DirectoryCluster cluster() {
        return new DirectoryCluster(temporary.resolve("target"), Clock.systemUTC());
    }

    private static ServedKind kind() {
        return new ServedKind("v1", "ConfigMap", "configmaps", true);
    }

    private static ResourceKey key(String name) {
        return new ResourceKey("", "ConfigMap", "default", name);
    }
}
