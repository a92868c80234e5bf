package io.jenkins.plugins.lockstep.delivery;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How an operation on one of several projects ended.
 *
 * @param <R> what the operation returns
 * @param project which one
 * @param outcome how it ended
 * @param seconds how long it took, 0 where it was not begun
 */
public record ProjectRun<R>(SelectedProject project, Outcome<R> outcome, double seconds) {

    /** The ways to end. */
    public sealed interface Outcome<R> {}

    /** All went well. */
    public record Done<R>(R result) implements Outcome<R> {}

    /**
     * It failed.
     *
     * @param failure what the front end has to report
     * @param result what a failed rollout leaves behind, null where it did not come that far
     */
    public record Failed<R>(DeliveryException failure, @Nullable R result) implements Outcome<R> {}

    /** It was not begun. */
    public record NotRun<R>(String why) implements Outcome<R> {}

    /** Returns what the operation returned, also where that tells of a failure. */
    public Optional<R> result() {
        if (outcome instanceof Done<R> done) {
            return Optional.of(done.result());
        }
        return outcome instanceof Failed<R> failed ? Optional.ofNullable(failed.result()) : Optional.empty();
    }

    public Optional<DeliveryException> failure() {
        return outcome instanceof Failed<R> failed ? Optional.of(failed.failure()) : Optional.empty();
    }
}
