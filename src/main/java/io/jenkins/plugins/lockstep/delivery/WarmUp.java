package io.jenkins.plugins.lockstep.delivery;

import org.jspecify.annotations.Nullable;

/**
 * Loads what operations are going to need on threads of its own: worth it in a process that does one operation, which reads its
 * command line meanwhile. Sends nothing; that something is wrong is left to the operation to find.
 */
public final class WarmUp {

    private final Thread repositories;
    private final @Nullable Thread clusters;

    WarmUp(Runnable repositories, @Nullable Runnable clusters) {
        this.repositories = start(repositories);
        this.clusters = clusters == null ? null : start(clusters);
    }

    private static Thread start(Runnable work) {
        var thread = new Thread(work, "lockstep-warm-up");
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    void awaitRepositories() {
        await(repositories);
    }

    void awaitClusters() {
        if (clusters != null) {
            await(clusters);
        }
    }

    /** Two threads that initialise the same classes can wait for each other for ever. */
    private static void await(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            // The first request tells.
            Thread.currentThread().interrupt();
        }
    }
}
