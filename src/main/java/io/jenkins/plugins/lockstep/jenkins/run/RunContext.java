package io.jenkins.plugins.lockstep.jenkins.run;

import hudson.EnvVars;
import hudson.model.Cause;
import hudson.model.Run;
import io.jenkins.plugins.lockstep.delivery.Actor;
import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * What a build adds to an operation.
 *
 * @param user who started the build, {@value #NOBODY} where no person did
 * @param build the build's stable id, {@code folder/job#12}
 * @param kubeconfig the value of KUBECONFIG in the build's environment, null where it has none
 */
public record RunContext(String user, String build, @Nullable String kubeconfig) implements Serializable {

    /** Who releases when a timer, a push or another build started this one. */
    static final String NOBODY = "jenkins";

    /** Reads it off a build; call this on the controller. */
    public static RunContext of(Run<?, ?> run, EnvVars environment) {
        var person = run.getCause(Cause.UserIdCause.class);
        String user = person == null ? null : person.getUserId();
        return new RunContext(
                user == null ? NOBODY : user, run.getExternalizableId(), environment.get("KUBECONFIG"));
    }

    Actor actor() {
        return new Actor(user, build);
    }
}
