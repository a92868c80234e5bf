package io.jenkins.plugins.lockstep.delivery;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.image.ImageDefinition;
import io.jenkins.plugins.lockstep.image.ImageReference;
import io.jenkins.plugins.lockstep.image.ImageStore;
import io.jenkins.plugins.lockstep.image.StoredImage;
import io.jenkins.plugins.lockstep.revision.Revision;
import java.util.Optional;

/** The rule that a revision's tag holds that revision and nothing else. */
final class RevisionImages {

    private final ImageStore store;

    RevisionImages(ImageStore store) {
        this.store = store;
    }

    /** Returns the name under which the image of a revision is kept. */
    static ImageReference reference(ImageDefinition image, Revision revision) {
        return image.repository().withTag(revision.tag());
    }

    /** Looks for the image of a revision before one is built; asks nobody where this process has seen it just now. */
    Optional<StoredImage> findBeforeBuild(ImageDefinition image, Revision revision) {
        Optional<StoredImage> recent = store.recent(reference(image, revision))
                .filter(found -> found.revision().equals(Optional.of(revision.id())));
        return recent.isPresent() ? recent : find(image, revision);
    }

    /**
     * Looks for the image of a revision.
     *
     * @throws DeliveryException {@link Problem#TAG_HELD} where the tag holds something else
     */
    Optional<StoredImage> find(ImageDefinition image, Revision revision) {
        ImageReference reference = reference(image, revision);
        Optional<StoredImage> stored = store.find(reference);
        stored.ifPresent(found -> {
            String holds = found.revision().orElse(null);
            if (!revision.id().equals(holds)) {
                throw DeliveryException.of(Problem.TAG_HELD, "the revision's tag holds something else")
                        .where(reference.toString())
                        .why(
                                holds == null
                                        ? "it holds " + found.digest() + ", which names no revision"
                                        : "it holds " + found.digest() + ", built from revision " + holds)
                        .hint("Lockstep never overwrites a tag: delete it in the registry if it is there by mistake,"
                                + " or use another repository");
            }
        });
        return stored;
    }

    /**
     * Returns the image of a revision.
     *
     * @throws DeliveryException {@link Problem#IMAGE_MISSING} where there is none
     */
    StoredImage require(ImageDefinition image, Revision revision) {
        return find(image, revision).orElseThrow(() -> DeliveryException.of(
                        Problem.IMAGE_MISSING, "there is no image of revision " + revision.id())
                .where(reference(image, revision).toString())
                .hint("check that revision out and run: lockstep build"));
    }
}
