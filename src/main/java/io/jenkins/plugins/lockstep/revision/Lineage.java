package io.jenkins.plugins.lockstep.revision;

/** Tells how revisions relate: a repository, or what a bundle carries of one. */
public interface Lineage {

    /** Tells what {@code first} is to {@code second}; what can't be told from what is there is {@code UNKNOWN}. */
    Ancestry ancestry(String first, String second);

    /**
     * Returns the commits that {@code first} contains, itself included, and {@code second} does not. Where history is cut
     * off, or one of the two is not known, there may be more.
     *
     * @param most how many of them to describe, newest first; all are counted
     */
    CommitRange only(String first, String second, int most);

    /** Says why something may be {@code UNKNOWN} to it, and what helps. */
    default Horizon horizon() {
        return Horizon.OF_A_CLONE;
    }
}
