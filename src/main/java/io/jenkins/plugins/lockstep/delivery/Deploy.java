package io.jenkins.plugins.lockstep.delivery;

import io.jenkins.plugins.lockstep.common.Progress;
import io.jenkins.plugins.lockstep.deploy.Planner;
import io.jenkins.plugins.lockstep.history.Release;
import io.jenkins.plugins.lockstep.history.Release.ReleasedImage;
import io.jenkins.plugins.lockstep.history.ReleaseLog;
import io.jenkins.plugins.lockstep.history.Seal;
import io.jenkins.plugins.lockstep.image.ImageStore;
import io.jenkins.plugins.lockstep.project.Environment;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes an environment match a revision: resolve, pin, render, then {@link ReleaseRun}. */
final class Deploy {

    private static final String NO_DIGEST = "sha256:" + "0".repeat(64);

    private final Connections connections;
    private final Clock clock;

    Deploy(Connections connections, Clock clock) {
        this.connections = connections;
        this.clock = clock;
    }

    DeployResult run(DeployRequest request, Progress progress, ReleaseObserver observer) throws InterruptedException {
        return run(request, null, progress, observer);
    }

    /** @param since the environment's turn when this was asked for, null for now */
    DeployResult run(DeployRequest request, @Nullable Integer since, Progress progress, ReleaseObserver observer)
            throws InterruptedException {
        try (OpenProject open = OpenProject.open(connections.repositories(), request.project())) {
            Environment environment = open.project().environment(request.environment());
            ImageStore store = connections.images(request.target());
            List<ReleasedImage> images = pin(open, store);
            Guards guards = Guards.of(connections, request, open);
            try (Destination destination =
                    connections.destination(request.target(), open.project().app(), environment)) {
                // Before anything else is looked at: whatever is released from here on may be newer.
                int turn = since != null ? since : destination.lock().turn();
                ReleaseLog log = guards.admit(destination, images);
                Precedence precedence = Precedence.ofDeploy(turn, open.repository());
                RenderedRelease rendered = new Rendering(open, environment, destination).release(images, progress);
                return new ReleaseRun(
                                destination,
                                request.settings().over(environment),
                                environment.replicas(),
                                progress,
                                observer)
                        .knowing(log, turn)
                        .run(
                                draft(open, environment, rendered, request.actor()),
                                rendered.objects(),
                                precedence,
                                now -> {
                                    Admission admission = guards.admit(
                                            now, () -> destination.ledger().holdNotes(), images);
                                    new ReleasedImages(images, store).requireStill();
                                    return admission;
                                });
            }
        }
    }

    /**
     * Asks the guards, and renders for the mistakes alone, with digests that nothing has.
     *
     * @return the environment's turn, for {@link #run(DeployRequest, Integer, Progress, ReleaseObserver)}
     */
    int check(DeployRequest request) {
        try (OpenProject open = OpenProject.open(connections.repositories(), request.project())) {
            Environment environment = open.project().environment(request.environment());
            List<ReleasedImage> images = open.project().images().values().stream()
                    .map(image -> new ReleasedImage(
                            image.name(),
                            RevisionImages.reference(image, open.revision()).withDigest(NO_DIGEST)))
                    .toList();
            try (Destination destination =
                    connections.destination(request.target(), open.project().app(), environment)) {
                int turn = destination.lock().turn();
                RenderedRelease rendered = new Rendering(open, environment, destination).release(images, Progress.NONE);
                new Planner(destination.cluster()).requireWithinLimits(rendered.objects());
                Guards.of(connections, request, open).admit(destination, List.of());
                return turn;
            }
        }
    }

    /**
     * Says what {@link #run} would do.
     *
     * @param out where to write the bundle, null for nowhere
     */
    PlanResult plan(DeployRequest request, @Nullable Path out, Progress progress) throws InterruptedException {
        try (OpenProject open = OpenProject.open(connections.repositories(), request.project())) {
            Environment environment = open.project().environment(request.environment());
            List<ReleasedImage> images = pin(open, connections.images(request.target()));
            try (Destination destination =
                    connections.destination(request.target(), open.project().app(), environment)) {
                RenderedRelease rendered = new Rendering(open, environment, destination).release(images, progress);
                return new Planning(
                                open,
                                environment,
                                destination,
                                request.settings(),
                                Guards.of(connections, request, open))
                        .plan(draft(open, environment, rendered, request.actor()), rendered, out);
            }
        }
    }

    /** Returns the revision's images, which must exist, by their digests. */
    static List<ReleasedImage> pin(OpenProject open, ImageStore store) {
        var images = new RevisionImages(store);
        return open.project().images().values().stream()
                .map(image -> new ReleasedImage(
                        image.name(), images.require(image, open.revision()).reference()))
                .toList();
    }

    private Release draft(OpenProject open, Environment environment, RenderedRelease rendered, Actor actor) {
        return Release.draft(
                open.project().app(),
                environment.name(),
                open.revision().id(),
                open.revision().vcs().word(),
                rendered.images(),
                rendered.configMaps(),
                Seal.of(rendered.images(), rendered.objects()),
                clock.instant(),
                actor.name(),
                actor.build());
    }
}
