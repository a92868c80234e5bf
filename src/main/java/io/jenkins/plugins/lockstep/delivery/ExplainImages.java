package io.jenkins.plugins.lockstep.delivery;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.DirectoryTree;
import io.jenkins.plugins.lockstep.common.ForwardingProgress;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.common.Progress;
import io.jenkins.plugins.lockstep.image.ImageComparison;
import io.jenkins.plugins.lockstep.image.ImageContents;
import io.jenkins.plugins.lockstep.image.ImageDefinition;
import io.jenkins.plugins.lockstep.image.ImageStore;
import io.jenkins.plugins.lockstep.image.StoredImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Says why two builds of one commit give two images: builds into a directory of its own, and compares. */
final class ExplainImages {

    private static final int MOST_DIFFERENCES = 1000;

    private final Connections connections;

    ExplainImages(Connections connections) {
        this.connections = connections;
    }

    ExplainResult run(ProjectLocation location, Target target, Progress progress) throws InterruptedException {
        var stopwatch = new Stopwatch();
        try (OpenProject open = OpenProject.open(connections.repositories(), location)) {
            progress.step("revision " + open.revision().id());
            if (open.isCheckedOut()) {
                open.requireNoUncommittedChanges();
            }
            ImageStore store = connections.images(target);
            Path scratch = Files.createTempDirectory("lockstep-explain-");
            try {
                return new ExplainResult(
                        open.project().app(),
                        open.revision(),
                        explain(open, store, connections.images(new Target.Directory(scratch)), progress),
                        stopwatch.seconds());
            } finally {
                DirectoryTree.delete(scratch);
            }
        } catch (IOException e) {
            throw DeliveryException.of(Problem.BAD_INPUT, "the directory for temporary files can't be used")
                    .where(System.getProperty("java.io.tmpdir"))
                    .why(e.getMessage())
                    .hint("see whether you may write there, and whether the disk is full")
                    .causedBy(e);
        }
    }

    private static List<ExplainResult.ExplainedImage> explain(
            OpenProject open, ImageStore store, ImageStore scratch, Progress progress) throws InterruptedException {
        var bases = new LockedBases(open, progress);
        var images = new ArrayList<ExplainResult.ExplainedImage>();
        for (ImageDefinition image : open.project().images().values()) {
            StoredImage stored = new RevisionImages(store).require(image, open.revision());
            progress.step("building image " + image.name() + " once more, to compare");
            StoredImage built = BuildImages.push(open, image, bases, scratch, new AsDetail(progress));
            images.add(new ExplainResult.ExplainedImage(
                    image.name(), stored, built.digest(), compare(store, stored, scratch, built)));
        }
        return images;
    }

    private static ImageComparison.Result compare(
            ImageStore store, StoredImage stored, ImageStore scratch, StoredImage built) {
        if (stored.digest().equals(built.digest())) {
            return new ImageComparison.Result(List.of(), 0);
        }
        try (ImageContents before = store.contents(stored);
                ImageContents now = scratch.contents(built)) {
            return ImageComparison.compare(before, now, MOST_DIFFERENCES);
        }
    }

    /** Nobody is told of an image that was stored: its place is gone in a moment. */
    private static final class AsDetail extends ForwardingProgress {

        AsDetail(Progress progress) {
            super(progress);
        }

        @Override
        public void step(String message) {
            detail(message);
        }
    }
}
