package io.jenkins.plugins.lockstep.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.jenkins.plugins.lockstep.ClusterTest;
import io.jenkins.plugins.lockstep.TestBed;
import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.common.Progress;
import io.jenkins.plugins.lockstep.deploy.Verdict;
import io.jenkins.plugins.lockstep.directory.DirectoryEnvironmentLock;
import io.jenkins.plugins.lockstep.directory.DirectoryLedger;
import io.jenkins.plugins.lockstep.history.Claim;
import io.jenkins.plugins.lockstep.history.Release;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Several deploys that want one environment at the same time. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class QueuedDeploysTest {

    private static final int MANY = 10;

    @TempDir
    Path temporary;

    private final ExecutorService threads = Executors.newCachedThreadPool();

    @AfterEach
    void end() {
        threads.shutdownNow();
    }

    @Test
    @ClusterTest(pods = true)
    void tenDeploysOfTenRevisionsStartedAtOnceEndWithTheNewestLive() throws Exception {
        try (StoryNamespace namespace = StoryNamespace.make()) {
            var project = SampleProject.in(temporary.resolve("cart"), namespace.imageRepository(), TestBed.base());
            // None is over before the last one has been asked for.
            project.repository()
                    .write(
                            "deploy/cart.yaml",
                            SampleProject.deployment(1)
                                    .replace("spec:\n  replicas", "spec:\n  minReadySeconds: 4\n  replicas"));
            List<String> revisions = revisions(project, namespace.target(), MANY);

            List<Object> outcomes = deployAtOnce(project, revisions, namespace.target());

            List<Release> ledger = ledger(project, namespace.target());
            assertThat(ledger).extracting(Release::number).containsExactly(10, 9, 8, 7, 6, 5, 4, 3, 2, 1);
            assertThat(ledger).extracting(Release::revision).containsExactlyInAnyOrderElementsOf(revisions);
            assertThat(ledger).extracting(Release::lease).doesNotContainNull().doesNotHaveDuplicates();
            assertOutcomes(revisions, ledger, outcomes, Verdict.Code.RUNNING);
            StatusResult status = delivery().status(project.location(), "staging", namespace.target());
            assertThat(status.environments().get(0).current().revision()).isEqualTo(revisions.get(MANY - 1));
            assertThat(StoryNamespace.answers(status)).containsExactly("page " + MANY + "\nfirst testers\n");
            PlanResult plan = delivery().plan(request(project, null, namespace.target()));
            assertThat(plan.hasChanges()).isFalse();
        }
    }

    @Test
    void inADirectoryTheNewestIsLiveAsWell() throws Exception {
        var target = new Target.Directory(temporary.resolve("target"));
        SampleProject project = inDirectory();
        List<String> revisions = revisions(project, target, MANY);
        var said = new CopyOnWriteArrayList<String>();
        // A directory is quick: somebody's release keeps all of them waiting until all of them do.
        var held = lock(target).acquire(Claim.outOfTurn("somebody", "any"), Duration.ZERO, Progress.NONE);
        var all = new FutureTask<>(() -> deployAtOnce(project, revisions, target, said::add));
        threads.execute(all);
        while (said.stream().filter(line -> line.startsWith("waiting for ")).count() < MANY) {
            Thread.sleep(20);
        }
        held.close();
        List<Object> outcomes = all.get();

        assertOutcomes(revisions, ledger(project, target), outcomes, Verdict.Code.WRITTEN);
        assertThat(delivery().plan(request(project, null, target)).hasChanges()).isFalse();
    }

    @Test
    void whoDeploysAnOlderRevisionOnPurposeGetsIt() throws Exception {
        var target = new Target.Directory(temporary.resolve("target"));
        SampleProject project = inDirectory();
        List<String> revisions = revisions(project, target, 5);
        delivery().deploy(request(project, revisions.get(4), target), Progress.NONE);

        DeployResult older = delivery().deploy(request(project, revisions.get(1), target), Progress.NONE);

        assertThat(older.problem()).isEmpty();
        assertThat(older.release().revision()).isEqualTo(revisions.get(1));
    }

    @Test
    void aRollbackGivesWayToNobodyAndWhatGaveWayIsNotThePreviousOne() throws Exception {
        var target = new Target.Directory(temporary.resolve("target"));
        SampleProject project = inDirectory();
        List<String> revisions = revisions(project, target, 5);
        delivery().deploy(request(project, revisions.get(0), target), Progress.NONE);
        delivery().deploy(request(project, revisions.get(1), target), Progress.NONE);
        var said = new CopyOnWriteArrayList<String>();
        var lock = lock(target);
        var held = lock.acquire(Claim.outOfTurn("somebody", "any"), Duration.ZERO, Progress.NONE);
        var older = new FutureTask<>(() -> catchThrowableOfType(DeliveryException.class, () -> delivery()
                .deploy(request(project, revisions.get(2), target), said::add)));
        threads.execute(older);
        while (said.stream().noneMatch(line -> line.startsWith("waiting for "))) {
            Thread.sleep(20);
        }
        releaseMeanwhile(target, revisions.get(3), held.turn());
        held.close();

        assertThat(older.get().problem()).isEqualTo(Problem.SUPERSEDED);
        assertThat(older.get().problem().exitCode()).isEqualTo(3);
        assertThat(older.get().getMessage()).contains(revisions.get(3), "#3 by somebody");
        assertThat(ledger(project, target).get(0).verdict().code()).isEqualTo(Verdict.Code.SUPERSEDED);
        DeployResult back = delivery()
                .rollback(
                        new RollbackRequest(
                                project.location(),
                                "staging",
                                "previous",
                                target,
                                RolloutSettings.DEFAULT,
                                new Actor("jane", null)),
                        Progress.NONE);
        assertThat(back.release().revision()).isEqualTo(revisions.get(0));
    }

    @Test
    void whatDiedWhileItGaveWayIsNeverApplied() throws Exception {
        var target = new Target.Directory(temporary.resolve("target"));
        SampleProject project = inDirectory();
        List<String> revisions = revisions(project, target, 3);
        delivery().deploy(request(project, revisions.get(0), target), Progress.NONE);
        var jane = new Actor("jane", "cart #7");
        var request = new DeployRequest(project.at(revisions.get(1)), "staging", target, RolloutSettings.DEFAULT, jane);
        var ledger = new DirectoryLedger(target.path(), "cart", "staging");
        for (int number : new int[] {3, 5}) {
            var said = new CopyOnWriteArrayList<String>();
            var held = lock(target).acquire(Claim.outOfTurn("somebody", "any"), Duration.ZERO, Progress.NONE);
            var died = new Error("died");
            var older = new FutureTask<>(() -> catchThrowable(() -> delivery().deploy(request, said::add, release -> {
                throw died;
            })));
            threads.execute(older);
            while (said.stream().noneMatch(line -> line.startsWith("waiting for "))) {
                Thread.sleep(20);
            }
            releaseMeanwhile(target, revisions.get(2), held.turn());
            held.close();
            assertThat(older.get()).isSameAs(died);
            assertThat(ledger.list().get(0).number()).isEqualTo(number);
            assertThat(ledger.list().get(0).verdict()).isNull();

            if (number == 3) {
                DeliveryException failure = catchThrowableOfType(DeliveryException.class, () -> delivery()
                        .resume(
                                new ResumeRequest(
                                        project.location(), "staging", target, RolloutSettings.DEFAULT, jane, 3),
                                Progress.NONE));
                assertThat(failure.problem()).isEqualTo(Problem.SUPERSEDED);
            } else {
                delivery().deploy(request(project, revisions.get(0), target), Progress.NONE);
            }

            Release way = ledger.list().stream()
                    .filter(release -> release.number() == number)
                    .findFirst()
                    .orElseThrow();
            assertThat(way.verdict().code()).isEqualTo(Verdict.Code.SUPERSEDED);
            assertThat(way.undoing()).isNull();
        }
    }

    /** Somebody releases in the turn that a deploy waits for. */
    private static void releaseMeanwhile(Target.Directory target, String revision, int turn) {
        var ledger = new DirectoryLedger(target.path(), "cart", "staging");
        Release running =
                ledger.list().stream().filter(Release::isGood).findFirst().orElseThrow();
        Release newer = ledger.begin(
                Release.draft(
                                running.app(),
                                running.environment(),
                                revision,
                                running.vcs(),
                                running.images(),
                                running.configMaps(),
                                running.seal(),
                                running.at(),
                                "somebody",
                                null)
                        .under(turn),
                ledger.objects(running.number()));
        ledger.finish(newer.ended(running.verdict(), null), ledger.inventory(running.number()));
    }

    private void assertOutcomes(
            List<String> revisions, List<Release> ledger, List<Object> outcomes, Verdict.Code good) {
        var live = new ArrayList<String>();
        for (int i = ledger.size() - 1; i >= 0; i--) {
            Release release = ledger.get(i);
            Object outcome = outcomes.get(revisions.indexOf(release.revision()));
            if (outcome instanceof DeployResult result) {
                assertThat(result.release().number()).isEqualTo(release.number());
                assertThat(release.verdict().code()).isEqualTo(good);
                live.add(release.revision());
            } else {
                var refusal = (DeliveryException) outcome;
                assertThat(refusal.problem()).as("%s", refusal).isEqualTo(Problem.SUPERSEDED);
                assertThat(refusal.where()).endsWith("release " + release.number());
                assertThat(release.verdict().code()).isEqualTo(Verdict.Code.SUPERSEDED);
            }
        }
        assertThat(ledger).hasSize(MANY);
        assertThat(live).isNotEmpty().last().isEqualTo(revisions.get(MANY - 1));
        // Never back to an older one.
        assertThat(live).extracting(revisions::indexOf).isSorted();
        System.out.println(MANY + " deploys at once: " + live.size() + " were released, " + (MANY - live.size())
                + " gave way to a newer one");
    }

    private List<Object> deployAtOnce(SampleProject project, List<String> revisions, Target target) throws Exception {
        return deployAtOnce(project, revisions, target, Progress.NONE);
    }

    /** Deploys each revision in a thread and with connections of its own, and returns a result or a failure of each. */
    private List<Object> deployAtOnce(SampleProject project, List<String> revisions, Target target, Progress progress)
            throws Exception {
        var start = new CountDownLatch(1);
        var deploys = new ArrayList<Future<Object>>();
        for (String revision : revisions) {
            Callable<Object> deploy = () -> {
                Delivery own = delivery();
                start.await();
                try {
                    return own.deploy(request(project, revision, target), progress);
                } catch (DeliveryException e) {
                    return e;
                }
            };
            deploys.add(threads.submit(deploy));
        }
        start.countDown();
        var outcomes = new ArrayList<>();
        for (Future<Object> deploy : deploys) {
            outcomes.add(deploy.get());
        }
        return outcomes;
    }

    /** Commits and builds revisions in a row. */
    private List<String> revisions(SampleProject project, Target target, int many) throws InterruptedException {
        var revisions = new ArrayList<String>();
        for (int i = 1; i <= many; i++) {
            revisions.add(project.repository()
                    .write("app/page.txt", "page " + i + "\n")
                    .commit("page " + i));
            delivery().build(project.location(), target, Progress.NONE);
        }
        return revisions;
    }

    private SampleProject inDirectory() {
        return SampleProject.in(temporary.resolve("cart"), "registry.example.com/shop/cart", "scratch");
    }

    private static DirectoryEnvironmentLock lock(Target.Directory target) {
        return new DirectoryEnvironmentLock(target.path(), "cart", "staging");
    }

    private List<Release> ledger(SampleProject project, Target target) {
        return delivery().history(project.location(), "staging", target).releases();
    }

    private static DeployRequest request(SampleProject project, String revision, Target target) {
        return new DeployRequest(
                project.at(revision), "staging", target, RolloutSettings.DEFAULT, new Actor("jane", null));
    }

    private Delivery delivery() {
        return new DeliveryFactory(Map.of("HOME", temporary.resolve("home").toString())).delivery();
    }
}
