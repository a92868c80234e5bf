package io.jenkins.plugins.lockstep.deploy;

import java.util.List;

/**
 * The difference between what a release renders and what is live.
 *
 * @param changes one for each object, in the order in which they are applied; prunes last
 */
public record Plan(List<Change> changes) {

    public Plan {
        changes = List.copyOf(changes);
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
}
