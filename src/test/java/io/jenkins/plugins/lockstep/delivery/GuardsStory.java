package io.jenkins.plugins.lockstep.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.common.Progress;
import io.jenkins.plugins.lockstep.directory.DirectoryEnvironmentLock;
import io.jenkins.plugins.lockstep.history.Claim;
import io.jenkins.plugins.lockstep.history.Hold;
import io.jenkins.plugins.lockstep.history.Release;
import io.jenkins.plugins.lockstep.revision.TestRepository;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the guards refuse and let pass: a real repository of each system, a directory for a cluster. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
abstract class GuardsStory {

    private static final Actor JANE = new Actor("jane", null);

    @TempDir
    Path temporary;

    SampleProject project;
    private Target target;
    private final List<String> steps = new ArrayList<>();

    /** Makes the repository of the story. */
    abstract TestRepository<?> repository(Path directory);

    @BeforeEach
    void start() {
        project = SampleProject.in(repository(temporary.resolve("cart")), "registry.example.com/shop/cart", "scratch");
        target = new Target.Directory(temporary.resolve("target"));
    }

    @Test
    void anOlderRevisionIsRefusedWhereHistoryGoesForward() throws Exception {
        rules("history: forward");
        String first = release("first");
        release("second");
        String third = release("third");

        DeliveryException failure = refused(() -> deploy(first, Overrides.NONE));

        assertThat(failure.problem()).isEqualTo(Problem.OLDER_REVISION);
        assertThat(failure.where()).isEqualTo("cart in staging");
        assertThat(failure.why())
                .startsWith("release 3 (" + third.substring(0, 12) + ") runs, 2 commits further on")
                .contains(third.substring(0, 12) + " third", " second");
        assertThat(failure.hint()).contains("lockstep rollback staging --to " + first.substring(0, 12));
        assertThat(history()).hasSize(3);
        assertThat(plan(first, Overrides.NONE).failure().orElseThrow().problem())
                .isEqualTo(Problem.OLDER_REVISION);

        DeployResult passed = deploy(first, new Overrides(true, false, false, null));

        assertThat(passed.release().remarks())
                .containsExactly("older than what ran, 2 commits behind release 3 (" + third.substring(0, 12)
                        + "): passed by --allow-older");
        assertThat(history().get(0).remarks()).isEqualTo(passed.release().remarks());
    }

    @Test
    void whereAnyHistoryIsAllowedAnOlderRevisionIsSaidInOneLine() throws Exception {
        String first = release("first");
        String second = release("second");

        DeployResult older = deploy(first, Overrides.NONE);

        assertThat(older.failure()).isEmpty();
        assertThat(older.release().remarks()).isEmpty();
        String line = "this is older than what runs: 1 commit behind release 2 (" + second.substring(0, 12) + ")";
        assertThat(steps).filteredOn(step -> step.contains("older")).containsExactly("warning: " + line);
    }

    @Test
    void aDivergedRevisionNamesTheForkAndWhatWouldBeLost() throws Exception {
        rules("history: forward");
        String base = release("first");
        String running = release("second");
        project.repository().checkout(base).branch("side").write("app/side.txt", "side\n");
        String side = project.repository().commit("side");
        build();

        DeliveryException failure = refused(() -> deploy(side, Overrides.NONE));

        assertThat(failure.problem()).isEqualTo(Problem.DIVERGED_REVISION);
        assertThat(failure.why())
                .isEqualTo("it would lose 1 commit of release 2 (" + running.substring(0, 12) + ") since "
                        + base.substring(0, 12) + ", where the two parted:\n" + running.substring(0, 12) + " second");
        assertThat(refused(() -> deploy(side, new Overrides(true, false, false, null)))
                        .problem())
                .isEqualTo(Problem.DIVERGED_REVISION);
        assertThat(deploy(side, new Overrides(false, true, false, null))
                        .release()
                        .remarks())
                .singleElement()
                .asString()
                .startsWith("diverged from what ran, without 1 commit of release 2");
        project.repository().checkout(running);
        String merge = project.repository().merge(side);
        build();
        assertThat(deploy(merge, Overrides.NONE).release().remarks()).isEmpty();
    }

    @Test
    void aRefusedReleaseBuildsNothing() throws Exception {
        rules("history: forward");
        String first = project.repository().commit("first");
        String second = release("second");
        project.repository().checkout(first);

        DeliveryException failure = refused(() -> delivery().release(request(null, Overrides.NONE), steps::add));

        assertThat(failure.problem()).isEqualTo(Problem.OLDER_REVISION);
        assertThat(Files.readString(temporary.resolve("target/images/index.json")))
                .contains(second)
                .doesNotContain(first);
    }

    @Test
    void aRollbackHoldsTheEnvironmentUntilARevisionFixesIt() throws Exception {
        String first = release("first");
        String bad = release("bad");
        delivery().rollback(rollback(), steps::add);
        String next = commit("next");

        DeliveryException failure = refused(() -> deploy(next, Overrides.NONE));

        assertThat(failure.problem()).isEqualTo(Problem.HELD);
        assertThat(failure.why())
                .startsWith("rolled back to release 1 by jane at 2")
                .endsWith(bad.substring(0, 12));
        assertThat(failure.hint()).contains("--fixes " + bad.substring(0, 12), "lockstep hold staging --release");
        assertThat(hold().revisions()).containsExactly(bad);
        assertThat(delivery()
                        .status(project.location(), "staging", target)
                        .environments()
                        .get(0)
                        .hold())
                .isEqualTo(hold());
        assertThat(plan(next, Overrides.NONE).failure().orElseThrow().problem()).isEqualTo(Problem.HELD);
        assertThat(deploy(first, Overrides.NONE).release().number()).isEqualTo(3);

        DeliveryException wrong = refused(() -> deploy(next, fixing(first.substring(0, 8))));

        assertThat(wrong.problem()).isEqualTo(Problem.HELD);
        assertThat(wrong.why()).isEqualTo("held is " + bad.substring(0, 12));
        assertThat(deploy(next, fixing(bad.substring(0, 8))).release().remarks())
                .containsExactly("it fixes " + bad.substring(0, 12) + ", as --fixes says: that ends the hold");
        assertThat(hold()).isNull();
        assertThat(deploy(commit("after"), Overrides.NONE).failure()).isEmpty();
    }

    @Test
    void aDescendantEndsAHoldWhereTheProjectSaysSo() throws Exception {
        rules("hold: until-descendant");
        String first = release("first");
        String bad = release("bad");
        delivery().rollback(rollback(), steps::add);
        project.repository().checkout(first).branch("side").write("app/page.txt", "side\n");
        String side = project.repository().commit("side");
        build();

        assertThat(refused(() -> deploy(side, Overrides.NONE)).problem()).isEqualTo(Problem.HELD);

        project.repository().checkout(bad);
        DeployResult descendant = deploy(commit("fix"), Overrides.NONE);
        assertThat(descendant.release().remarks())
                .containsExactly(
                        "it descends from " + bad.substring(0, 12) + ", which was rolled back: that ends the hold");
        assertThat(deploy(side, Overrides.NONE).failure()).isEmpty();
    }

    @Test
    void aHoldByHandIsForEveryNewRevisionAndNeverForARollback() throws Exception {
        release("first");
        release("second");

        HoldResult held = delivery().hold(hold(false, " the database\nis being moved "));

        assertThat(held.hold().kind()).isEqualTo(Hold.Kind.BY_HAND);
        assertThat(held.hold().reason()).isEqualTo("the database is being moved");
        String next = commit("next");
        DeliveryException failure = refused(() -> deploy(next, Overrides.NONE));
        assertThat(failure.problem()).isEqualTo(Problem.HELD);
        assertThat(failure.why()).contains("jane", "the database is being moved");
        assertThat(delivery().rollback(rollback(), steps::add).failure()).isEmpty();

        HoldResult lifted = delivery().hold(hold(true, "moved"));

        assertThat(lifted.hold()).isNull();
        assertThat(lifted.lifted()).extracting(Hold::kind).containsExactly(Hold.Kind.BY_HAND);
        assertThat(deploy(next, Overrides.NONE).failure()).isEmpty();
        assertThat(delivery().hold(hold(true, null)).lifted()).isEmpty();
    }

    @Test
    void whatIsHeldWhileADeployWaitsRefusesIt() throws Exception {
        release("first");
        String next = commit("next");
        var lock = new DirectoryEnvironmentLock(temporary.resolve("target"), "cart", "staging");
        var held = lock.acquire(Claim.outOfTurn("joe", ""), Duration.ofSeconds(1), Progress.NONE);
        Progress whileWaiting = message -> {
            if (message.startsWith("waiting for joe")) {
                delivery().hold(hold(false, "stop"));
                held.close();
            }
        };

        DeliveryException failure = refused(() -> delivery().deploy(request(next, Overrides.NONE), whileWaiting));

        assertThat(failure.problem()).isEqualTo(Problem.HELD);
        assertThat(failure.why()).contains("stop");
        assertThat(history()).hasSize(1);
    }

    @Test
    void theGateLetsPassWhatRanWellInTheEnvironmentBefore() throws Exception {
        project.repository()
                .write(
                        "lockstep.yaml",
                        project.file()
                                + "  production: { extends: [base], config: config/staging, namespace: shop, after: staging }\n");
        String first = commit("first");

        DeliveryException failure = refused(() -> deployTo("production", first, Overrides.NONE));

        assertThat(failure.problem()).isEqualTo(Problem.GATE_CLOSED);
        assertThat(failure.what()).isEqualTo("revision " + first.substring(0, 12) + " has not run well in staging");
        assertThat(failure.where()).isEqualTo("cart in production");
        deploy(first, Overrides.NONE);
        assertThat(deployTo("production", first, Overrides.NONE).release().remarks())
                .isEmpty();

        String second = commit("second");
        deploy(second, Overrides.NONE);
        delivery().rollback(rollback(), steps::add);
        assertThat(refused(() -> deployTo("production", second, Overrides.NONE)).what())
                .contains("was turned down in staging");
        assertThat(deployTo("production", second, new Overrides(false, false, true, null))
                        .release()
                        .remarks())
                .containsExactly("whether it ran in staging was not asked: passed by --skip-gate");
        DeployResult back = delivery()
                .rollback(
                        new RollbackRequest(
                                project.location(), "production", "previous", target, RolloutSettings.DEFAULT, JANE),
                        steps::add);
        assertThat(back.release().revision()).isEqualTo(first);
    }

    @Test
    void aLedgerThatCannotBeReadClosesTheGateAndSaysSo() throws Exception {
        project.repository()
                .write(
                        "lockstep.yaml",
                        project.file()
                                + "  production: { extends: [base], config: config/staging, namespace: shop, after: staging }\n");
        String first = release("first");
        Files.writeString(temporary.resolve("target/ledger/cart/staging/1.json"), "{");

        DeliveryException failure = refused(() -> deployTo("production", first, Overrides.NONE));

        assertThat(failure.problem()).isEqualTo(Problem.GATE_CLOSED);
        assertThat(failure.what()).isEqualTo("staging can't be asked whether this revision ran there");
        assertThat(failure.where()).contains("1.json");
        assertThat(failure.hint()).contains("--skip-gate");
    }

    private void rules(String rule) throws Exception {
        project.repository()
                .write(
                        "lockstep.yaml",
                        project.file().replace("config: config/staging }", "config: config/staging, " + rule + " }"));
    }

    /** Commits a change and makes its image. */
    private String commit(String message) throws Exception {
        String revision =
                project.repository().write("app/page.txt", message + " page\n").commit(message);
        build();
        return revision;
    }

    private String release(String message) throws Exception {
        String revision = commit(message);
        assertThat(deploy(revision, Overrides.NONE).failure()).isEmpty();
        steps.clear();
        return revision;
    }

    private void build() throws InterruptedException {
        delivery().build(project.location(), target, Progress.NONE);
    }

    private DeployResult deploy(String revision, Overrides overrides) throws InterruptedException {
        return delivery().deploy(request(revision, overrides), steps::add);
    }

    private DeployResult deployTo(String environment, String revision, Overrides overrides)
            throws InterruptedException {
        return delivery()
                .deploy(
                        new DeployRequest(project.at(revision), environment, target, settings(overrides), JANE),
                        steps::add);
    }

    private PlanResult plan(String revision, Overrides overrides) throws InterruptedException {
        return delivery().plan(request(revision, overrides));
    }

    private DeployRequest request(String revision, Overrides overrides) {
        return new DeployRequest(project.at(revision), "staging", target, settings(overrides), JANE);
    }

    private RollbackRequest rollback() {
        return new RollbackRequest(project.location(), "staging", "previous", target, RolloutSettings.DEFAULT, JANE);
    }

    private HoldRequest hold(boolean release, String reason) {
        return new HoldRequest(project.location(), "staging", target, release, reason, JANE);
    }

    static Overrides fixing(String revision) {
        return new Overrides(false, false, false, revision);
    }

    static RolloutSettings settings(Overrides overrides) {
        return new RolloutSettings(Duration.ofMinutes(2), Duration.ofMinutes(1), true, false, false, overrides);
    }

    private List<Release> history() {
        return delivery().history(project.location(), "staging", target).releases();
    }

    private Hold hold() {
        return delivery().history(project.location(), "staging", target).hold();
    }

    /** Each operation is one of a new process: nothing is shared but what is stored. */
    private Delivery delivery() {
        return new DeliveryFactory(Map.of("HOME", temporary.resolve("home").toString())).delivery();
    }

    static DeliveryException refused(ThrowingCallable operation) {
        DeliveryException failure = catchThrowableOfType(DeliveryException.class, operation);
        assertThat(failure).isNotNull();
        return failure;
    }
}
