package io.jenkins.plugins.lockstep.delivery;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * What a test of a connection found, for a person who has just configured it. No secret is in it.
 *
 * @param state what is to be thought of it
 * @param sentences what was found, the most important first; each stands by itself
 */
public record ConnectionReport(State state, List<String> sentences) implements Serializable {

    private static final long serialVersionUID = 1L;

    public ConnectionReport {
        sentences = List.copyOf(sentences);
    }

    /** What is to be thought of a connection. */
    public enum State {
        /** Everything works that could be tried. */
        GOOD,
        /** It is reached, but something that releases need is missing. */
        LACKING,
        /** It can't be used as it is. */
        FAILED
    }

    /**
     * Returns the report of a failure: what, why, and what to do.
     *
     * @throws DeliveryException the failure itself, where somebody stopped the test
     */
    static ConnectionReport failed(DeliveryException failure) {
        if (failure.problem() == Problem.INTERRUPTED) {
            throw failure;
        }
        var sentences = new ArrayList<String>();
        sentences.add(sentence(failure.getMessage()));
        if (failure.hint() != null) {
            sentences.add(sentence(failure.hint()));
        }
        return new ConnectionReport(State.FAILED, sentences);
    }

    private static String sentence(String clause) {
        return clause.endsWith(".") ? clause : clause + ".";
    }

    /** Returns the sentences, a line each. */
    public String text() {
        return String.join("\n", sentences);
    }
}
