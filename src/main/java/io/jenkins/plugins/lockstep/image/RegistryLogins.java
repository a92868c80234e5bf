package io.jenkins.plugins.lockstep.image;

import java.util.Optional;

/** Where a front end keeps the logins that it was given; Docker's own configuration is asked after it. */
@FunctionalInterface
public interface RegistryLogins {

    /** Knows nobody. */
    RegistryLogins NONE = registry -> Optional.empty();

    /**
     * Returns the login for a registry.
     *
     * @param registry {@code HOST[:PORT]}; Docker Hub is {@code registry-1.docker.io}
     */
    Optional<RegistryLogin> find(String registry);
}
