package io.jenkins.plugins.lockstep.history;

import java.util.Optional;
import java.util.Set;

/** Where a ledger keeps the chunks that its releases share. */
public interface ChunkStore {

    /**
     * Returns the hashes of all chunks that are there.
     *
     * @param secret which of the two sorts; asked for secret ones only where a release has Secrets
     */
    Set<String> hashes(boolean secret);

    /** Stores a chunk for good; one that is there already is left as it is. */
    void store(ChunkId chunk, byte[] compressed);

    /** Reads a chunk; empty where it is not there. */
    Optional<byte[]> load(ChunkId chunk);
}
