package io.jenkins.plugins.lockstep.delivery;

import io.jenkins.plugins.lockstep.bundle.PlannedChange;
import io.jenkins.plugins.lockstep.bundle.SavedPlan;
import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.deploy.Rehearsal;
import io.jenkins.plugins.lockstep.deploy.SecretMask;
import io.jenkins.plugins.lockstep.history.Release;
import io.jenkins.plugins.lockstep.history.ReleaseLog;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Holds a release to the plan that somebody saw, where there is one.
 *
 * @param saved null where whatever is planned may be done
 */
record PlanWatch(@Nullable SavedPlan saved) {

    /** Nobody saw a plan. */
    static final PlanWatch NONE = new PlanWatch(null);

    private static final int MOST_NAMED = 10;

    /** Returns the mask that makes values comparable with those of the saved plan. */
    SecretMask mask() {
        return saved == null ? SecretMask.random() : saved.mask();
    }

    /**
     * Makes sure that what would be done now is what was planned.
     *
     * @throws DeliveryException {@link Problem#PLAN_OUTDATED} naming what has moved: object, field, value then and now
     */
    void check(ReleaseLog log, Rehearsal now, String where) {
        if (saved == null) {
            return;
        }
        var moved = new ArrayList<String>();
        int newest = log.nextNumber() - 1;
        if (newest != saved.newestRelease()) {
            moved.add(log.find(newest).map(PlanWatch::words).orElse("releases are gone from the ledger"));
        }
        moved.addAll(saved.moved(now.details().stream().map(PlannedChange::of).toList()));
        if (!moved.isEmpty()) {
            throw DeliveryException.of(Problem.PLAN_OUTDATED, "what the plan covers has moved since it was made")
                    .where(where)
                    .why(shortened(moved))
                    .hint("look at it, and make the plan again: lockstep plan ENV --out FILE");
        }
    }

    private static String words(Release release) {
        return "release " + release.number() + " of revision " + release.revision() + " was made since, by "
                + release.by();
    }

    private static String shortened(List<String> moved) {
        int more = moved.size() - MOST_NAMED;
        return String.join("\n", moved.subList(0, Math.min(MOST_NAMED, moved.size())))
                + (more > 0 ? "\nand " + more + " more" : "");
    }
}
