package io.jenkins.plugins.lockstep.image;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;

/** A look at a registry for someone who waits for it. */
public interface RegistryProbe {

    /**
     * Asks the registry whether it is one, and logs in where it wants that (OCI distribution specification, "Determining
     * support").
     *
     * @throws DeliveryException {@link Problem#REGISTRY_UNAVAILABLE}, {@link Problem#REGISTRY_UNAUTHORIZED},
     *     {@link Problem#BAD_INPUT} where the name can't be one, {@link Problem#INTERRUPTED}
     */
    Welcome visit();

    /** How a registry let us in. */
    enum Welcome {
        /** It asked for no login, so the one that there is was not tried. */
        WITHOUT_LOGIN,
        /** It gave a token to nobody in particular. */
        AS_ANYBODY,
        /** It took the login. */
        LOGGED_IN,
        /** It is spoken to without proof of who it is, so it is sent no login; it asked for none. */
        UNPROVEN
    }
}
