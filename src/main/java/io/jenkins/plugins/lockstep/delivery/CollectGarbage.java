package io.jenkins.plugins.lockstep.delivery;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.common.Progress;
import io.jenkins.plugins.lockstep.history.Claim;
import io.jenkins.plugins.lockstep.history.EnvironmentLock;
import io.jenkins.plugins.lockstep.history.Retention;
import io.jenkins.plugins.lockstep.project.Environment;
import io.jenkins.plugins.lockstep.revision.KnownAncestors;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;

/**
 * Collects by reference (design, section 5, rule 11): first everything is read and decided, of all environments, and only
 * then anything is deleted. An environment that can't be read therefore ends it all with nothing deleted.
 */
final class CollectGarbage {

    private final Connections connections;
    private final Clock clock;

    CollectGarbage(Connections connections, Clock clock) {
        this.connections = connections;
        this.clock = clock;
    }

    CollectionResult run(CollectionRequest request, Progress progress) throws InterruptedException {
        if (request.registry() && request.environment() != null) {
            throw DeliveryException.of(Problem.BAD_USAGE, "images are collected for all environments or not at all")
                    .why("what one environment does not need, another one may")
                    .hint("leave " + request.environment() + " out");
        }
        try (KnownProject project = KnownProject.open(
                        connections.repositories(), request.project().atHead());
                var opened = new Opened()) {
            requireAges(project, request);
            var retention =
                    new Retention(project.keep().releases(), project.keep().days(), clock.instant());
            var environments = new ArrayList<EnvironmentCleanup>();
            List<Environment> chosen = chosen(project, request);
            if (request.registry()) {
                requireOwnPlaces(chosen, request.target());
            }
            for (Environment environment : chosen) {
                Destination destination =
                        opened.add(connections.destination(request.target(), project.app(), environment));
                destination.requireNamespace();
                EnvironmentLock.Held lock = request.dryRun()
                        ? null
                        : opened.add(destination
                                .lock()
                                .acquire(Claim.outOfTurn(request.actor().name(), ""), request.lockTimeout(), progress));
                environments.add(
                        new EnvironmentCleanup(project.app(), environment.name(), destination, lock, retention));
            }
            return collect(request, project, environments, retention, progress);
        }
    }

    /** Only the repository knows how old the commits are that nobody released. */
    private static void requireAges(KnownProject project, CollectionRequest request) {
        if (request.unreleased() && project.location() == null) {
            throw DeliveryException.of(Problem.BAD_USAGE, "what nobody released can't be collected here")
                    .why("no repository is at hand that says how old its commits are")
                    .hint("collect it in a clone: lockstep gc --registry --unreleased");
        }
    }

    /** In a place that is not its own an environment would seem to need nothing. */
    private static void requireOwnPlaces(List<Environment> environments, Target target) {
        for (Environment environment : environments) {
            if (environments.size() > 1 && target.isElsewhereFor(environment.cluster(), environment.namespace())) {
                throw DeliveryException.of(
                                Problem.BAD_USAGE,
                                "--context and --namespace would hide what " + environment.name() + " needs")
                        .why("images are collected by what all environments need, each where the project file puts it")
                        .hint("leave both out, and use a kubeconfig that reaches all of them");
            }
        }
    }

    /** In one order for everybody, so that two of them never wait for each other's locks. */
    private static List<Environment> chosen(KnownProject project, CollectionRequest request) {
        return request.environment() != null
                ? List.of(project.environment(request.environment()))
                : project.environments().values().stream()
                        .sorted(Comparator.comparing(Environment::name))
                        .toList();
    }

    private CollectionResult collect(
            CollectionRequest request,
            KnownProject project,
            List<EnvironmentCleanup> environments,
            Retention retention,
            Progress progress) {
        environments.forEach(EnvironmentCleanup::decide);
        var images = new ImageCleanup(connections.images(request.target()), project, retention, request.unreleased());
        if (request.registry()) {
            requireUpToDate(project, environments);
            environments.stream()
                    .filter(environment -> environment.log().isEmpty())
                    .forEach(environment -> progress.warn("nothing was ever released to " + environment.place()
                            + ": if that is not the place, its images are not protected"));
            images.decide(environments);
        }
        if (!request.dryRun()) {
            environments.forEach(environment -> environment.delete(progress));
            images.delete(() -> environments.forEach(EnvironmentCleanup::checkLock), progress);
        }
        var decisions = new ArrayList<CollectionResult.Decision>();
        environments.forEach(environment -> decisions.addAll(environment.decisions()));
        decisions.addAll(images.decisions());
        return new CollectionResult(project.app(), request.dryRun(), decisions);
    }

    /** A bundle that is older than what runs may not know of every environment, and so not of what that one needs. */
    private static void requireUpToDate(KnownProject project, List<EnvironmentCleanup> environments) {
        if (!(project.lineage() instanceof KnownAncestors known)) {
            return;
        }
        for (EnvironmentCleanup environment : environments) {
            environment
                    .log()
                    .current()
                    .filter(current -> !known.ids().contains(current.revision()))
                    .ifPresent(current -> {
                        throw DeliveryException.of(
                                        Problem.BAD_USAGE, "images can't be collected by what this bundle knows")
                                .where(environment.place())
                                .why("the bundle may be older than what is released: release " + current.number()
                                        + " is of revision " + current.revision() + ", which is none of its commits")
                                .hint("use the bundle of a newer build, or collect in a clone: lockstep gc --registry");
                    });
        }
    }

    /** What has to be closed, the last one first. */
    private static final class Opened implements AutoCloseable {

        private final Deque<Runnable> closings = new ArrayDeque<>();

        Destination add(Destination destination) {
            closings.push(destination::close);
            return destination;
        }

        EnvironmentLock.Held add(EnvironmentLock.Held lock) {
            closings.push(lock::close);
            return lock;
        }

        @Override
        public void close() {
            closings.forEach(Runnable::run);
        }
    }
}
