package io.jenkins.plugins.lockstep.delivery;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.common.Progress;
import io.jenkins.plugins.lockstep.deploy.Graces;
import io.jenkins.plugins.lockstep.deploy.InventoryItem;
import io.jenkins.plugins.lockstep.deploy.Plan;
import io.jenkins.plugins.lockstep.deploy.PlanOptions;
import io.jenkins.plugins.lockstep.deploy.Planner;
import io.jenkins.plugins.lockstep.deploy.Pruner;
import io.jenkins.plugins.lockstep.deploy.Rehearsal;
import io.jenkins.plugins.lockstep.deploy.Rejection;
import io.jenkins.plugins.lockstep.deploy.ReplicaBounds;
import io.jenkins.plugins.lockstep.deploy.Rollout;
import io.jenkins.plugins.lockstep.deploy.RolloutOptions;
import io.jenkins.plugins.lockstep.deploy.RolloutResult;
import io.jenkins.plugins.lockstep.deploy.SecretMask;
import io.jenkins.plugins.lockstep.deploy.Spared;
import io.jenkins.plugins.lockstep.deploy.Stamp;
import io.jenkins.plugins.lockstep.deploy.Takeover;
import io.jenkins.plugins.lockstep.deploy.Verdict;
import io.jenkins.plugins.lockstep.history.Claim;
import io.jenkins.plugins.lockstep.history.EnvironmentLock;
import io.jenkins.plugins.lockstep.history.Release;
import io.jenkins.plugins.lockstep.history.ReleaseLog;
import io.jenkins.plugins.lockstep.manifest.RenderedObject;
import io.jenkins.plugins.lockstep.project.Environment;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What deploy and rollback have in common once it is known what to release: plan, begin, apply, await, judge, finish.
 *
 * <p>Used once, by one thread.
 */
final class ReleaseRun {

    /** Remarks are part of a release's summary, which is kept for ever. */
    private static final int MOST_REMARKS = 20;

    private final Destination destination;
    private final RolloutSettings settings;
    private final Environment.@Nullable ReplicaBounds bounds;
    private final Progress progress;
    private final ReleaseObserver observer;
    private final Stopwatch stopwatch = new Stopwatch();
    private @Nullable ReleaseLog known;
    private int knownBefore;

    ReleaseRun(
            Destination destination,
            RolloutSettings settings,
            Environment.@Nullable ReplicaBounds bounds,
            Progress progress,
            ReleaseObserver observer) {
        this.destination = destination;
        this.settings = settings;
        this.bounds = bounds;
        this.progress = progress;
        this.observer = observer;
    }

    /**
     * Spares a look at the ledger where nobody else has had the lock meanwhile, which its turns tell.
     *
     * @param log the ledger as it was read after {@code turn} was asked for
     * @param turn as {@link EnvironmentLock#turn} told it: the number of this release's own turn, where the lock was free
     *     then and nobody took it since
     */
    ReleaseRun knowing(ReleaseLog log, int turn) {
        this.known = log;
        this.knownBefore = turn;
        return this;
    }

    /**
     * Releases.
     *
     * @param asked the release without its number; a rollback where it says which release it brings back
     * @param objects everything that it renders
     * @param precedence what this release gives way to
     * @param check looks at the ledger once nobody else can write to it; throws where the release is not wanted then
     */
    DeployResult run(
            Release asked, List<RenderedObject> objects, Precedence precedence, Function<ReleaseLog, Admission> check)
            throws InterruptedException {
        return run(asked, objects, precedence, check, PlanWatch.NONE);
    }

    /**
     * Releases what a plan promised.
     *
     * @param watch refuses what is not what was planned
     */
    DeployResult run(
            Release asked,
            List<RenderedObject> objects,
            Precedence precedence,
            Function<ReleaseLog, Admission> check,
            PlanWatch watch)
            throws InterruptedException {
        planner().requireWithinLimits(objects);
        Claim claim = precedence.claim(asked);
        try (var lock = destination.lock().acquire(claim, settings.lockTimeout(), progress)) {
            Release turn = asked.under(lock.turn());
            Bookkeeping books = new Bookkeeping(destination, lock, progress);
            ReleaseLog log = known != null && lock.turn() == knownBefore ? books.open(known) : books.open();
            Optional<Release> newer = precedence.newer(log, turn, lock);
            if (newer.isPresent()) {
                throw gaveWay(turn, objects, newer.get(), books);
            }
            Release draft = admitted(turn, check.apply(log));
            boolean rollback = draft.rollbackOf() != null;
            Plan planned = ownOf(
                    planner()
                            .plan(
                                    objects,
                                    books.there(),
                                    new PlanOptions(rollback, settings.pruneData(), replicas(bounds, draft))
                                            .adopting(!rollback && settings.takeOwnership())),
                    draft);
            Rehearsal rehearsal =
                    new Rollout(destination.cluster(), options(draft)).rehearse(planned, stamp(draft), watch.mask());
            Plan plan = rehearsal.plan();
            Optional<Release> current = log.current();
            if (plan.isEmpty() && current.isPresent() && current.get().seal().equals(draft.seal())) {
                progress.step("nothing to do: release " + current.get().number() + " is just that");
                warnOfWhatIsNotReady(plan, draft);
                return new DeployResult(
                        current.get(), verdictOf(current.get()), null, null, plan, 0, stopwatch.seconds());
            }
            watch.check(log, rehearsal, destination.cluster().location());
            rehearsal.requireAccepted();
            lock.check();
            tellWhatIsShared(plan, objects, rollback);
            Release begun = destination
                    .ledger()
                    .begin(takingOver(draft, plan, !rollback && settings.takeOwnership(), ""), objects);
            progress.step("release " + begun.number() + " of revision " + begun.revision());
            observer.began(begun);
            try {
                return rollOut(begun, plan, objects, options(begun), current, lock, books);
            } catch (DeliveryException e) {
                if (e.problem() != Problem.INTERRUPTED) {
                    throw e;
                }
                throw interrupted(begun, ended(e), books);
            }
        }
    }

    /** What runs may have fallen over since its release: that is no failure of this one, but must not be hidden. */
    private void warnOfWhatIsNotReady(Plan plan, Release draft) throws InterruptedException {
        new Rollout(destination.cluster(), options(draft))
                .look(plan)
                .forEach(line -> progress.warn("nothing was changed, but " + line));
    }

    /** Tells what the guards have to say, and writes down what was overridden. */
    private Release admitted(Release wanted, Admission admission) {
        admission.warnings().forEach(progress::warn);
        admission.remarks().forEach(progress::step);
        return admission.recordedIn(wanted);
    }

    /** Records that nothing was done, so that the ledger tells how each release ended, and returns what tells the caller. */
    private DeliveryException gaveWay(Release draft, List<RenderedObject> objects, Release newer, Bookkeeping books) {
        String message = "revision " + newer.revision() + ", which is newer, was released as #" + newer.number()
                + " by " + newer.by() + " while this one waited for its turn";
        String hint = "nothing was changed, and nothing is to be done; to release the older revision all the same,"
                + " deploy it again";
        var verdict = new Verdict(Verdict.Code.SUPERSEDED, message, List.of(), hint);
        // Whoever goes on with it, should this die before it is ended, must not take it for one that is to be applied.
        Release begun = destination.ledger().begin(draft.undone(verdict), objects);
        observer.began(begun);
        books.finish(begun.ended(verdict, null));
        progress.step("release " + begun.number() + " of revision " + begun.revision() + " gives way to release "
                + newer.number());
        return superseded(begun, message, hint);
    }

    private static DeliveryException superseded(Release release, String message, @Nullable String hint) {
        return DeliveryException.of(Problem.SUPERSEDED, "this release gave way to a newer one")
                .where(release.app() + " in " + release.environment() + ", release " + release.number())
                .why(message)
                .hint(hint);
    }

    /**
     * Goes on with a release whose process died.
     *
     * @param unfinished that release
     * @param left how long its pods may still take
     * @return how it ended; as it is recorded, where it ended while this waited for the lock
     */
    DeployResult resume(Release unfinished, Precedence precedence, Duration left) throws InterruptedException {
        Claim claim = precedence.claim(unfinished);
        try (var lock = destination.lock().acquire(claim, settings.lockTimeout(), progress)) {
            Bookkeeping books = new Bookkeeping(destination, lock, progress);
            ReleaseLog log = books.open(unfinished.number());
            Release found = log.find(unfinished.number()).orElse(unfinished);
            if (found.verdict() != null) {
                return recorded(found, log);
            }
            Verdict way = found.undoing();
            if (way != null && found.hasGivenWay()) {
                books.finish(found.ended(way, null));
                throw superseded(found, way.message(), way.hint());
            }
            progress.step("going on with release " + found.number() + " of revision " + found.revision());
            Release begun = found.under(lock.turn());
            try {
                List<RenderedObject> objects = destination.ledger().objects(begun.number());
                books.noteLeftovers(begun, objects);
                return goOn(begun, objects, left, log.current(), lock, books);
            } catch (DeliveryException e) {
                if (e.problem() != Problem.INTERRUPTED) {
                    throw e;
                }
                throw interrupted(begun, ended(e), books);
            }
        }
    }

    private DeployResult goOn(
            Release begun,
            List<RenderedObject> objects,
            Duration left,
            Optional<Release> current,
            EnvironmentLock.Held lock,
            Bookkeeping books)
            throws InterruptedException {
        Verdict undoing = begun.undoing();
        if (undoing != null && current.isPresent()) {
            progress.step("release " + begun.number() + " had failed: " + undoing.message());
            return restore(begun, Plan.NONE, undoing, current.get(), lock, books);
        }
        Plan plan;
        try {
            plan = leftToDo(begun, objects, books);
        } catch (DeliveryException e) {
            if (e.problem() == Problem.LOCKED || e.problem() == Problem.INTERRUPTED) {
                throw e;
            }
            return failed(begun, Plan.NONE, ended(e), current, lock, books);
        }
        return rollOut(begun, plan, objects, options(begun).resuming(left), current, lock, books);
    }

    /** What the release has applied is as it shall be; what it took from others was written down when it began. */
    private Plan leftToDo(Release begun, List<RenderedObject> objects, Bookkeeping books) throws InterruptedException {
        planner().requireWithinLimits(objects);
        boolean rollback = begun.rollbackOf() != null;
        var wishes = new PlanOptions(rollback, settings.pruneData(), replicas(bounds, begun))
                .adopting(!rollback && settings.takeOwnership())
                .resuming(stamp(begun));
        Plan planned = ownOf(planner().plan(objects, books.there(), wishes), begun);
        return new Rollout(destination.cluster(), options(begun))
                .rehearse(planned, stamp(begun), SecretMask.random())
                .plan();
    }

    /**
     * Tells how a release ended, from the ledger.
     *
     * @throws DeliveryException {@link Problem#SUPERSEDED} where it had given way
     */
    DeployResult recorded(Release release, ReleaseLog log) {
        Verdict verdict = verdictOf(release);
        if (release.isSuperseded()) {
            throw superseded(release, verdict.message(), verdict.hint());
        }
        progress.step("release " + release.number() + " is recorded as "
                + verdict.code().word() + ": " + verdict.message());
        Release restored =
                Optional.ofNullable(release.restored()).flatMap(log::find).orElse(null);
        return result(release, verdict, restored, null, Plan.NONE, 0);
    }

    private DeployResult rollOut(
            Release begun,
            Plan plan,
            List<RenderedObject> objects,
            RolloutOptions options,
            Optional<Release> current,
            EnvironmentLock.Held lock,
            Bookkeeping books)
            throws InterruptedException {
        RolloutResult rollout = rollOut(plan, begun, options, lock);
        books.note(plan.undesired(), rollout.applied());
        Verdict verdict = rollout.verdict();
        lock.fence();
        if (verdict.isGood()) {
            lock.check();
            List<InventoryItem> left = new Pruner(destination.cluster()).prune(plan, progress);
            Release ended = begun.ended(verdict, null);
            books.note(left, rollout.applied());
            books.finish(ended);
            return result(ended, verdict, null, null, plan, plan.undesired().size() - left.size());
        }
        books.noteLeftovers(begun, objects);
        if (verdict.code() == Verdict.Code.INTERRUPTED) {
            throw interrupted(begun, verdict, books);
        }
        return failed(begun, plan, verdict, current, lock, books);
    }

    private DeployResult failed(
            Release begun,
            Plan plan,
            Verdict verdict,
            Optional<Release> current,
            EnvironmentLock.Held lock,
            Bookkeeping books)
            throws InterruptedException {
        progress.step("release " + begun.number() + " failed: " + verdict.message());
        if (!settings.restoreOnFailure() || current.isEmpty()) {
            progress.step(
                    current.isEmpty()
                            ? "no earlier release was good: what was applied stays"
                            : "what was applied stays, as asked for");
            Release ended = begun.ended(verdict, null);
            books.finish(ended);
            return result(ended, verdict, null, null, plan, 0);
        }
        note(begun.undone(verdict));
        return restore(begun, plan, verdict, current.get(), lock, books);
    }

    /** Whoever goes on with this release shall not apply again what has failed; without that note it still can. */
    private void note(Release undone) {
        try {
            destination.ledger().note(undone);
        } catch (DeliveryException e) {
            if (e.problem() == Problem.LOCKED || e.problem() == Problem.INTERRUPTED) {
                throw e;
            }
            progress.detail(
                    "the ledger does not know yet that release " + undone.number() + " failed: " + e.getMessage());
        }
    }

    private Plan ownOf(Plan plan, Release release) {
        var foreign = ForeignObjects.of(plan, release, destination.cluster().location());
        if (!settings.takeOwnership()) {
            foreign.refusals().stream().findFirst().ifPresent(refusal -> {
                throw refusal;
            });
        }
        return foreign.spared(plan);
    }

    /** Says which fields are taken from whom, and writes it down. */
    private Release takingOver(Release release, Plan plan, boolean adopts, String start) {
        Release told = release;
        List<String> sentences = Takeover.sentences(plan, adopts);
        for (String sentence : sentences.subList(0, Math.min(MOST_REMARKS, sentences.size()))) {
            progress.step(start + sentence);
            told = told.remarked(start + sentence);
        }
        int more = sentences.size() - MOST_REMARKS;
        return more > 0 ? told.remarked("took fields of " + more + " more objects and managers") : told;
    }

    private void tellWhatIsShared(Plan plan, List<RenderedObject> objects, boolean rollback) {
        boolean adopts = !rollback && settings.takeOwnership();
        Takeover.notes(plan, objects, adopts).forEach(progress::step);
        if (!adopts && !rollback) {
            Takeover.shared(plan)
                    .forEach((key, appliers) -> progress.warn(key + " is also applied by "
                            + String.join(" and ", appliers)
                            + ": what goes from its manifest stays there until a deploy with --take-ownership"));
        }
        plan.spared().stream()
                .filter(spared -> spared.reason() == Spared.Reason.NOT_ALLOWED)
                .forEach(spared -> progress.warn(spared.key() + ": no longer wanted, and left as it is: "
                        + destination.cluster().limits().place() + " is not configured to have it deleted"));
        plan.spared().stream()
                .filter(spared -> spared.reason() == Spared.Reason.ADOPTED)
                .forEach(spared -> progress.step(spared.key() + ": no longer wanted, and left as it is: "
                        + spared.reason().words()));
    }

    /** Records the end of an interrupted release, and returns what tells the caller. */
    private InterruptedException interrupted(Release begun, Verdict verdict, Bookkeeping books) {
        progress.step("interrupted: release " + begun.number() + " is recorded as such, nothing is undone");
        books.finish(begun.ended(verdict, null));
        return stopped("release " + begun.number() + " was interrupted");
    }

    /** The exception tells it all; the flag would only stop what the caller has to tidy up. */
    private static InterruptedException stopped(String message) {
        Thread.interrupted();
        return new InterruptedException(message);
    }

    /** Brings the last good release back, and records how both went. */
    private DeployResult restore(
            Release failed, Plan plan, Verdict verdict, Release good, EnvironmentLock.Held lock, Bookkeeping books)
            throws InterruptedException {
        progress.step("bringing release " + good.number() + " back, revision " + good.revision());
        RolloutResult restore = null;
        Release told = failed;
        try {
            Plan whole = planner()
                    .plan(
                            // What the failed release was not allowed to touch, it has not touched.
                            planner().withinLimits(destination.ledger().objects(good.number())),
                            books.there(),
                            PlanOptions.ROLLBACK.bounded(replicas(bounds, good)));
            Plan way = ForeignObjects.of(whole, good, destination.cluster().location())
                    .spared(whole);
            told = takingOver(failed, way, false, "bringing release " + good.number() + " back ");
            restore = rollOut(way, good, restoring(), lock);
            books.note(way.undesired(), restore.applied());
            if (restore.verdict().isGood()) {
                lock.check();
                progress.step("release " + good.number() + " is back");
                books.note(new Pruner(destination.cluster()).prune(way, progress), restore.applied());
            }
        } catch (DeliveryException e) {
            if (e.problem() == Problem.LOCKED) {
                throw e;
            }
            if (restore == null) {
                // The environment is in neither state: that is a verdict of its own, not just an error.
                restore = new RolloutResult(ended(e), List.of());
            }
        }
        boolean back = restore.verdict().isGood();
        if (!back) {
            told = told.remarked("bringing release " + good.number() + " back failed: "
                    + restore.verdict().message());
        }
        Release ended = told.ended(verdict, back ? good.number() : null);
        books.finish(ended);
        if (restore.verdict().code() == Verdict.Code.INTERRUPTED) {
            throw stopped("bringing release " + good.number() + " back was interrupted");
        }
        return result(ended, verdict, back ? good : null, restore.verdict(), plan, 0);
    }

    private Planner planner() {
        return new Planner(destination.cluster());
    }

    private RolloutResult rollOut(Plan plan, Release release, RolloutOptions options, EnvironmentLock.Held lock) {
        lock.check();
        return new Rollout(destination.cluster(), options).run(plan, stamp(release), progress);
    }

    static Stamp stamp(Release release) {
        return new Stamp(release.app(), release.environment(), release.revision(), release.number(), release.seal());
    }

    private DeployResult result(
            Release ended,
            Verdict verdict,
            @Nullable Release restored,
            @Nullable Verdict restoreVerdict,
            Plan plan,
            int pruned) {
        return new DeployResult(ended, verdict, restored, restoreVerdict, plan, pruned, stopwatch.seconds());
    }

    private RolloutOptions options(Release release) {
        return release.rollbackOf() != null ? restoring() : options(settings);
    }

    private RolloutOptions restoring() {
        return patient(settings).restoring();
    }

    /** Returns how a deploy is rolled out. */
    static RolloutOptions options(RolloutSettings settings) {
        return settings.takeOwnership() ? patient(settings).forced() : patient(settings);
    }

    private static RolloutOptions patient(RolloutSettings settings) {
        return RolloutOptions.within(settings.timeout()).patient(Graces.DEFAULT.with(settings.graces()));
    }

    /** Bounds are for the application's own workloads: a database among its manifests is not scaled along. */
    static ReplicaBounds replicas(Environment.@Nullable ReplicaBounds bounds, Release release) {
        return replicas(bounds, release.images());
    }

    static ReplicaBounds replicas(Environment.@Nullable ReplicaBounds bounds, List<Release.ReleasedImage> released) {
        if (bounds == null) {
            return ReplicaBounds.NONE;
        }
        Set<String> images =
                released.stream().map(image -> image.reference().toString()).collect(Collectors.toSet());
        return new ReplicaBounds(bounds.min(), bounds.max(), images);
    }

    private static Verdict ended(DeliveryException failure) {
        return failure.problem() == Problem.INTERRUPTED
                ? new Verdict(
                        Verdict.Code.INTERRUPTED,
                        "the release was interrupted; nothing was undone",
                        List.of(),
                        "deploy again: the next deploy makes the environment match its own revision")
                : new Verdict(Rejection.codeOf(failure), failure.getMessage(), List.of(), failure.hint());
    }

    private static Verdict verdictOf(Release release) {
        Verdict verdict = release.verdict();
        if (verdict == null) {
            throw new IllegalStateException("the current release has ended: " + release.number());
        }
        return verdict;
    }
}
