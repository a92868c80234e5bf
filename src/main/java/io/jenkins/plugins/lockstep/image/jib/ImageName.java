package io.jenkins.plugins.lockstep.image.jib;

import com.google.cloud.tools.jib.api.InvalidImageReferenceException;
import com.google.cloud.tools.jib.registry.RegistryAliasGroup;
import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.image.ImageReference;

/**
 * A reference as people wrote it, together with what Jib makes of it ({@code cart} is
 * {@code registry-1.docker.io/library/cart}).
 */
record ImageName(ImageReference reference, com.google.cloud.tools.jib.api.ImageReference jib) {

    static ImageName of(ImageReference reference) {
        try {
            return new ImageName(reference, com.google.cloud.tools.jib.api.ImageReference.parse(reference.toString()));
        } catch (InvalidImageReferenceException e) {
            throw DeliveryException.of(Problem.BAD_INPUT, "can't use the image reference '" + reference + "'")
                    .why("Jib knows no such form")
                    .hint("write HOST[:PORT]/PATH, the host by name or IPv4 address")
                    .causedBy(e);
        }
    }

    /** Returns {@code HOST[:PORT]}. */
    String registry() {
        return RegistryAliasGroup.getHost(jib.getRegistry());
    }

    /** Returns the path in the registry. */
    String path() {
        return jib.getRepository();
    }

    /** Returns what to ask the registry for: the digest where there is one, else the tag. */
    String qualifier() {
        return jib.getQualifier();
    }

    /** Returns the reference without tag and digest, as it was written. */
    String repository() {
        return reference.repository();
    }

    @Override
    public String toString() {
        return reference.toString();
    }
}
