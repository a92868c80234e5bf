package io.jenkins.plugins.lockstep.common;

import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/** Computes on all cores what needs nothing but a processor. */
public final class AllCores {

    private AllCores() {}

    /**
     * Does the same with each item.
     *
     * @return in the order of the items what each came to: asked for its result, one that failed throws its failure, so that
     *     the first failure in that order is the one that is told
     */
    public static <T, R> List<Supplier<R>> map(List<T> items, Function<T, R> work) {
        return items.parallelStream().map(item -> outcome(item, work)).toList();
    }

    private static <T, R> Supplier<R> outcome(T item, Function<T, R> work) {
        try {
            R result = work.apply(item);
            return () -> result;
        } catch (DeliveryException e) {
            return () -> {
                throw e;
            };
        }
    }
}
