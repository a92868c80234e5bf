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
        Set<ImageReference> missing = store.missing(
                images.stream().map(image -> image.reference().withTag(null)).collect(Collectors.toSet()));
        missing.stream().findFirst().ifPresent(image -> {
            throw DeliveryException.of(
                            Problem.IMAGE_MISSING, "the image was deleted while this release waited for its turn")
                    .where(image.toString())
                    .why("it was there when the release was asked for, and is no longer")
                    .hint("check that revision out and build it again: lockstep build");
        });
    }
}
