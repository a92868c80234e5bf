package io.jenkins.plugins.lockstep.delivery;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;

/** Questions to a cluster that do not wait for each other's answers. Closing it gives up what is not answered yet. */
final class Questions implements AutoCloseable {

    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        var thread = new Thread(task, "lockstep-look");
        thread.setDaemon(true);
        return thread;
    });

    /**
     * Begins to ask, on another thread.
     *
     * @return waits for the answer, and throws what the question threw, or {@link Problem#INTERRUPTED}
     */
    <T> Supplier<T> ask(Supplier<T> question) {
        Future<T> answer = threads.submit(question::get);
        return () -> await(answer);
    }

    private static <T> T await(Future<T> answer) {
        try {
            return answer.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw DeliveryException.of(Problem.INTERRUPTED, "interrupted while the cluster was looked at")
                    .causedBy(e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            if (e.getCause() instanceof Error failure) {
                throw failure;
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
