package io.jenkins.plugins.lockstep.kube;

import java.time.Duration;

/**
 * How long a lease lasts.
 *
 * @param length how long it stays its holder's after the last renewal, in whole seconds; the lease itself says it, so
 *     that holders with other terms understand each other
 * @param renewal how often it is renewed
 * @param poll how often those who wait look at it
 */
record LeaseTerms(Duration length, Duration renewal, Duration poll) {

    /** The design's: 30 s, renewed every 10 s. */
    static final LeaseTerms DEFAULT = of(Duration.ofSeconds(30));

    /** Returns terms whose renewal may fail twice before the lease is lost. */
    static LeaseTerms of(Duration length) {
        Duration renewal = length.dividedBy(3);
        Duration poll = Duration.ofSeconds(1);
        return new LeaseTerms(length, renewal, renewal.compareTo(poll) < 0 ? renewal : poll);
    }
}
