package io.jenkins.plugins.lockstep.delivery;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.history.Release.ReleasedImage;
import io.jenkins.plugins.lockstep.image.ImageReference;
import io.jenkins.plugins.lockstep.image.ImageStore;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The images of a release, asked for by digest.
 *
 * @param images what is released
 * @param store where they must be
 */
record ReleasedImages(List<ReleasedImage> images, ImageStore store) {

    /**
     * Makes sure that they are still there: whoever waits for the lock may wait for a clean-up of the registry.
     *
     * @throws DeliveryException {@link Problem#IMAGE_MISSING} where one is gone
     */
    void requireStill() {
        require(
                "the image was deleted while this release waited for its turn",
                "it was there when the release was asked for, and is no longer",
                "check that revision out and build it again: lockstep build");
    }

    /**
     * Makes sure that they are there, before the cluster is touched: pods on nodes without the image could never start.
     *
     * @throws DeliveryException {@link Problem#IMAGE_MISSING} in those words where one is gone
     */
    void require(String what, String why, String hint) {
        Set<ImageReference> missing =
                store.missing(images.stream().map(ReleasedImage::reference).collect(Collectors.toSet()));
        missing.stream().findFirst().ifPresent(image -> {
            throw DeliveryException.of(Problem.IMAGE_MISSING, what)
                    .where(image.toString())
                    .why(why)
                    .hint(hint);
        });
    }
}
