package io.jenkins.plugins.lockstep.jenkins.page;

import hudson.security.ACL;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Threads of the controller that no request waits for and no shutdown. They act as the controller itself. */
final class Background {

    private Background() {}

    /** Starts a thread for one piece of work. */
    static void start(String name, Runnable work) {
        thread(name, work).start();
    }

    /** Makes a pool of at most {@code most} threads, which end when there is nothing to do. */
    static ExecutorService pool(String name, int most) {
        var pool = new ThreadPoolExecutor(
                most, most, 30, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), work -> thread(name, work));
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    private static Thread thread(String name, Runnable work) {
        var thread = new Thread(() -> runAsController(work), name);
        thread.setDaemon(true);
        return thread;
    }

    @SuppressWarnings("try") // It is there to be closed.
    private static void runAsController(Runnable work) {
        try (var controller = ACL.as2(ACL.SYSTEM2)) {
            work.run();
        }
    }
}
