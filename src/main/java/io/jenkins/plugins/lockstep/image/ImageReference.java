package io.jenkins.plugins.lockstep.image;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A name of an image: {@code REGISTRY/PATH[:TAG][@DIGEST]}.
 *
 * <p>The grammar is that of the distribution project's reference package. As Docker does, a first component without a
 * dot, a colon or the word {@code localhost} is not a registry: {@code cart} is {@code registry-1.docker.io/library/cart}
 * to a registry client, but keeps its short form here.
 *
 * @param repository registry and path without tag and digest
 * @param tag null where none is given
 * @param digest {@code sha256:} and 64 hex digits, null where none is given
 */
public record ImageReference(String repository, @Nullable String tag, @Nullable String digest) {

    private static final String COMPONENT = "[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*";
    private static final Pattern REPOSITORY = Pattern.compile(
            "(?:(?:localhost|[A-Za-z0-9-]+(?:\\.[A-Za-z0-9-]+)+|[A-Za-z0-9-]+(?=:)|\\[[0-9a-fA-F:]+])(?::[0-9]{1,5})?/)?"
                    + COMPONENT + "(?:/" + COMPONENT + ")*");
    private static final Pattern TAG = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}");
    private static final Pattern DIGEST = Pattern.compile("sha256:[0-9a-f]{64}");

    public ImageReference {
        if (!REPOSITORY.matcher(repository).matches()
                || (tag != null && !TAG.matcher(tag).matches())
                || (digest != null && !DIGEST.matcher(digest).matches())) {
            throw new IllegalArgumentException("not an image reference: " + repository + " " + tag + " " + digest);
        }
    }

    /**
     * Parses a reference.
     *
     * @throws DeliveryException {@link Problem#BAD_INPUT} where the text is none
     */
    public static ImageReference parse(String text) {
        String rest = text;
        String digest = null;
        int at = rest.indexOf('@');
        if (at >= 0) {
            digest = rest.substring(at + 1);
            rest = rest.substring(0, at);
        }
        String tag = null;
        int colon = rest.lastIndexOf(':');
        if (colon > rest.lastIndexOf('/')) {
            tag = rest.substring(colon + 1);
            rest = rest.substring(0, colon);
        }
        try {
            return new ImageReference(rest, tag, digest);
        } catch (IllegalArgumentException e) {
            throw DeliveryException.of(Problem.BAD_INPUT, "'" + text + "' is not an image reference")
                    .hint("write REGISTRY/PATH, with :TAG or @sha256:DIGEST where wanted; paths are lower case")
                    .causedBy(e);
        }
    }

    public ImageReference withTag(@Nullable String newTag) {
        return new ImageReference(repository, newTag, digest);
    }

    public ImageReference withDigest(@Nullable String newDigest) {
        return new ImageReference(repository, tag, newDigest);
    }

    // Written out: what Java generates for a record is linked at each start of a command, for milliseconds a record.
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ImageReference reference
                && repository.equals(reference.repository)
                && Objects.equals(tag, reference.tag)
                && Objects.equals(digest, reference.digest);
    }

    @Override
    public int hashCode() {
        return Objects.hash(repository, tag, digest);
    }

    /** Returns the reference as it is written: {@code REPOSITORY[:TAG][@DIGEST]}. */
    @Override
    public String toString() {
        return repository + (tag == null ? "" : ":" + tag) + (digest == null ? "" : "@" + digest);
    }
}
