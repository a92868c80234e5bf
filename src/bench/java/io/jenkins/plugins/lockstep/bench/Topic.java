package io.jenkins.plugins.lockstep.bench;

/** One subject of {@code docs/performance.md}: everything that one command line of {@code src/bench/bench} measures. */
interface Topic {

    /** Returns the word that chooses it on the command line. */
    String name();

    void measure(Report report) throws Exception;
}
