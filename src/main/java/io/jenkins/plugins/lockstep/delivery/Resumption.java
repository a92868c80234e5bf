package io.jenkins.plugins.lockstep.delivery;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.common.Progress;
import io.jenkins.plugins.lockstep.deploy.Verdict;
import io.jenkins.plugins.lockstep.history.Release;
import io.jenkins.plugins.lockstep.history.ReleaseLog;
import io.jenkins.plugins.lockstep.project.Environment;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** Continues a release whose process died, or tells how it ended. */
final class Resumption {

    /** Whatever was lost while nobody looked: pods that need no more than a moment get it. */
    private static final Duration LEAST = Duration.ofMinutes(1);

    private final Connections connections;
    private final Clock clock;

    Resumption(Connections connections, Clock clock) {
        this.connections = connections;
        this.clock = clock;
    }

    Optional<DeployResult> run(ResumeRequest request, Progress progress) throws InterruptedException {
        if (request.number() == null && request.actor().build() == null) {
            throw DeliveryException.of(Problem.BAD_USAGE, "nothing says which release is to be continued")
                    .why("it is known by its number, or by the build that made it");
        }
        try (KnownProject project =
                KnownProject.open(connections.repositories(), request.project().atHead())) {
            Environment environment = project.environment(request.environment());
            try (Destination destination = connections.destination(request.target(), project.app(), environment)) {
                ReleaseLog log = ReleaseLog.of(destination.ledger());
                Optional<Release> asked = find(log, request);
                if (asked.isEmpty()) {
                    return Optional.empty();
                }
                Release release = asked.get();
                var run = new ReleaseRun(
                        destination,
                        request.settings().over(environment),
                        environment.replicas(),
                        progress,
                        ReleaseObserver.NONE);
                if (release.verdict() != null) {
                    return Optional.of(run.recorded(release, log));
                }
                Precedence precedence = release.rollbackOf() != null
                        ? Precedence.ofRollback()
                        : Precedence.ofDeploy(Objects.requireNonNullElse(release.lease(), 0), project.lineage());
                return Optional.of(run.resume(release, precedence, left(release, request.settings(), clock.instant())));
            }
        }
    }

    /** Finds the release; one of somebody else is none, whatever its number is. */
    private static Optional<Release> find(ReleaseLog log, ResumeRequest request) {
        Integer number = request.number();
        Stream<Release> asked = number == null
                ? log.newestFirst().filter(release -> !request.others().contains(release.number()))
                : log.find(number).stream();
        Optional<Release> newest = asked.filter(release ->
                        Objects.equals(release.build(), request.actor().build()))
                .findFirst();
        return number == null ? newest.filter(Resumption::hasLostItsProcess) : newest;
    }

    /** Tells whether its process can't have told how it ended: what did end was told, and its number before that. */
    private static boolean hasLostItsProcess(Release release) {
        Verdict verdict = release.verdict();
        return verdict == null || verdict.code() == Verdict.Code.CRASHED;
    }

    /** Counts from when the release was asked for, and so leaves it what it may have waited for the lock. */
    static Duration left(Release release, RolloutSettings settings, Instant now) {
        Duration timeout = settings.timeout();
        Duration left = timeout.plus(settings.lockTimeout()).minus(Duration.between(release.at(), now));
        Duration least = timeout.compareTo(LEAST) < 0 ? timeout : LEAST;
        Duration enough = left.compareTo(least) < 0 ? least : left;
        return enough.compareTo(timeout) > 0 ? timeout : enough;
    }
}
