package io.jenkins.plugins.lockstep.jenkins.run;

import java.io.Serializable;
import java.util.UUID;

/**
 * An operation that a build was asked for: all that it takes to go on with it after a restart of the controller, together
 * with what {@link ReleaseRecord} says under the same key. Flat texts, because a running Pipeline is stored with it.
 */
public final class OperationState implements Serializable {

    private static final long serialVersionUID = 1L;

    private final Operation operation;
    private final String by;
    private final String key;

    /** @param by who asks, as the ledger tells it */
    public OperationState(Operation operation, String by) {
        this.operation = operation;
        this.by = by;
        this.key = UUID.randomUUID().toString();
    }

    public Operation operation() {
        return operation;
    }

    String by() {
        return by;
    }

    /** Returns what the release is called in the run's record. */
    String key() {
        return key;
    }
}
