package io.jenkins.plugins.lockstep.history;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.common.Progress;
import java.time.Duration;
import java.util.Set;

/**
 * One releaser at a time for each application and environment (design, section 5, rule 9).
 *
 * <p>Thread-safe. Each time that the lock changes hands is a turn; turns are numbered, and a release says in
 * {@link Release#lease()} in which one it was made. So it can be told what happened while somebody waited, without
 * comparing the clocks of two machines.
 */
public interface EnvironmentLock {

    /** Returns the number of the turn that is under way, or of the next one where nobody holds the lock. */
    int turn();

    /**
     * Waits until nobody else releases, and takes the lock.
     *
     * <p>A holder that died is waited for until its lock expires, 30 seconds at most. Where a newer revision waits, too,
     * it goes first.
     *
     * @param patience how long to wait for a living holder
     * @throws DeliveryException {@link Problem#LOCKED} where it is still held then, with who holds it
     * @throws InterruptedException where the thread is interrupted; it holds nothing then and waits no longer
     */
    Held acquire(Claim claim, Duration patience, Progress progress) throws InterruptedException;

    /** The lock while it is held; it renews itself. */
    interface Held extends AutoCloseable {

        /** Returns the number of this turn. */
        int turn();

        /** Returns the revisions that their releasers called newer than this one's while it waited. */
        Set<String> newer();

        /**
         * Makes sure that it is still held, by asking; called before each phase of a release.
         *
         * @throws DeliveryException {@link Problem#LOCKED} where someone else took it over
         */
        void check();

        /**
         * Makes sure that nobody else can hold it by now; asks only where its own clock leaves that open. What is written
         * through the cluster that the lock belongs to is preceded by this, each time.
         *
         * @throws DeliveryException {@link Problem#LOCKED} where someone else took it over
         */
        void fence();

        /** Gives it back; never throws. */
        @Override
        void close();
    }
}
