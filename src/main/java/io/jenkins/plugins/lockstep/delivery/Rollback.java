package io.jenkins.plugins.lockstep.delivery;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.common.Progress;
import io.jenkins.plugins.lockstep.history.Release;
import io.jenkins.plugins.lockstep.history.ReleaseLog;
import io.jenkins.plugins.lockstep.history.RollbackTarget;
import io.jenkins.plugins.lockstep.image.ImageStore;
import io.jenkins.plugins.lockstep.manifest.RenderedObject;
import io.jenkins.plugins.lockstep.project.Environment;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/** Brings an earlier release back as it was recorded: nothing is built again. */
final class Rollback {

    private final Connections connections;
    private final Clock clock;

    Rollback(Connections connections, Clock clock) {
        this.connections = connections;
        this.clock = clock;
    }

    /**
     * Says what a rollback would find, without doing any of it.
     *
     * @param request its {@code to} is what to look at, {@code previous} for all that there is to go back to
     * @param only whether to look at just what {@code to} names
     * @param most how many targets at most, the newest
     */
    ReadinessResult check(RollbackRequest request, boolean only, int most) {
        try (KnownProject project =
                KnownProject.open(connections.repositories(), request.project().atHead())) {
            Environment environment = project.environment(request.environment());
            try (Destination destination = connections.destination(request.target(), project.app(), environment)) {
                ReleaseLog log = ReleaseLog.of(destination.ledger());
                List<Release> all = only ? List.of(select(log, request, project)) : log.targets();
                List<Release> some = all.stream().limit(most).toList();
                var readiness = new Readiness(
                        new RecordedObjects(connections, project.location(), destination),
                        project.app(),
                        destination,
                        destination.inventory(log),
                        connections.images(request.target()).missing(Readiness.images(some)));
                return new ReadinessResult(
                        project.app(),
                        environment.name(),
                        log.current().orElse(null),
                        log.previous().orElse(null),
                        some.stream().map(readiness::of).toList(),
                        all.size() - some.size());
            }
        }
    }

    DeployResult run(RollbackRequest request, Progress progress, ReleaseObserver observer) throws InterruptedException {
        try (KnownProject project =
                KnownProject.open(connections.repositories(), request.project().atHead())) {
            Environment environment = project.environment(request.environment());
            try (Destination destination = connections.destination(request.target(), project.app(), environment)) {
                ReleaseLog log = ReleaseLog.of(destination.ledger());
                Release earlier = select(log, request, project);
                fromRestored(log, earlier).ifPresent(progress::warn);
                progress.step("rolling back to release " + earlier.number() + ", revision " + earlier.revision());
                ImageStore store = connections.images(request.target());
                var images = new ReleasedImages(earlier.images(), store);
                images.require(
                        "the image of release " + earlier.number() + " is no longer in the registry",
                        "a rollback takes the recorded digest and never builds again",
                        "roll back to another release (lockstep history " + earlier.environment()
                                + "), or push that image again");
                List<RenderedObject> objects =
                        new RecordedObjects(connections, project.location(), destination).of(earlier, progress);
                return new ReleaseRun(
                                destination,
                                request.settings().over(environment),
                                environment.replicas(),
                                progress,
                                observer)
                        .run(draft(earlier, request.actor()), objects, Precedence.ofRollback(), now -> {
                            requireSame(earlier, select(now, request, project));
                            images.requireStill();
                            return Admission.PLAIN;
                        });
            }
        }
    }

    private static Release select(ReleaseLog log, RollbackRequest request, KnownProject project) {
        return log.select(RollbackTarget.parse(request.to()), project::resolve);
    }

    /** Whoever saw the newest release fail may not know that what ran before it is back already. */
    private static Optional<String> fromRestored(ReleaseLog log, Release target) {
        return log.newestOutcome().filter(newest -> newest.restored() != null).flatMap(newest -> log.current()
                .filter(running -> !running.seal().equals(target.seal()))
                .map(running -> "what runs is release " + running.number() + ", restored after release "
                        + newest.number() + " failed; this goes further back, to release "
                        + target.number()));
    }

    /** Someone else's release may have ended while this one waited for it: "previous" means something else then. */
    private static void requireSame(Release chosen, Release now) {
        if (!now.seal().equals(chosen.seal())) {
            throw DeliveryException.of(
                            Problem.LOCKED, "what to roll back to has changed while this rollback waited for its turn")
                    .where(chosen.app() + " in " + chosen.environment())
                    .why("it was release " + chosen.number() + ", and now it would be release " + now.number())
                    .hint("see what runs (lockstep history " + chosen.environment()
                            + "), and roll back again if you still want to");
        }
    }

    private Release draft(Release earlier, Actor actor) {
        return Release.draft(
                        earlier.app(),
                        earlier.environment(),
                        earlier.revision(),
                        earlier.vcs(),
                        earlier.images(),
                        earlier.configMaps(),
                        earlier.seal(),
                        clock.instant(),
                        actor.name(),
                        actor.build())
                .asRollbackOf(earlier.number());
    }
}
