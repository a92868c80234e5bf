package io.jenkins.plugins.lockstep.deploy;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.manifest.RenderedObject;
import java.util.List;

/** Starts the watches that judging workloads takes: the objects, their pods, and what tells about these. */
final class WorkloadWatches {

    private final Cluster cluster;
    private final ClusterView view;

    WorkloadWatches(Cluster cluster, ClusterView view) {
        this.cluster = cluster;
        this.view = view;
    }

    void of(List<Change> changes) {
        for (Change change : changes) {
            if (KnownKinds.isAwaited(change.key())
                    && KnownKinds.isBuiltIn(change.key().group())) {
                view.watch(change.kind(), change.key().namespace(), null);
            }
        }
        for (Change change : changes) {
            if (KnownKinds.hasPods(change.key())) {
                watchPodsOf(change);
            }
        }
    }

    private void watchPodsOf(Change change) {
        String namespace = change.key().namespace();
        view.watch(kind(cluster, "v1", "Pod"), namespace, null);
        view.watch(kind(cluster, "v1", "Event"), namespace, null);
        if (KnownKinds.isDeployment(change.key())) {
            view.watch(kind(cluster, change.kind().apiVersion(), "ReplicaSet"), namespace, null);
        }
        if (KnownKinds.isDaemonSet(change.key())) {
            view.watch(kind(cluster, "v1", "Node"), "", null);
        }
        RenderedObject desired = change.desired();
        if (desired != null && KnownKinds.hasClaims(change.key(), desired.tree())) {
            view.watch(kind(cluster, "v1", "PersistentVolumeClaim"), namespace, null);
        }
    }

    /** Returns a kind that every cluster serves. */
    static ServedKind kind(Cluster cluster, String apiVersion, String kind) {
        return cluster.served(apiVersion, kind).orElseThrow(() -> DeliveryException.of(
                        Problem.CLUSTER_REJECTED, "kind not served: " + kind + " of " + apiVersion)
                .where(cluster.location()));
    }
}
