package io.jenkins.plugins.lockstep.delivery;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.deploy.Cluster;
import io.jenkins.plugins.lockstep.deploy.InventoryItem;
import io.jenkins.plugins.lockstep.deploy.ServedKind;
import io.jenkins.plugins.lockstep.history.EnvironmentLock;
import io.jenkins.plugins.lockstep.history.Ledger;
import io.jenkins.plugins.lockstep.history.ReleaseLog;
import io.jenkins.plugins.lockstep.manifest.Scopes;
import java.util.List;

/**
 * The place where an environment lives.
 *
 * @param cluster its cluster, or the directory that stands in for it
 * @param namespace where objects go that name no namespace
 * @param ledger the environment's releases
 * @param lock the environment's lock
 */
record Destination(Cluster cluster, String namespace, Ledger ledger, EnvironmentLock lock) implements AutoCloseable {

    /** Returns what the environment holds according to the newest release that ended; nothing before the first one. */
    List<InventoryItem> inventory(ReleaseLog log) {
        return log.newestEnded()
                .map(release -> ledger.inventory(release.number()))
                .orElse(List.of());
    }

    /** The cluster knows best; for kinds that it does not serve yet, what is known of Kubernetes' own has to do. */
    Scopes scopes() {
        return (apiVersion, kind) -> cluster.served(apiVersion, kind)
                .map(ServedKind::namespaced)
                .orElseGet(() -> Scopes.BUILT_IN.isNamespaced(apiVersion, kind));
    }

    /**
     * Makes sure that the namespace is there, for those who only look: an empty ledger would say that nothing runs.
     *
     * @throws DeliveryException {@link Problem#CLUSTER_REJECTED} where it is not
     */
    void requireNamespace() {
        if (!cluster.hasNamespace(namespace)) {
            throw DeliveryException.of(Problem.CLUSTER_REJECTED, "there is no namespace " + namespace)
                    .where(cluster.location())
                    .hint("correct --namespace or the environment's `namespace`, or make it: kubectl create namespace "
                            + namespace);
        }
    }

    @Override
    public void close() {
        cluster.close();
    }
}
