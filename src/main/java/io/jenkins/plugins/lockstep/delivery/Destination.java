package io.jenkins.plugins.lockstep.delivery;

import io.jenkins.plugins.lockstep.deploy.Cluster;
import io.jenkins.plugins.lockstep.history.EnvironmentLock;
import io.jenkins.plugins.lockstep.history.Ledger;

/**
 * The place where an environment lives.
 *
 * @param cluster its cluster, or the directory that stands in for it
 * @param namespace where objects go that name no namespace
 * @param ledger the environment's releases
 * @param lock the environment's lock
 */
record Destination(Cluster cluster, String namespace, Ledger ledger, EnvironmentLock lock) implements AutoCloseable {

    @Override
    public void close() {
        cluster.close();
    }
}
