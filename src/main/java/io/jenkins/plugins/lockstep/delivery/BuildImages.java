package io.jenkins.plugins.lockstep.delivery;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.common.Progress;
import io.jenkins.plugins.lockstep.image.ImageAssembly;
import io.jenkins.plugins.lockstep.image.ImageDefinition;
import io.jenkins.plugins.lockstep.image.ImageFacts;
import io.jenkins.plugins.lockstep.image.ImageStore;
import io.jenkins.plugins.lockstep.image.SourceUrl;
import io.jenkins.plugins.lockstep.image.StoredImage;
import io.jenkins.plugins.lockstep.project.Project;
import io.jenkins.plugins.lockstep.revision.Revision;
import java.util.ArrayList;
import java.util.Optional;

/** Makes sure that an image of the revision exists: resolve, check the tree, reuse or build, tag, push. */
final class BuildImages {

    private final Connections connections;

    BuildImages(Connections connections) {
        this.connections = connections;
    }

    BuildResult run(ProjectLocation location, Target target, Progress progress) throws InterruptedException {
        var stopwatch = new Stopwatch();
        try (OpenProject open = OpenProject.open(connections.repositories(), location)) {
            return run(open, connections.images(target), stopwatch, progress);
        }
    }

    private BuildResult run(OpenProject open, ImageStore store, Stopwatch stopwatch, Progress progress)
            throws InterruptedException {
        Project project = open.project();
        Revision revision = open.revision();
        progress.step("revision " + revision.id());
        if (open.isCheckedOut()) {
            open.requireNoUncommittedChanges();
        }
        var revisionImages = new RevisionImages(store);
        var bases = new LockedBases(open, progress);
        var images = new ArrayList<BuildResult.BuiltImage>();
        for (ImageDefinition image : project.images().values()) {
            Optional<StoredImage> held = revisionImages.findBeforeBuild(image, revision);
            if (held.isPresent()) {
                progress.step("image " + held.get().reference() + " holds this revision already");
                images.add(new BuildResult.BuiltImage(image.name(), held.get(), true));
            } else {
                images.add(new BuildResult.BuiltImage(image.name(), push(open, image, bases, store, progress), false));
            }
        }
        return new BuildResult(project.app(), revision, images, stopwatch.seconds());
    }

    /**
     * Builds an image out of the work tree.
     *
     * @throws DeliveryException {@link Problem#BAD_INPUT} where the work tree is at another commit
     */
    static StoredImage push(
            OpenProject open, ImageDefinition image, LockedBases bases, ImageStore store, Progress progress)
            throws InterruptedException {
        Revision revision = open.revision();
        if (!open.isCheckedOut()) {
            throw DeliveryException.of(
                            Problem.BAD_INPUT, "the image of revision " + revision.shortId() + " can't be built here")
                    .where(open.directory().toString())
                    .why("the work tree is at another commit, and build outputs come from the work tree")
                    .hint("check the revision out, build the software, and run: lockstep build");
        }
        Project project = open.project();
        String source = project.source() != null
                ? project.source()
                : open.repository().originUrl().flatMap(SourceUrl::normalised).orElse(null);
        var facts = new ImageFacts(revision, project.version(), source, open.committedFiles());
        try (var assembly = ImageAssembly.open(image, open.directory(), facts)) {
            return store.push(
                    bases.locked(assembly.spec(), image), RevisionImages.reference(image, revision), progress);
        }
    }
}
