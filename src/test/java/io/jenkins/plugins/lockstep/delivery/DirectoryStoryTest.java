package io.jenkins.plugins.lockstep.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.common.Progress;
import io.jenkins.plugins.lockstep.common.Sha256;
import io.jenkins.plugins.lockstep.deploy.Change.Operation;
import io.jenkins.plugins.lockstep.deploy.Cluster;
import io.jenkins.plugins.lockstep.deploy.ServedKind;
import io.jenkins.plugins.lockstep.deploy.Verdict;
import io.jenkins.plugins.lockstep.directory.DirectoryCluster;
import io.jenkins.plugins.lockstep.directory.DirectoryEnvironmentLock;
import io.jenkins.plugins.lockstep.directory.DirectoryLedger;
import io.jenkins.plugins.lockstep.history.Claim;
import io.jenkins.plugins.lockstep.history.Release;
import io.jenkins.plugins.lockstep.history.ReleaseLog;
import io.jenkins.plugins.lockstep.manifest.RenderedObject;
import io.jenkins.plugins.lockstep.manifest.ResourceKey;
import io.jenkins.plugins.lockstep.revision.GitTestRepository;
import io.jenkins.plugins.lockstep.revision.TestRepository;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The whole story without a server: real Git, a real OCI layout, a directory for a cluster. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class DirectoryStoryTest {

    private static final String IMAGE = "registry.example.com/shop/cart";
    private static final Actor ACTOR = new Actor("jane", null);

    @TempDir
    Path temporary;

    private SampleProject project;
    private Target target;
    private Delivery delivery;

    @BeforeEach
    void start() {
        project = SampleProject.in(repository(temporary.resolve("cart")), IMAGE, "scratch");
        target = new Target.Directory(temporary.resolve("target"));
        delivery = new DeliveryFactory(Map.of("HOME", temporary.resolve("home").toString())).delivery();
    }

    /** Makes the repository of the story; every system tells the same one. */
    TestRepository<?> repository(Path directory) {
        return GitTestRepository.init(directory);
    }

    @Test
    void aCommitBecomesAReleaseOfExactlyThatCommit() throws Exception {
        String revision = project.repository().commit("first");

        DeployResult result = release();

        assertThat(result.failure()).isEmpty();
        assertThat(result.verdict().code()).isEqualTo(Verdict.Code.WRITTEN);
        assertThat(result.release().number()).isEqualTo(1);
        assertThat(result.release().revision()).isEqualTo(revision);
        assertThat(result.plan().count(Operation.CREATE)).isEqualTo(3);
        String image = result.release().images().get(0).reference().toString();
        assertThat(image).startsWith(IMAGE + ":" + revision + "@sha256:");
        String configMap = result.release().configMaps().get(0);
        assertThat(configMap).matches("cart-config-[0-9a-f]{10}");
        assertThat(object("Deployment.apps", "cart")).contains(image, configMap, revision);
        assertThat(object("ConfigMap", configMap)).contains("first testers", "most=10");
    }

    @Test
    void theSameCommitAgainChangesNothingAndRecordsNothing() throws Exception {
        project.repository().commit("first");
        Release first = release().release();
        Map<Path, String> before = content();

        DeployResult again = release();

        assertThat(again.release()).isEqualTo(first);
        assertThat(again.plan().isEmpty()).isTrue();
        assertThat(history()).hasSize(1);
        assertThat(content()).isEqualTo(before);
    }

    @Test
    void aRollbackBringsDigestConfigurationAndObjectsBackWithoutABuild() throws Exception {
        project.repository().commit("first");
        Release first = release().release();
        String deployment = withoutRelease(object("Deployment.apps", "cart"));
        String configMap = object("ConfigMap", first.configMaps().get(0));
        project.repository()
                .write("app/page.txt", "second page\n")
                .write("config/staging/audience.txt", "everyone\n")
                .delete("deploy/service.yaml");
        project.repository().commit("second");
        Release second = release().release();
        assertThat(second.seal()).isNotEqualTo(first.seal());
        assertThat(temporary.resolve("target/objects/default/Service/cart.yaml"))
                .doesNotExist();

        DeployResult back = rollback("previous");

        assertThat(back.release().number()).isEqualTo(3);
        assertThat(back.release().rollbackOf()).isEqualTo(1);
        assertThat(back.release().seal()).isEqualTo(first.seal());
        assertThat(back.release().images()).isEqualTo(first.images());
        assertThat(withoutRelease(object("Deployment.apps", "cart"))).isEqualTo(deployment);
        assertThat(object("ConfigMap", first.configMaps().get(0))).isEqualTo(configMap);
        assertThat(temporary.resolve("target/objects/default/Service/cart.yaml"))
                .exists();
        assertThat(history().stream().map(Release::number)).containsExactly(3, 2, 1);
    }

    @Test
    void aRollbackFindsARevisionByItsShortIdAndAReleaseByItsNumber() throws Exception {
        String first = project.repository().commit("first");
        release();
        project.repository().write("app/page.txt", "second page\n").commit("second");
        release();

        assertThat(rollback(first.substring(0, 8)).release().revision()).isEqualTo(first);
        assertThat(rollback("#2").release().rollbackOf()).isEqualTo(2);
    }

    @Test
    void aRollbackToAnImageThatIsGoneTouchesNothing() throws Exception {
        project.repository().commit("first");
        Release first = release().release();
        project.repository().write("app/page.txt", "second page\n").commit("second");
        release();
        String digest = first.images().get(0).reference().digest();
        Files.delete(temporary.resolve("target/images/blobs/sha256").resolve(digest.substring("sha256:".length())));
        Map<Path, String> before = content();

        DeliveryException failure = failure(() -> rollback("previous"));

        assertThat(failure.problem()).isEqualTo(Problem.IMAGE_MISSING);
        assertThat(failure.where()).contains(digest);
        assertThat(content()).isEqualTo(before);
    }

    @Test
    void twoClonesBuildTheSameImage() throws Exception {
        String revision = project.repository().commit("first");
        BuildResult here = delivery.build(project.location(), target, Progress.NONE);
        var clone = project.repository().cloneTo(temporary.resolve("elsewhere/clone"));
        Files.setLastModifiedTime(
                clone.root().resolve("app/page.txt"), java.nio.file.attribute.FileTime.fromMillis(86_400_000));
        var there = new Target.Directory(temporary.resolve("other-target"));

        BuildResult again = delivery.build(
                new ProjectLocation(clone.root(), Path.of("lockstep.yaml"), null, null), there, Progress.NONE);

        assertThat(again.revision().id()).isEqualTo(revision);
        assertThat(again.images().get(0).reused()).isFalse();
        assertThat(digests(again)).isEqualTo(digests(here));
    }

    @Test
    void aTagThatHoldsTheRevisionIsReused() throws Exception {
        project.repository().commit("first");
        BuildResult built = delivery.build(project.location(), target, Progress.NONE);

        BuildResult again = delivery.build(project.location(), target, Progress.NONE);

        assertThat(again.images().get(0).reused()).isTrue();
        assertThat(digests(again)).isEqualTo(digests(built));
    }

    @Test
    void uncommittedChangesAreNamedAndRefused() throws Exception {
        project.repository().commit("first");
        for (int i = 1; i <= 7; i++) {
            project.repository().write("app/more-" + i + ".txt", "one\n");
        }
        project.repository().commit("more files");
        for (int i = 1; i <= 7; i++) {
            project.repository().write("app/more-" + i + ".txt", "two\n");
        }

        DeliveryException failure = failure(this::release);

        assertThat(failure.problem()).isEqualTo(Problem.UNCOMMITTED_CHANGES);
        assertThat(failure.why()).contains("app/more-1.txt").contains("and 2 more");
        assertThat(temporary.resolve("target")).doesNotExist();
    }

    @Test
    void aKeyThatTheConfigurationLacksIsRefusedBeforeAnythingIsWritten() throws Exception {
        project.repository().commit("first");
        release();
        project.repository()
                .write(
                        "deploy/cart.yaml",
                        SampleProject.deployment(2)
                                .replace(
                                        "configMap: { name: cart-config }",
                                        "configMap: { name: cart-config, items: [{ key: audiense.txt, path: a }] }"))
                .commit("mistyped key");
        Map<Path, String> before = content();

        DeliveryException failure = failure(this::release);

        assertThat(failure.problem()).isEqualTo(Problem.BAD_INPUT);
        assertThat(failure.where()).startsWith("deploy/cart.yaml:");
        assertThat(failure.getMessage() + failure.hint()).contains("audiense.txt", "audience.txt");
        assertThat(content()).isEqualTo(before);
        assertThat(history()).hasSize(1);
    }

    @Test
    void twoEnvironmentsInOneNamespaceDoNotTakeEachOthersObjects() throws Exception {
        project.repository()
                .write("lockstep.yaml", project.file() + "  testing: { extends: [base], config: config/staging }\n")
                .commit("two environments");
        release();
        Map<Path, String> before = content();
        var other = new DeployRequest(project.location(), "testing", target, RolloutSettings.DEFAULT, ACTOR);

        DeliveryException failure = failure(() -> delivery.deploy(other, Progress.NONE));

        assertThat(failure.problem()).isEqualTo(Problem.FIELD_CONFLICT);
        assertThat(failure.getMessage()).contains("cart in staging");
        assertThat(content()).isEqualTo(before);
    }

    @Test
    void aRevisionWithoutAnImageIsNotDeployed() {
        String revision = project.repository().commit("first");

        DeliveryException failure = failure(this::deploy);

        assertThat(failure.problem()).isEqualTo(Problem.IMAGE_MISSING);
        assertThat(failure.getMessage()).contains(revision);
        assertThat(failure.hint()).contains("lockstep build");
    }

    @Test
    void anUnknownEnvironmentGetsTheNearestName() {
        project.repository().commit("first");

        DeliveryException failure = failure(() -> delivery.deploy(
                new DeployRequest(project.location(), "stagin", target, RolloutSettings.DEFAULT, ACTOR),
                Progress.NONE));

        assertThat(failure.problem()).isEqualTo(Problem.BAD_USAGE);
        assertThat(failure.hint()).contains("staging");
    }

    @Test
    void aPlanWritesNothingAndSaysWhatADeployWouldDo() throws Exception {
        project.repository().commit("first");
        delivery.build(project.location(), target, Progress.NONE);
        Map<Path, String> before = content();

        PlanResult plan =
                delivery.plan(new DeployRequest(project.location(), "staging", target, RolloutSettings.DEFAULT, ACTOR));

        assertThat(plan.hasChanges()).isTrue();
        assertThat(plan.plan().count(Operation.CREATE)).isEqualTo(3);
        assertThat(content()).isEqualTo(before);
        release();
        assertThat(delivery.plan(new DeployRequest(
                                project.location(), "staging", target, RolloutSettings.DEFAULT, ACTOR))
                        .hasChanges())
                .isFalse();
    }

    @Test
    void whatAKilledReleaseCreatedIsPrunedByItsSuccessor() throws Exception {
        project.repository().commit("first");
        Release first = release().release();
        var key = new ResourceKey("", "ConfigMap", "default", "left");
        Map<String, Object> tree =
                Map.of("apiVersion", "v1", "kind", "ConfigMap", "metadata", Map.of("name", "left"), "data", Map.of());
        Path directory = temporary.resolve("target");
        new DirectoryLedger(directory, "cart", "staging")
                .begin(first.ended(null, null), List.of(new RenderedObject("v1", key, tree, null, null)));
        Map<String, Object> stamped = new HashMap<>(tree);
        stamped.put(
                "metadata",
                Map.of(
                        "name",
                        "left",
                        "labels",
                        Map.of("lockstep.io/app", "cart", "lockstep.io/environment", "staging"),
                        "annotations",
                        Map.of("lockstep.io/created", "true", "lockstep.io/release", "2")));
        new DirectoryCluster(directory, Clock.systemUTC())
                .apply(
                        new ServedKind("v1", "ConfigMap", "configmaps", true),
                        key,
                        stamped,
                        new Cluster.ApplyMode(Cluster.MANAGER, false, false));
        assertThat(object("ConfigMap", "left")).contains("cart");
        project.repository().write("app/page.txt", "second page\n").commit("second");

        DeployResult next = release();

        assertThat(next.pruned()).isEqualTo(1);
        assertThat(directory.resolve("objects/default/ConfigMap/left.yaml")).doesNotExist();
        assertThat(verdicts()).containsExactly(Verdict.Code.WRITTEN, Verdict.Code.CRASHED, Verdict.Code.WRITTEN);
    }

    @Test
    void anInterruptWhilePruningIsRecordedAndTheNextReleasePrunesTheRest() throws Exception {
        project.repository()
                .write("deploy/one.yaml", "apiVersion: v1\nkind: ServiceAccount\nmetadata: { name: one }\n")
                .write("deploy/two.yaml", "apiVersion: v1\nkind: ServiceAccount\nmetadata: { name: two }\n")
                .commit("first");
        release();
        project.repository()
                .write("deploy/one.yaml", "# nothing\n")
                .write("deploy/two.yaml", "# nothing\n")
                .commit("without both");
        Progress impatient = message -> {
            if (message.endsWith(": pruned")) {
                Thread.currentThread().interrupt();
            }
        };
        var request = new DeployRequest(project.location(), "staging", target, RolloutSettings.DEFAULT, ACTOR);

        Throwable stopped = catchThrowable(() -> delivery.release(request, impatient));

        assertThat(Thread.interrupted()).isFalse();
        assertThat(stopped).isInstanceOf(InterruptedException.class);
        assertThat(verdicts()).containsExactly(Verdict.Code.INTERRUPTED, Verdict.Code.WRITTEN);
        assertThat(release().pruned()).isEqualTo(1);
        assertThat(verdicts()).startsWith(Verdict.Code.WRITTEN);
    }

    private List<Verdict.Code> verdicts() {
        return history().stream().map(release -> release.verdict().code()).toList();
    }

    @Test
    void releasesThatStartAtOnceAllEndAreNumberedWithoutGapsAndLeaveTheNewestRunning() throws Exception {
        var revisions = new ArrayList<String>();
        for (int i = 0; i < 4; i++) {
            project.repository().write("app/page.txt", "page " + i + "\n");
            revisions.add(project.repository().commit("page " + i));
            delivery.build(project.location(), target, Progress.NONE);
        }
        var waiting = new CountDownLatch(4);
        Progress counting = message -> {
            if (message.startsWith("waiting for ")) {
                waiting.countDown();
            }
        };
        var pool = Executors.newFixedThreadPool(4);
        try (var held = new DirectoryEnvironmentLock(temporary.resolve("target"), "cart", "staging")
                .acquire(Claim.outOfTurn("joe", ""), Duration.ZERO, Progress.NONE)) {
            revisions.forEach(revision -> pool.submit(() -> delivery.deploy(
                    new DeployRequest(project.at(revision), "staging", target, RolloutSettings.DEFAULT, ACTOR),
                    counting)));
            assertThat(waiting.await(2, TimeUnit.MINUTES)).isTrue();
        } finally {
            pool.shutdown();
        }
        assertThat(pool.awaitTermination(2, TimeUnit.MINUTES)).isTrue();
        assertThat(history().stream().map(Release::number)).containsExactly(4, 3, 2, 1);
        assertThat(history()).allSatisfy(release -> assertThat(
                        Objects.requireNonNull(release.verdict()).code())
                .isIn(Verdict.Code.WRITTEN, Verdict.Code.SUPERSEDED));
        assertThat(new ReleaseLog(history()).current().map(Release::revision)).contains(revisions.get(3));
    }

    private DeployResult release() throws InterruptedException {
        return delivery.release(
                new DeployRequest(project.location(), "staging", target, RolloutSettings.DEFAULT, ACTOR),
                Progress.NONE);
    }

    private DeployResult deploy() throws InterruptedException {
        return delivery.deploy(
                new DeployRequest(project.location(), "staging", target, RolloutSettings.DEFAULT, ACTOR),
                Progress.NONE);
    }

    private DeployResult rollback(String to) throws InterruptedException {
        return delivery.rollback(
                new RollbackRequest(project.location(), "staging", to, target, RolloutSettings.DEFAULT, ACTOR),
                Progress.NONE);
    }

    private List<Release> history() {
        return delivery.history(project.location(), "staging", target).releases();
    }

    private String object(String kind, String name) throws IOException {
        return Files.readString(temporary.resolve("target/objects/default/" + kind + "/" + name + ".yaml"));
    }

    /** Everything but the annotation that tells the release's number. */
    private static String withoutRelease(String object) {
        return object.replaceAll("lockstep.io/release: .*", "");
    }

    private static List<String> digests(BuildResult result) {
        return result.images().stream().map(image -> image.stored().digest()).toList();
    }

    /** Every file of the target, so that a test can say that nothing was written. */
    private Map<Path, String> content() throws IOException {
        var content = new HashMap<Path, String>();
        try (Stream<Path> files = Files.walk(temporary.resolve("target"))) {
            files.filter(Files::isRegularFile)
                    .filter(file -> !file.startsWith(temporary.resolve("target/.lockstep/locks"))
                            && !file.getFileName().toString().endsWith("lock"))
                    .forEach(file -> {
                        try {
                            content.put(file, Sha256.hex(Files.readAllBytes(file)));
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                    });
        }
        return content;
    }

    private static DeliveryException failure(ThrowingCallable operation) {
        DeliveryException failure = catchThrowableOfType(DeliveryException.class, operation);
        assertThat(failure).isNotNull();
        return failure;
    }
}
