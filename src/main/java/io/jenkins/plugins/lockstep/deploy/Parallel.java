package io.jenkins.plugins.lockstep.deploy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;

/** Asks the API server many things, a few at a time. */
final class Parallel {

    private static final int MOST = 8;

    private Parallel() {}

    /** Does the same with each item, and returns the results in the order of the items; the first failure ends it. */
    static <T, R> List<R> map(List<T> items, Function<T, R> work) throws InterruptedException {
        if (items.isEmpty()) {
            return List.of();
        }
        ExecutorService executor = Executors.newFixedThreadPool(Math.min(MOST, items.size()));
        try {
            List<Future<R>> futures = items.stream()
                    .map(item -> executor.submit(() -> work.apply(item)))
                    .toList();
            var results = new ArrayList<R>(items.size());
            for (Future<R> future : futures) {
                results.add(future.get());
            }
            return results;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw new IllegalStateException(e.getCause());
        } finally {
            executor.shutdownNow();
        }
    }
}
