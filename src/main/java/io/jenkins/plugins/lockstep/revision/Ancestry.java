package io.jenkins.plugins.lockstep.revision;

import org.jspecify.annotations.Nullable;

/**
 * How a revision relates to another.
 *
 * @param relation the answer
 * @param mergeBase the newest common ancestor where {@code relation} is {@link Relation#DIVERGED}, else null
 */
public record Ancestry(Relation relation, @Nullable String mergeBase) {

    /** The answers to "what is the first revision to the second?". */
    public enum Relation {
        SAME,
        ANCESTOR,
        DESCENDANT,
        /** Neither contains the other, but they share history. */
        DIVERGED,
        /** The whole history of both is there, and they share none of it. */
        UNRELATED,
        /** The clone is shallow, so that the part that would tell is missing. */
        UNKNOWN
    }

    public static Ancestry of(Relation relation) {
        return new Ancestry(relation, null);
    }
}
