package io.jenkins.plugins.lockstep.delivery;

import io.jenkins.plugins.lockstep.bundle.Bundle;
import io.jenkins.plugins.lockstep.bundle.BundleWriter;
import io.jenkins.plugins.lockstep.bundle.BundledRelease;
import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.common.Progress;
import io.jenkins.plugins.lockstep.history.Release.ReleasedImage;
import io.jenkins.plugins.lockstep.history.Seal;
import io.jenkins.plugins.lockstep.manifest.Scopes;
import io.jenkins.plugins.lockstep.project.Environment;
import io.jenkins.plugins.lockstep.revision.KnownAncestors;
import io.jenkins.plugins.lockstep.revision.RecentCommits;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Renders a revision for its environments where no cluster is at hand, one environment after the other. What only a cluster
 * knows is left to the deploy.
 */
final class Bundling {

    /** Where Kubernetes puts what names no namespace. */
    private static final String DEFAULT_NAMESPACE = "default";

    private final Connections connections;

    Bundling(Connections connections) {
        this.connections = connections;
    }

    /** @param out stays open */
    BundleSummary run(BundleRequest request, OutputStream out, Progress progress) {
        try (OpenProject open = OpenProject.open(connections.repositories(), request.project())) {
            Collection<Environment> environments = request.environment() == null
                    ? open.project().environments().values()
                    : List.of(open.project().environment(request.environment()));
            List<ReleasedImage> images = Deploy.pin(open, connections.images(request.target()));
            Bundle bundle = of(open, images, Map.of(), null, null);
            BundleWriter writer = BundleWriter.begin(bundle, out);
            for (Environment environment : environments) {
                write(writer, open, environment, images, request, progress);
            }
            return BundleSummary.of(bundle.with(writer.finish()));
        } catch (IOException e) {
            throw DeliveryException.of(Problem.BAD_USAGE, "the bundle can't be written")
                    .why(WholeFiles.reason(e))
                    .causedBy(e);
        }
    }

    private static void write(
            BundleWriter writer,
            OpenProject open,
            Environment environment,
            List<ReleasedImage> images,
            BundleRequest request,
            Progress progress)
            throws IOException {
        BundledRelease release;
        try {
            release = rendered(open, environment, images, namespace(environment, request), progress);
        } catch (DeliveryException e) {
            boolean mistake = e.problem() == Problem.BAD_INPUT || e.problem() == Problem.BAD_USAGE;
            if (!mistake || request.environment() != null) {
                throw e;
            }
            progress.warn(environment.name() + " can't be rendered, and is left out of the bundle: " + e.getMessage());
            writer.leftOut(environment.name(), e.getMessage());
            return;
        }
        writer.release(environment.name(), release);
    }

    private static BundledRelease rendered(
            OpenProject open,
            Environment environment,
            List<ReleasedImage> images,
            String namespace,
            Progress progress) {
        RenderedRelease rendered =
                new Rendering(open, environment, namespace, Scopes.BUILT_IN).release(images, progress);
        return new BundledRelease(
                namespace, rendered.configMaps(), Seal.of(images, rendered.objects()), rendered.objects(), null);
    }

    private static String namespace(Environment environment, BundleRequest request) {
        if (request.namespace() != null) {
            return request.namespace();
        }
        return environment.namespace() != null
                ? environment.namespace()
                : Objects.requireNonNullElse(request.defaults().of(environment.cluster()), DEFAULT_NAMESPACE);
    }

    /**
     * Makes the bundle of a revision.
     *
     * @param at when it was planned, null without a plan
     * @param by who planned, null without a plan
     */
    static Bundle of(
            OpenProject open,
            List<ReleasedImage> images,
            Map<String, BundledRelease> releases,
            @Nullable Instant at,
            @Nullable String by) {
        return new Bundle(
                open.project().app(),
                open.revision().vcs().word(),
                new KnownAncestors(open.repository().ancestors(open.revision(), Bundle.MOST_ANCESTORS)),
                open.repository().isShallow(),
                images,
                open.project().keep(),
                open.project().environments(),
                open.repository().recent(open.revision(), RecentCommits.MOST),
                Bundle.Contents.of(releases),
                releases,
                at,
                by);
    }
}
