package io.jenkins.plugins.lockstep.deploy;

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
 * @param bounds how many pods the environment wants; checked again against the live count when applied
 */
public record Plan(List<Change> changes, List<InventoryItem> retained, ReplicaBounds bounds) {

    public Plan {
        changes = List.copyOf(changes);
        retained = List.copyOf(retained);
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
