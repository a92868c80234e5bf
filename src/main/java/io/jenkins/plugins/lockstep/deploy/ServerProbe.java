package io.jenkins.plugins.lockstep.deploy;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import java.util.Optional;

/**
 * A look at an API server for someone who waits for it. Thread-safe; every method throws {@link DeliveryException} as
 * {@link Cluster} says.
 */
public interface ServerProbe extends AutoCloseable {

    /** Returns what messages call the server; never with credentials. */
    String location();

    /** Returns the namespace that the connection says, {@code default} where it says none. */
    String namespace();

    /** Returns the server's version, for example {@code v1.33.1}; empty where we may not ask for it. */
    Optional<String> version();

    /** Returns who the server takes us for, as far as that can be known. */
    Optional<String> user();

    /** Tells whether the namespace exists; one that may not be looked at is taken to be there. */
    boolean hasNamespace(String namespace);

    /**
     * Tells whether we may do something.
     *
     * @param verb the API's word
     * @param group the API group, empty for the core group
     * @param resource in the plural, a subresource after a slash: {@code pods/log}
     */
    boolean allowed(String verb, String group, String resource, String namespace);

    @Override
    void close();
}
