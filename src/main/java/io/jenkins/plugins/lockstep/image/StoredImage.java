package io.jenkins.plugins.lockstep.image;

import java.util.Map;
import java.util.Optional;

/**
 * An image that a store has.
 *
 * @param reference repository, tag and digest
 * @param labels of the image configuration (of the first platform's, where it is an index)
 */
public record StoredImage(ImageReference reference, Map<String, String> labels) {

    /** The OCI annotation that names the commit; also used as an image label. */
    public static final String REVISION_LABEL = "org.opencontainers.image.revision";

    /** Returns the commit that the image says it was built from. */
    public Optional<String> revision() {
        return Optional.ofNullable(labels.get(REVISION_LABEL));
    }

    /** Returns {@code sha256:…} of the manifest, or of the index. */
    public String digest() {
        String digest = reference.digest();
        if (digest == null) {
            throw new IllegalStateException("a stored image has a digest: " + reference);
        }
        return digest;
    }
}
