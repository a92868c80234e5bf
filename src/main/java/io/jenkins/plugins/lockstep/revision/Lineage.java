package io.jenkins.plugins.lockstep.revision;

/** What is known of how commits descend from each other: a whole repository knows all, other sources know less. */
public interface Lineage {

    /** Tells what {@code first} is to {@code second}; ids that are not known are {@code UNKNOWN}. */
    Ancestry ancestry(String first, String second);

    /**
     * Returns the commits that {@code first} contains, itself included, and {@code second} does not. Where history is cut
     * off, or one of the two is not known, there may be more.
     *
     * @param most how many of them to describe, newest first; all are counted
     */
    CommitRange only(String first, String second, int most);
}
