package io.jenkins.plugins.lockstep.image;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.common.Progress;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Where images are kept: a registry, or an OCI layout in a directory.
 *
 * <p>Implementations are thread-safe. All methods throw {@link DeliveryException}:
 * {@link Problem#REGISTRY_UNAVAILABLE} or {@link Problem#REGISTRY_UNAUTHORIZED} where the store (or the base image's
 * registry) fails, {@link Problem#INTERRUPTED} where the thread is interrupted.
 */
public interface ImageStore {

    /**
     * Looks an image up by tag, or by digest where the reference has one.
     *
     * @return empty where the store answers that it has none
     */
    Optional<StoredImage> find(ImageReference reference);

    /**
     * Returns what this process has itself put or found under a tag a short while ago, without asking anybody; it may be gone
     * since. For who makes an image where there is none, and for nobody who is about to use one.
     */
    default Optional<StoredImage> recent(ImageReference reference) {
        return Optional.empty();
    }

    /**
     * Asks for each image, by its digest, whether it is there: one request for each distinct one.
     *
     * @param images references with digests
     * @return those that the store answers that it has not
     */
    Set<ImageReference> missing(Collection<ImageReference> images);

    /** Lists the tags of a repository, sorted; none where the store has no such repository. */
    List<String> tags(ImageReference repository);

    /**
     * Deletes an image, and with it every tag that names it; one that is gone already is no failure.
     *
     * @param image as {@link #find} returned it
     * @throws DeliveryException {@link Problem#REGISTRY_UNAVAILABLE} where the store does not delete
     */
    void delete(StoredImage image);

    /**
     * Opens what an image of this store is made of.
     *
     * @param image as {@link #find} or {@link #push} returned it
     */
    ImageContents contents(StoredImage image);

    /**
     * Builds the image and stores it under the tag of {@code reference}, replacing nothing but that tag.
     *
     * <p>What the store already has is not sent again. The caller has made sure that the tag is free.
     *
     * @throws DeliveryException {@link Problem#BAD_INPUT} where a source file or the base can't be used
     */
    StoredImage push(ImageSpec spec, ImageReference reference, Progress progress) throws InterruptedException;
}
