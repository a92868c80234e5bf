package io.jenkins.plugins.lockstep.deploy;

import io.jenkins.plugins.lockstep.common.document.Tree;
import io.jenkins.plugins.lockstep.manifest.ResourceKey;

/**
 * An object that a rollout waits for.
 *
 * @param uid the incarnation that was applied
 * @param generation what the apply made of {@code metadata.generation}, 0 for kinds without; anything older is not yet
 *     the object as applied
 */
record Expected(ServedKind kind, ResourceKey key, String uid, int generation) {

    static Expected of(ServedKind kind, LiveObject applied) {
        return new Expected(
                kind, applied.key(), applied.uid(), Tree.integer(0, applied.tree(), "metadata", "generation"));
    }

    boolean isSeen(LiveObject live) {
        return live.uid().equals(uid) && Tree.integer(0, live.tree(), "metadata", "generation") >= generation;
    }
}
