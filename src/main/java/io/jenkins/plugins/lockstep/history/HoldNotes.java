package io.jenkins.plugins.lockstep.history;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What people said about holding an environment, beside what its releases say; {@link Holds} puts both together.
 *
 * @param hold the hold that someone set by hand, null where none is
 * @param lift who lifted holds last, null where nobody did yet
 */
public record HoldNotes(@Nullable ByHand hold, @Nullable Lift lift) {

    /** Nobody has said anything. */
    public static final HoldNotes NONE = new HoldNotes(null, null);

    /**
     * A hold that someone set by hand.
     *
     * @param by who
     * @param at when
     * @param reason why, null where none was given
     */
    public record ByHand(String by, Instant at, @Nullable String reason) {}

    /**
     * The end of every hold that there was.
     *
     * @param upTo the newest release at that time: a later one holds again; 0 where there was none
     * @param by who
     * @param at when
     * @param reason why, null where none was given
     */
    public record Lift(int upTo, String by, Instant at, @Nullable String reason) {}

    /** Tells whether a hold that this release has set is lifted. */
    boolean liftsFrom(int release) {
        return lift != null && release <= lift.upTo();
    }
}
