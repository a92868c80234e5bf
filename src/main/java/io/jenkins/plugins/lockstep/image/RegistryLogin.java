package io.jenkins.plugins.lockstep.image;

import java.io.Serializable;

/**
 * Who to be to a registry. {@link #toString()} does not show the password.
 *
 * @param username the name, or {@code <token>} where {@code password} is an OAuth2 refresh token, as Docker has it
 * @param password the password or token
 */
public record RegistryLogin(String username, String password) implements Serializable {

    private static final long serialVersionUID = 1L;

    @Override
    public String toString() {
        return "RegistryLogin[username=" + username + "]";
    }
}
