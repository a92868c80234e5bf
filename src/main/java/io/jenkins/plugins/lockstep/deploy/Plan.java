package io.jenkins.plugins.lockstep.deploy;

import io.jenkins.plugins.lockstep.common.document.Tree;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * The difference between what a release renders and what is live.
 *
 * @param changes one for each object, in the order in which they are applied; prunes last
 * @param retained objects of the earlier inventory that the release does not touch but that stay in the inventory: data
 *     that is not pruned, immutable ConfigMaps that older pods may need, Jobs that a rollback leaves out or that are
 *     complete where it comes, what the cluster does not serve any more
 * @param spared what the release does not want and that stays, and why: all of {@code retained} and what was adopted
 * @param bounds how many pods the environment wants; checked again against the live count when applied
 */
public record Plan(List<Change> changes, List<InventoryItem> retained, List<Spared> spared, ReplicaBounds bounds) {

    /** Nothing is done. */
    public static final Plan NONE = new Plan(List.of(), List.of(), List.of(), ReplicaBounds.NONE);

    public Plan {
        changes = List.copyOf(changes);
        retained = List.copyOf(retained);
        spared = List.copyOf(spared);
    }

    /** Returns the changes of objects that carry the labels of another application or environment. */
    public List<Change> ofOthers(String app, String environment) {
        return changes.stream()
                .filter(change -> change.live() != null && isOfOthers(change.live(), app, environment))
                .toList();
    }

    /** Returns the plan without some of its changes. */
    public Plan without(Collection<Change> left) {
        return with(changes.stream().filter(change -> !left.contains(change)).toList());
    }

    /** Returns the plan with other changes. */
    Plan with(List<Change> newChanges) {
        return new Plan(newChanges, retained, spared, bounds);
    }

    /** A content-named ConfigMap may be shared: it says the same to everybody. */
    private static boolean isOfOthers(LiveObject live, String app, String environment) {
        String owner = live.label(Stamp.APP_LABEL);
        String place = live.label(Stamp.ENVIRONMENT_LABEL);
        return owner != null
                && place != null
                && !(owner.equals(app) && place.equals(environment))
                && !Tree.isTrue(live.tree(), "immutable");
    }

    /** Tells whether the environment is already as the release wants it. */
    public boolean isEmpty() {
        return changes.stream().allMatch(change -> change.operation() == Change.Operation.KEEP);
    }

    /** Returns how many objects get {@code operation}. */
    public int count(Change.Operation operation) {
        return (int) changes.stream()
                .filter(change -> change.operation() == operation)
                .count();
    }

    /** Returns the objects of the earlier inventory that the release does not want: those to prune and those retained. */
    public List<InventoryItem> undesired() {
        return Stream.concat(
                        changes.stream()
                                .filter(change -> change.operation() == Change.Operation.PRUNE)
                                .map(Change::previous)
                                .filter(Objects::nonNull),
                        retained.stream())
                .toList();
    }
}
