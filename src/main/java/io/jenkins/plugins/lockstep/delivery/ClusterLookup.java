package io.jenkins.plugins.lockstep.delivery;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import org.jspecify.annotations.Nullable;

/** Finds the clusters that a front end has configured. Thread-safe. */
@FunctionalInterface
public interface ClusterLookup {

    /**
     * Finds a cluster.
     *
     * @param name what an environment's {@code cluster} or the caller says; null for the default one
     * @throws DeliveryException {@link Problem#BAD_USAGE} where there is none of that name, with the nearest one, and where
     *     there is no default
     */
    ClusterAccess find(@Nullable String name);
}
