package io.jenkins.plugins.lockstep.delivery;

import io.jenkins.plugins.lockstep.history.Claim;
import io.jenkins.plugins.lockstep.history.EnvironmentLock;
import io.jenkins.plugins.lockstep.history.Release;
import io.jenkins.plugins.lockstep.history.ReleaseLog;
import io.jenkins.plugins.lockstep.revision.Ancestry.Relation;
import io.jenkins.plugins.lockstep.revision.Lineage;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiPredicate;

/**
 * What a release gives way to: a newer revision that was released since this one was asked for, or that waits as well. What
 * was there before is no reason: who deploys an older revision on purpose gets it.
 *
 * @param since the environment's turn when this release was asked for
 * @param isAncestor tells whether the first revision is an ancestor of the second
 * @param always whether it gives way to nothing, as a rollback does
 */
record Precedence(int since, BiPredicate<String, String> isAncestor, boolean always) {

    /** Returns that of a rollback. */
    static Precedence ofRollback() {
        return new Precedence(Integer.MAX_VALUE, (first, second) -> false, true);
    }

    /**
     * Returns that of a deploy.
     *
     * @param since as {@link EnvironmentLock#turn()} said when it was asked for
     * @param lineage knows which revision is newer; used by the thread that releases
     */
    static Precedence ofDeploy(int since, Lineage lineage) {
        Map<List<String>, Boolean> known = new HashMap<>();
        return new Precedence(
                since,
                (first, second) -> known.computeIfAbsent(
                        List.of(first, second),
                        pair -> lineage.ancestry(first, second).relation() == Relation.ANCESTOR),
                false);
    }

    Claim claim(Release draft) {
        String by = draft.build() == null ? draft.by() : draft.by() + " (" + draft.build() + ")";
        return always ? Claim.outOfTurn(by, draft.revision()) : new Claim(by, draft.revision(), false, isAncestor);
    }

    /** Returns the release that runs, where it is one to give way to. */
    Optional<Release> newer(ReleaseLog log, Release draft, EnvironmentLock.Held lock) {
        return log.current()
                .filter(running -> !always && running.rollbackOf() == null)
                .filter(running -> running.lease() != null && running.lease() >= since && running.lease() < lock.turn())
                .filter(running -> lock.newer().contains(running.revision())
                        || isAncestor.test(draft.revision(), running.revision()));
    }
}
