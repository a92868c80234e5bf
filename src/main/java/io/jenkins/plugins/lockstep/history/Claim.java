package io.jenkins.plugins.lockstep.history;

import java.util.function.BiPredicate;

/**
 * Who wants an environment's lock, and for what.
 *
 * @param by who asks, for those who wait: a user and a machine, or a build
 * @param revision full id of what is released; empty for what is no release, such as cleaning up
 * @param rollback whether an earlier release is brought back: nothing goes before a rollback for being newer
 * @param isAncestor tells whether the first revision is an ancestor of the second; false where that is not known. Asked
 *     by the thread that waits, many times
 */
public record Claim(String by, String revision, boolean rollback, BiPredicate<String, String> isAncestor) {

    /** Claims the lock for a rollback, or for what is no release. */
    public static Claim outOfTurn(String by, String revision) {
        return new Claim(by, revision, true, (first, second) -> false);
    }

    /** Tells whether the other revision is newer, so that this claim gives way to it. */
    public boolean isOlderThan(String other) {
        return !rollback && isAncestor.test(revision, other);
    }

    /** Tells whether the other revision is older, so that it gives way to this claim. */
    public boolean isNewerThan(String other) {
        return !rollback && isAncestor.test(other, revision);
    }
}
