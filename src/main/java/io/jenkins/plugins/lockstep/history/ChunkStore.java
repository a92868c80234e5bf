package io.jenkins.plugins.lockstep.history;

import java.util.Optional;

/** Where a ledger keeps the chunks that its releases share. */
public interface ChunkStore {

    /** Tells whether a chunk is there; asked for secret ones only where a release has Secrets. */
    boolean has(ChunkId chunk);

    /** Stores a chunk for good; one that is there already is left as it is. */
    void store(ChunkId chunk, byte[] compressed);

    /** Reads a chunk; empty where it is not there. */
    Optional<byte[]> load(ChunkId chunk);
}
