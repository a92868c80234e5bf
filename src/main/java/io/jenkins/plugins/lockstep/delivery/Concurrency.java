package io.jenkins.plugins.lockstep.delivery;

/**
 * How several projects are worked on at once.
 *
 * @param jobs how many at a time, at least 1
 * @param failFast whether none is begun any more once one has failed; those under way always end
 */
public record Concurrency(int jobs, boolean failFast) {

    /** Beyond this, one machine's network and one cluster's API gain little, and logs are hard to follow. */
    private static final int MOST_BY_DEFAULT = 4;

    public Concurrency {
        if (jobs < 1) {
            throw new IllegalArgumentException("jobs: " + jobs);
        }
    }

    /** As many at a time as the machine has processors, at most four; the others go on where one fails. */
    public static Concurrency standard() {
        return new Concurrency(Math.min(MOST_BY_DEFAULT, Runtime.getRuntime().availableProcessors()), false);
    }
}
