package io.jenkins.plugins.lockstep.delivery;

/** Measures how long an operation takes, for its result. */
final class Stopwatch {

    private final long start = System.nanoTime();

    /** Returns seconds since the start, in whole milliseconds. */
    double seconds() {
        return Math.round((System.nanoTime() - start) / 1e6) / 1e3;
    }
}
