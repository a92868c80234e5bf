package io.jenkins.plugins.lockstep.common;

/**
 * What the engine tells while it works. It never prints: the command line, a build log and a test each bring their own.
 *
 * <p>Called from several threads at once; implementations are thread-safe and return quickly.
 */
public interface Progress {

    /** Ignores everything. */
    Progress NONE = message -> {};

    /** Tells one state change, for example {@code deployment/cart: 2 of 3 pods are ready}. */
    void step(String message);

    /** Tells a detail that only a curious reader wants. */
    default void detail(String message) {}

    /** Tells something that the user should change but that stops nothing. */
    default void warn(String message) {
        step("warning: " + message);
    }

    /**
     * Tells how far a long piece of work is.
     *
     * @param task what is being done, the same words for the whole piece of work
     * @param fraction from 0.0 to 1.0
     */
    default void advance(String task, double fraction) {}
}
