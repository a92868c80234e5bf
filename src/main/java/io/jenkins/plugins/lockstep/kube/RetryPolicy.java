package io.jenkins.plugins.lockstep.kube;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * How passing faults are met.
 *
 * @param tries how often a request is sent at most
 * @param budget how long may be spent on waiting and trying again, counted from the first try
 * @param firstPause before the second try; each further one is twice as long, give or take a third
 */
record RetryPolicy(int tries, Duration budget, Duration firstPause) {

    /** Long enough for an API server that restarts, short enough for a person who waits; the budget ends it. */
    static final RetryPolicy DEFAULT = new RetryPolicy(12, Duration.ofSeconds(45), Duration.ofMillis(300));

    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

    Attempts begin() {
        return new Attempts();
    }

    /** Returns the pause before try {@code number + 1}, with jitter so that many clients do not come back at once. */
    Duration pauseAfter(int number) {
        long doubled = firstPause.toMillis() << Math.min(number - 1, 16);
        long millis = Math.min(doubled, LONGEST_PAUSE.toMillis());
        return Duration.ofMillis(millis * 2 / 3 + ThreadLocalRandom.current().nextLong(millis * 2 / 3 + 1));
    }

    /** The tries of one request. */
    final class Attempts {

        private long start = System.nanoTime();
        private int made = 1;
        private boolean forgiven;

        /** Does not count the time so far, once: a request that stalled may have used the whole budget up by itself. */
        void forgiveStall() {
            if (!forgiven) {
                forgiven = true;
                start = System.nanoTime();
            }
        }

        /**
         * Waits before the next try.
         *
         * @param asked how long the server wants to be left alone, null where it did not say
         * @param notice told before the wait, and only where there is another try
         * @return false, at once, where the budget does not allow another try
         */
        boolean pause(@Nullable Duration asked, Runnable notice) throws InterruptedException {
            Duration pause = pauseAfter(made);
            if (asked != null && asked.compareTo(pause) > 0) {
                pause = asked;
            }
            Duration left = budget.minusNanos(System.nanoTime() - start);
            if (made >= tries || pause.compareTo(left) > 0) {
                return false;
            }
            made++;
            notice.run();
            TimeUnit.NANOSECONDS.sleep(pause.toNanos());
            return true;
        }
    }
}
