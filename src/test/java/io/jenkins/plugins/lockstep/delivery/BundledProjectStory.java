package io.jenkins.plugins.lockstep.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.DirectoryTree;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.common.Progress;
import io.jenkins.plugins.lockstep.deploy.Verdict;
import io.jenkins.plugins.lockstep.directory.DirectoryLedger;
import io.jenkins.plugins.lockstep.history.Release;
import io.jenkins.plugins.lockstep.revision.RecentCommits;
import io.jenkins.plugins.lockstep.revision.TestRepository;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Everything that a controller does without a clone: a real repository of each system makes the bundle and is gone then, a
 * directory stands for the cluster.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
abstract class BundledProjectStory {

    private static final Actor BUILD_7 = new Actor("jane", "https://ci.example.com/job/cart/7/");

    @TempDir
    Path temporary;

    private SampleProject project;
    private Target.Directory target;
    private final List<String> said = new ArrayList<>();

    /** Makes the repository of the story. */
    abstract TestRepository<?> repository(Path directory);

    @BeforeEach
    void start() throws Exception {
        TestRepository<?> repository = repository(temporary.resolve("cart"));
        project = SampleProject.in(repository, "registry.example.com/shop/cart", "scratch");
        repository.write(
                "lockstep.yaml",
                project.file()
                        + "  production: { extends: [base], namespace: shop, cluster: prod, after: staging,"
                        + " replicas: { min: 3, max: 5 } }\n");
        target = new Target.Directory(temporary.resolve("target"));
    }

    @Test
    void theBundleOfARevisionDeploysEverywhereWithItsRepositoryGone() throws Exception {
        String first = commit("first");
        String second = commit("second");
        byte[] bundle = bundle();
        project.repository().checkout(first); // whatever is checked out by now
        deleteRepository();

        BundleSummary summary = BundleSummary.of(kept(bundle));
        DeployResult staging = deploy(bundle, "staging");
        DeployResult production = deploy(bundle, "production");

        assertThat(summary.revision()).isEqualTo(second);
        assertThat(summary.environments()).containsExactly("staging", "production");
        assertThat(summary.released()).containsExactly("staging", "production");
        assertThat(summary.problems()).isEmpty();
        assertThat(summary.secrets()).isFalse();
        assertThat(summary.images())
                .singleElement()
                .satisfies(image -> assertThat(image.reference().digest()).startsWith("sha256:"));
        assertThat(summary.commits().commits())
                .extracting(RecentCommits.Commit::id)
                .containsExactly(second, first);
        assertThat(staging.release().revision()).isEqualTo(second);
        assertThat(production.release().build()).isEqualTo(BUILD_7.build());
        BundledProject known = new BundledProject(kept(bundle));
        StatusResult status = delivery().status(known, null, target);
        assertThat(status.environments())
                .extracting(StatusResult.EnvironmentStatus::namespace)
                .containsExactly("default", "shop");
        assertThat(delivery().history(known, "production", target).releases()).containsExactly(production.release());
        VerifyResult verified = delivery().verify(known, "staging", target);
        assertThat(verified.drift()).isEmpty();
        assertThat(verified.source().answer()).isEqualTo(VerifyResult.Answer.UNKNOWN);
        assertThat(verified.source().toString()).contains("no repository is at hand");
    }

    @Test
    void whatADeployFromTheRepositoryWouldApplyIsWhatTheBundleHas() throws Exception {
        commit("first");
        byte[] bundle = bundle();
        DeployResult released = delivery()
                .deploy(
                        new DeployRequest(project.location(), "staging", target, RolloutSettings.DEFAULT, BUILD_7),
                        said::add);

        DeployResult again = deploy(bundle, "staging");

        assertThat(again.release()).isEqualTo(released.release());
        assertThat(bundle()).isEqualTo(bundle);
    }

    @Test
    void anEnvironmentGoesWhereItsClusterSaysThatItGoes() throws Exception {
        commit("first");
        var asked = new ArrayList<String>();
        BundleSummary made = delivery()
                .bundle(
                        new BundleRequest(project.location(), target, cluster -> {
                            asked.add(cluster);
                            return "team";
                        }),
                        new ByteArrayOutputStream(),
                        said::add);
        var only = new ByteArrayOutputStream();
        delivery()
                .bundle(
                        new BundleRequest(project.location(), target, "production", "elsewhere", cluster -> null),
                        only,
                        said::add);

        assertThat(made.released()).containsExactly("staging", "production");
        assertThat(asked).containsExactly((String) null); // production names its own
        assertThat(BundleSummary.of(kept(only.toByteArray())).released()).containsExactly("production");
        DeliveryException failure = refused(() -> deploy(only.toByteArray(), "production"));
        assertThat(failure.problem()).isEqualTo(Problem.BAD_USAGE);
        assertThat(failure.why()).contains("namespace elsewhere", "shop");
    }

    @Test
    void whatCannotBeRenderedIsLeftOutAndTheDeploySaysWhy() throws Exception {
        project.repository()
                .write(
                        "lockstep.yaml",
                        project.file().replace("namespace: shop,", "namespace: shop, config: config/prodution,"));
        commit("a mistyped directory");

        byte[] bundle = bundle();

        BundleSummary summary = BundleSummary.of(kept(bundle));
        assertThat(summary.released()).containsExactly("staging");
        assertThat(summary.problems()).containsOnlyKeys("production");
        assertThat(said)
                .filteredOn(line -> line.startsWith("warning: production can't be rendered"))
                .singleElement()
                .asString()
                .contains("config/prodution");
        assertThat(deploy(bundle, "staging").failure()).isEmpty();
        DeliveryException failure = refused(() -> deploy(bundle, "production"));
        assertThat(failure.problem()).isEqualTo(Problem.BAD_INPUT);
        assertThat(failure.why()).contains("config/prodution");
        DeliveryException asked = refused(() -> delivery()
                .bundle(
                        new BundleRequest(project.location(), target, "production", null, cluster -> null),
                        new ByteArrayOutputStream(),
                        said::add));
        assertThat(asked.getMessage()).contains("config/prodution");
    }

    @Test
    void aSecretAmongTheObjectsIsTold() throws Exception {
        project.repository()
                .write(
                        "deploy/secret.yaml",
                        "{ apiVersion: v1, kind: Secret, metadata: { name: key }, stringData: { key: tiger } }\n");
        commit("with a secret");

        byte[] bundle = bundle();

        assertThat(BundleSummary.of(kept(bundle)).secrets()).isTrue();
        assertThat(BundleSummary.of(kept(bundle)).toString()).doesNotContain("tiger", "dGlnZXI=");
    }

    @Test
    void generatedManifestsAreBundledWhereTheyWereGenerated() throws Exception {
        project.repository()
                .write(
                        "lockstep.yaml",
                        project.file()
                                .replace("manifests: deploy/", "manifests: { from: target/k8s, generated: true }"))
                .write(".gitignore", "target/\n")
                .write(".hgignore", "syntax: glob\ntarget/**\n");
        commit("generated");
        project.repository().write("target/k8s/cart.yaml", SampleProject.deployment(1));

        byte[] bundle = bundle();

        deleteRepository();
        assertThat(deploy(bundle, "staging").failure()).isEmpty();
    }

    @Test
    void rollbacksHoldsAndPinsNeedNoRepository() throws Exception {
        String first = commit("first");
        deploy(bundle(), "staging");
        String second = commit("second");
        byte[] bundle = bundle();
        deploy(bundle, "staging");
        deleteRepository();
        var known = new BundledProject(kept(bundle));

        ReadinessResult readiness = delivery().rollbackReadiness(rollback(known, "previous"), false, 20);
        DeployResult back = delivery().rollback(rollback(known, first.substring(0, 7)), said::add);
        DeployResult forth = delivery().rollback(rollback(known, "#2"), said::add);

        assertThat(readiness.targets()).singleElement().satisfies(ready -> {
            assertThat(ready.release().revision()).isEqualTo(first);
            assertThat(ready.reasons()).isEmpty();
        });
        assertThat(back.release().rollbackOf()).isEqualTo(1);
        assertThat(forth.release().revision()).isEqualTo(second);
        assertThat(delivery()
                        .rollback(rollback(known, first), said::add)
                        .release()
                        .rollbackOf())
                .isEqualTo(3);
        DeliveryException name = refused(() -> delivery().rollback(rollback(known, "default"), said::add));
        assertThat(name.problem()).isEqualTo(Problem.BAD_INPUT);
        assertThat(name.why()).contains("'default' names no revision that is known here");
        DeliveryException unknown = refused(() -> delivery().rollback(rollback(known, "0123456789"), said::add));
        assertThat(unknown.problem()).isEqualTo(Problem.BAD_INPUT);
        assertThat(delivery().pin(known, "staging", 2, true, target).release().pinned())
                .isTrue();
        HoldResult lifted = delivery().hold(new HoldRequest(known, "staging", target, true, "mended", BUILD_7));
        assertThat(lifted.lifted()).isNotEmpty();
        CollectionResult collected = delivery().collect(collection(known, false), said::add);
        assertThat(collected.decisions()).isNotEmpty().allMatch(CollectionResult.Decision::kept);
        assertThat(refused(() -> delivery().collect(collection(known, true), said::add))
                        .problem())
                .isEqualTo(Problem.BAD_USAGE);
    }

    @Test
    void aBundleOlderThanWhatIsReleasedCollectsNoImages() throws Exception {
        commit("first");
        byte[] older = bundle();
        commit("second");
        byte[] newer = bundle();
        deploy(newer, "staging");

        DeliveryException failure =
                refused(() -> delivery().collect(collection(new BundledProject(kept(older)), false), said::add));

        assertThat(failure.problem()).isEqualTo(Problem.BAD_USAGE);
        assertThat(failure.why()).contains("older than what is released", "release 1");
        assertThat(delivery()
                        .collect(collection(new BundledProject(kept(newer)), false), said::add)
                        .decisions())
                .isNotEmpty();
    }

    @Test
    void whatWasCollectedCannotBeRenderedAgainWithoutARepository() throws Exception {
        String first = commit("first");
        deploy(bundle(), "staging");
        commit("second");
        byte[] bundle = bundle();
        deploy(bundle, "staging");
        var ledger = new DirectoryLedger(target.path(), "cart", "staging");
        assertThat(ledger.forget(ledger.list().get(1))).isTrue();

        DeliveryException failure =
                refused(() -> delivery().rollback(rollback(new BundledProject(kept(bundle)), "#1"), said::add));

        assertThat(failure.problem()).isEqualTo(Problem.BAD_INPUT);
        assertThat(failure.why()).contains("no repository is at hand");
        assertThat(failure.hint()).contains("lockstep rollback staging --to '#1'");
        assertThat(delivery()
                        .rollback(rollback(project.location(), "#1"), said::add)
                        .release()
                        .revision())
                .isEqualTo(first);
    }

    @Test
    void aReleaseThatDiedRightAfterItBeganIsGoneOnWith() throws Exception {
        commit("first");
        byte[] bundle = bundle();
        var known = new BundledProject(kept(bundle));
        var request = new PlannedDeployRequest(kept(bundle), "staging", target, RolloutSettings.DEFAULT, BUILD_7);
        assertThat(delivery().resume(resumption(known, BUILD_7, null), said::add))
                .isEmpty();
        var died = new Error("died");
        assertThat(catchThrowable(() -> delivery().deployPlanned(request, said::add, release -> {
                    assertThat(release.number()).isEqualTo(1);
                    throw died;
                })))
                .isSameAs(died);
        Actor other = new Actor("jane", "https://ci.example.com/job/cart/8/");

        Optional<DeployResult> ofAnother = delivery().resume(resumption(known, other, null), said::add);
        Optional<DeployResult> resumed = delivery().resume(resumption(known, BUILD_7, null), said::add);
        Optional<DeployResult> told = delivery().resume(resumption(known, BUILD_7, 1), said::add);

        assertThat(ofAnother).isEmpty();
        Release release = resumed.orElseThrow().release();
        assertThat(release.number()).isEqualTo(1);
        assertThat(resumed.get().verdict().code()).isEqualTo(Verdict.Code.WRITTEN);
        assertThat(told.orElseThrow().release()).isEqualTo(release);
        assertThat(told.get().failure()).isEmpty();
        assertThat(delivery().resume(resumption(known, other, 1), said::add)).isEmpty();
        // What ended well told its number and its end: a second operation of the same build is another one.
        assertThat(delivery().resume(resumption(known, BUILD_7, null), said::add))
                .isEmpty();
        assertThat(delivery().history(known, "staging", target).releases()).containsExactly(release);
        assertThat(deploy(bundle, "staging").release()).isEqualTo(release);
    }

    @Test
    void aReleaseOfAnotherStepOfTheSameBuildIsNotTakenForOnesOwn() throws Exception {
        commit("first");
        byte[] bundle = bundle();
        var known = new BundledProject(kept(bundle));
        var request = new PlannedDeployRequest(kept(bundle), "staging", target, RolloutSettings.DEFAULT, BUILD_7);
        catchThrowable(() -> delivery().deployPlanned(request, said::add, release -> {
            throw new Error("died");
        }));
        var rollback = new ResumeRequest(known, "staging", target, RolloutSettings.DEFAULT, BUILD_7, null, Set.of(1));

        assertThat(delivery().resume(rollback, said::add)).isEmpty();

        assertThat(delivery().history(known, "staging", target).releases())
                .singleElement()
                .satisfies(deploy -> assertThat(deploy.verdict()).isNull());
    }

    @Test
    void nobodyGoesOnWithWhatSomebodyElseRecordedAsDead() throws Exception {
        commit("first");
        byte[] bundle = bundle();
        var request = new PlannedDeployRequest(kept(bundle), "staging", target, RolloutSettings.DEFAULT, BUILD_7);
        catchThrowable(() -> delivery().deployPlanned(request, said::add, release -> {
            throw new Error("died");
        }));
        commit("second");
        byte[] newer = bundle();
        deploy(newer, "staging", new Actor("joe", null));
        var known = new BundledProject(kept(newer));
        List<Release> ledger = delivery().history(known, "staging", target).releases();

        for (Integer number : new Integer[] {1, null}) {
            DeployResult told = delivery()
                    .resume(resumption(known, BUILD_7, number), said::add)
                    .orElseThrow();

            assertThat(told.release().number()).isEqualTo(1);
            assertThat(told.verdict().code()).isEqualTo(Verdict.Code.CRASHED);
            assertThat(told.problem()).contains(Problem.ROLLOUT_FAILED);
        }
        assertThat(delivery().history(known, "staging", target).releases()).isEqualTo(ledger);
    }

    private static ResumeRequest resumption(BundledProject known, Actor actor, Integer number, Target target) {
        return new ResumeRequest(known, "staging", target, RolloutSettings.DEFAULT, actor, number);
    }

    private ResumeRequest resumption(BundledProject known, Actor actor, Integer number) {
        return resumption(known, actor, number, target);
    }

    private RollbackRequest rollback(ProjectSource source, String to) {
        return new RollbackRequest(source, "staging", to, target, RolloutSettings.DEFAULT, BUILD_7);
    }

    private CollectionRequest collection(ProjectSource source, boolean unreleased) {
        return new CollectionRequest(source, null, target, false, true, unreleased, Duration.ofMinutes(1), BUILD_7);
    }

    private String commit(String message) throws InterruptedException {
        String id =
                project.repository().write("app/page.txt", message + " page\n").commit(message);
        delivery().build(project.location(), target, Progress.NONE);
        return id;
    }

    private byte[] bundle() {
        var bytes = new ByteArrayOutputStream();
        delivery().bundle(new BundleRequest(project.location(), target, cluster -> null), bytes, said::add);
        return bytes.toByteArray();
    }

    private DeployResult deploy(byte[] bundle, String environment) throws InterruptedException {
        return deploy(bundle, environment, BUILD_7);
    }

    private DeployResult deploy(byte[] bundle, String environment, Actor actor) throws InterruptedException {
        return delivery()
                .deployPlanned(
                        new PlannedDeployRequest(kept(bundle), environment, target, RolloutSettings.DEFAULT, actor),
                        said::add);
    }

    private void deleteRepository() throws IOException {
        DirectoryTree.delete(project.repository().root());
    }

    private Delivery delivery() {
        return new DeliveryFactory(Map.of("HOME", temporary.resolve("home").toString())).delivery();
    }

    private static DeliveryException refused(ThrowingCallable action) {
        return catchThrowableOfType(DeliveryException.class, action);
    }

    /** Bytes that a front end keeps somewhere. */
    private static BundleSource kept(byte[] bytes) {
        return new BundleSource() {
            @Override
            public InputStream open() {
                return new ByteArrayInputStream(bytes);
            }

            @Override
            public String place() {
                return "build 7 of cart";
            }
        };
    }
}
