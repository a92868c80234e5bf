package io.jenkins.plugins.lockstep.jenkins.run;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** Threads for operations that wait for a cluster for minutes, so that they take neither executors nor Pipelines' threads. */
public final class OperationThreads {

    private static final AtomicInteger COUNT = new AtomicInteger();
    private static final ExecutorService POOL = Executors.newCachedThreadPool(work -> {
        var thread = new Thread(work, "Lockstep operation " + COUNT.incrementAndGet());
        thread.setDaemon(true);
        thread.setContextClassLoader(OperationThreads.class.getClassLoader());
        return thread;
    });

    private OperationThreads() {}

    /** Returns the threads; they end by themselves when there is nothing to do, and with the controller. */
    public static ExecutorService pool() {
        return POOL;
    }
}
