package io.jenkins.plugins.lockstep.kube;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Keeps a client from writing once a lease that it writes under may be someone else's: before each try of each write.
 *
 * <p>A process can be stopped, and a network can be cut, between the check and the arrival of the one request that
 * follows it; nothing on this side can close that gap. Ledger entries are therefore compare-and-swap as well.
 *
 * <p>Thread-safe.
 */
final class WriteFence {

    private final Set<Runnable> checks = ConcurrentHashMap.newKeySet();

    /** Adds a check, which throws where nothing may be written. */
    void add(Runnable check) {
        checks.add(check);
    }

    void remove(Runnable check) {
        checks.remove(check);
    }

    /** Throws where nothing may be written. */
    void check() {
        checks.forEach(Runnable::run);
    }
}
