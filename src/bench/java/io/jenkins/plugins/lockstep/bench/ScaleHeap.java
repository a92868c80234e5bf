package io.jenkins.plugins.lockstep.bench;

import java.lang.management.ManagementFactory;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/** What is in use at most while something runs, of the heap: measured right after collections, which it asks for. */
final class ScaleHeap {

    private static final long PAUSE_MILLIS = 20;

    private ScaleHeap() {}

    /** Returns the most MiB that were reachable at once, beyond what was there before. */
    static long mebibytes(Rounds.Work work) throws Exception {
        long before = reachable();
        var most = new AtomicLong(before);
        var ended = new AtomicBoolean();
        var watcher = new Thread(() -> {
            while (!ended.get()) {
                most.accumulateAndGet(reachable(), Math::max);
                try {
                    Thread.sleep(PAUSE_MILLIS);
                } catch (InterruptedException e) {
                    return;
                }
            }
        });
        watcher.setDaemon(true);
        watcher.start();
        try {
            work.run();
        } finally {
            ended.set(true);
            watcher.join();
        }
        return most.get() - before >> 20;
    }

    private static long reachable() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
