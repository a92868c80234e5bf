package io.jenkins.plugins.lockstep.deploy;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.common.Progress;
import java.util.ArrayList;
import java.util.List;

/** Deletes what a release does not want any more; to be called after a good verdict only. Thread-safe. */
public final class Pruner {

    private final Cluster cluster;

    public Pruner(Cluster cluster) {
        this.cluster = cluster;
    }

    /**
     * Deletes the plan's {@link Change.Operation#PRUNE} objects, each only in the incarnation that the plan saw. An
     * object that can't be deleted is warned about and stops nothing.
     *
     * @return what stays in the inventory although the release does not want it: what could not be deleted, and what the
     *     plan retains
     * @throws DeliveryException {@link Problem#INTERRUPTED}, {@link Problem#LOCKED}
     */
    public List<InventoryItem> prune(Plan plan, Progress progress) {
        var remaining = new ArrayList<InventoryItem>();
        for (Change change : plan.changes()) {
            InventoryItem item = change.previous();
            if (change.operation() != Change.Operation.PRUNE || item == null) {
                continue;
            }
            try {
                cluster.delete(change.kind(), change.key(), item.uid());
                progress.step(change.key() + ": pruned");
            } catch (DeliveryException e) {
                if (e.problem() == Problem.INTERRUPTED || e.problem() == Problem.LOCKED) {
                    throw e;
                }
                progress.warn(change.key() + " could not be pruned and will be tried again by the next deploy: "
                        + e.getMessage());
                remaining.add(item);
            }
        }
        remaining.addAll(plan.retained());
        return remaining;
    }
}
