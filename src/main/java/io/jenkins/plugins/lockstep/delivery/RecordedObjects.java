package io.jenkins.plugins.lockstep.delivery;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.common.Progress;
import io.jenkins.plugins.lockstep.history.Release;
import io.jenkins.plugins.lockstep.history.Seal;
import io.jenkins.plugins.lockstep.manifest.RenderedObject;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an earlier release rendered: as the ledger keeps it or, where its payload was collected, rendered again from the
 * repository at that commit, with the recorded images. The seal holds the two to each other.
 */
final class RecordedObjects {

    private final Connections connections;
    private final @Nullable ProjectLocation project;
    private final Destination destination;

    /**
     * @param project whose repository has the commits, null where none is at hand
     * @param destination where the environment lives now
     */
    RecordedObjects(Connections connections, @Nullable ProjectLocation project, Destination destination) {
        this.connections = connections;
        this.project = project;
        this.destination = destination;
    }

    /**
     * Returns the objects, sealed as they were recorded.
     *
     * @throws DeliveryException {@link Problem#BAD_INPUT} where they can be neither read nor rendered exactly so
     */
    List<RenderedObject> of(Release earlier, Progress progress) {
        if (!earlier.collected()) {
            return destination.ledger().objects(earlier.number());
        }
        if (project == null) {
            throw inexact(earlier)
                    .why("it is no longer kept, and no repository is at hand")
                    .hint("roll back in a clone: lockstep rollback " + earlier.environment() + " --to '#"
                            + earlier.number() + "'; or deploy that revision again");
        }
        progress.step("what release " + earlier.number()
                + " rendered is no longer kept: rendering it again from commit " + earlier.revision());
        return renderedAgain(project, earlier, progress);
    }

    private List<RenderedObject> renderedAgain(ProjectLocation project, Release earlier, Progress progress) {
        RenderedRelease rendered;
        try (OpenProject then = OpenProject.open(connections.repositories(), project.at(earlier.revision()))) {
            rendered = new Rendering(then, then.project().environment(earlier.environment()), destination)
                    .release(earlier.images(), progress);
        } catch (DeliveryException e) {
            if (e.problem() != Problem.BAD_INPUT && e.problem() != Problem.BAD_USAGE) {
                throw e;
            }
            throw inexact(earlier)
                    .why(e.what() + (e.why() == null ? "" : ": " + e.why()))
                    .hint("fetch the commits that are missing here, or roll back to a release whose payload is kept"
                            + " (lockstep rollback " + earlier.environment() + " --check)")
                    .causedBy(e);
        }
        if (!Seal.of(earlier.images(), rendered.objects()).equals(earlier.seal())) {
            String what = rendered.configMaps().equals(earlier.configMaps()) ? "manifests" : "configuration";
            throw inexact(earlier)
                    .why("its " + what + " would not be what was recorded: the seal differs")
                    .hint(
                            "the environment's namespace, the cluster's kinds or Lockstep itself has changed since; deploy"
                                    + " that revision instead: lockstep deploy " + earlier.environment()
                                    + " --revision "
                                    + earlier.revision());
        }
        return rendered.objects();
    }

    private static DeliveryException inexact(Release earlier) {
        return DeliveryException.of(
                        Problem.BAD_INPUT,
                        "what release #" + earlier.number() + " rendered can't be rendered again exactly")
                .where("release #" + earlier.number() + " of " + earlier.app() + " in " + earlier.environment());
    }
}
