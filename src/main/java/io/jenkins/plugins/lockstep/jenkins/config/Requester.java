package io.jenkins.plugins.lockstep.jenkins.config;

import hudson.model.Cause;
import hudson.model.Run;
import hudson.security.ACL;
import java.io.Serializable;
import jenkins.model.Jenkins;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.Authentication;

/**
 * Who asks for a release.
 *
 * @param user the person's id; null where a timer, a push or another build started the build
 * @param authentication what the build runs as; null where that is SYSTEM, which says nothing
 */
public record Requester(@Nullable String user, @Nullable String authentication) implements Serializable {

    /** Who releases when no person did. */
    public static final String NOBODY = "jenkins";

    private static final long serialVersionUID = 1L;

    /** Reads it off a build; to be called in the build's own thread. */
    public static Requester of(Run<?, ?> run) {
        return of(run, Jenkins.getAuthentication2());
    }

    static Requester of(Run<?, ?> run, Authentication authentication) {
        var person = run.getCause(Cause.UserIdCause.class);
        return new Requester(person == null ? null : person.getUserId(), named(authentication));
    }

    /** Returns the user who is logged in where this is called. */
    public static Requester current() {
        return new Requester(named(Jenkins.getAuthentication2()), null);
    }

    /** Returns the ledger's text: the person, and whom the build acts as where that is someone else. */
    public String by() {
        String name = user == null ? NOBODY : user;
        return authentication == null || authentication.equals(user) ? name : name + ", as " + authentication;
    }

    private static @Nullable String named(Authentication authentication) {
        return authentication.equals(ACL.SYSTEM2) ? null : authentication.getName();
    }
}
