package io.jenkins.plugins.lockstep.delivery;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.deploy.Change;
import io.jenkins.plugins.lockstep.deploy.LiveObject;
import io.jenkins.plugins.lockstep.deploy.Plan;
import io.jenkins.plugins.lockstep.deploy.Stamp;
import io.jenkins.plugins.lockstep.history.Release;
import java.util.ArrayList;
import java.util.List;

/**
 * Two environments that render one object would overwrite it at each release and prune it from each other: the second one
 * is refused, and nothing of another environment is ever pruned.
 *
 * @param others the changes of objects that belong to another environment
 * @param location where they are, for messages
 */
record ForeignObjects(List<Change> others, String location) {

    static ForeignObjects of(Plan plan, Release release, String location) {
        return new ForeignObjects(plan.ofOthers(release.app(), release.environment()), location);
    }

    /** Returns why the objects can't be released; they can where somebody takes them over. */
    List<DeliveryException> refusals() {
        var refusals = new ArrayList<DeliveryException>();
        for (Change change : others) {
            LiveObject live = change.live();
            if (change.operation() != Change.Operation.PRUNE && live != null) {
                refusals.add(refusal(change, live));
            }
        }
        return refusals;
    }

    private DeliveryException refusal(Change change, LiveObject live) {
        return DeliveryException.of(
                        Problem.FIELD_CONFLICT, change.key() + " belongs to another environment of Lockstep")
                .where(location + ", namespace " + change.key().namespace())
                .why("it is labelled " + live.label(Stamp.APP_LABEL) + " in " + live.label(Stamp.ENVIRONMENT_LABEL))
                .hint("give each environment a namespace of its own, or take the object over with --take-ownership");
    }

    /** Returns the plan that prunes none of them. */
    Plan spared(Plan plan) {
        return plan.without(others.stream()
                .filter(change -> change.operation() == Change.Operation.PRUNE)
                .toList());
    }
}
