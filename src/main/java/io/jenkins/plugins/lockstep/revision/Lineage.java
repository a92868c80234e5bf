package io.jenkins.plugins.lockstep.revision;

/** Tells how revisions relate: a repository, or what a bundle carries of one. */
public interface Lineage {

    /** Tells what {@code first} is to {@code second}; what can't be told from what is there is {@code UNKNOWN}. */
    Ancestry ancestry(String first, String second);
}
