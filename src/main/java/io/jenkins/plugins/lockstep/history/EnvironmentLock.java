package io.jenkins.plugins.lockstep.history;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.common.Progress;
import java.time.Duration;

/**
 * One releaser at a time for each application and environment (design, section 5, rule 9).
 *
 * <p>Thread-safe.
 */
public interface EnvironmentLock {

    /**
     * Waits until nobody else releases, and takes the lock.
     *
     * <p>A holder that died is waited for until its lock expires, 30 seconds at most.
     *
     * @param holder who takes it, for those who wait: a user and a machine, or a build
     * @param patience how long to wait for a living holder
     * @throws DeliveryException {@link Problem#LOCKED} where it is still held then, with who holds it
     */
    Held acquire(String holder, Duration patience, Progress progress) throws InterruptedException;

    /** The lock while it is held; it renews itself. */
    interface Held extends AutoCloseable {

        /**
         * Makes sure that it is still held, by asking; called before each phase of a release.
         *
         * @throws DeliveryException {@link Problem#LOCKED} where someone else took it over
         */
        void check();

        /** Gives it back; never throws. */
        @Override
        void close();
    }
}
