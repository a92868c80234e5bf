package io.jenkins.plugins.lockstep.history;

import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The name of a chunk: the hash of what is in it.
 *
 * @param hash SHA-256 of the chunk's content before compression, so that another compressor gives the same name
 * @param secret whether objects of {@code kind: Secret} are in it, and nothing else
 */
public record ChunkId(String hash, boolean secret) {

    private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");

    /** Refuses anything but a hash, because the hash becomes a part of file and object names. */
    public ChunkId {
        if (!HASH.matcher(hash).matches()) {
            throw new IllegalArgumentException("not a SHA-256: " + hash);
        }
    }

    /** Tells whether a text can be the hash of a chunk. */
    public static boolean isHash(String text) {
        return HASH.matcher(text).matches();
    }

    // Written out: what Java generates for a record is linked at each start of a command, for milliseconds a record.
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ChunkId chunk && hash.equals(chunk.hash) && secret == chunk.secret;
    }

    @Override
    public int hashCode() {
        return Objects.hash(hash, secret);
    }
}
