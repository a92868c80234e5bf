package io.jenkins.plugins.lockstep.delivery;

import io.jenkins.plugins.lockstep.deploy.Cluster;
import io.jenkins.plugins.lockstep.deploy.InventoryItem;
import io.jenkins.plugins.lockstep.history.EnvironmentLock;
import io.jenkins.plugins.lockstep.history.Ledger;
import io.jenkins.plugins.lockstep.history.ReleaseLog;
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

    @Override
    public void close() {
        cluster.close();
    }
}
