package io.jenkins.plugins.lockstep.jenkins.run;

import hudson.EnvVars;
import hudson.model.Cause;
import hudson.model.Run;
import io.jenkins.plugins.lockstep.delivery.Actor;
import java.io.Serializable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a build adds to an operation.
 *
 * @param user who started the build, {@value #NOBODY} where no person did
 * @param build the build's stable id, {@code folder/job#12}
 * @param places the variables of the build's environment that name the files which clients of clusters and registries
 *     read; no other variable, for any of them may hold a secret
 */
public record RunContext(String user, String build, Map<String, String> places) implements Serializable {

    /** Who releases when a timer, a push or another build started this one. */
    static final String NOBODY = "jenkins";

    private static final List<String> PLACES = List.of("KUBECONFIG", "DOCKER_CONFIG");

    /** Reads it off a build; call this on the controller. */
    public static RunContext of(Run<?, ?> run, EnvVars environment) {
        var person = run.getCause(Cause.UserIdCause.class);
        String user = person == null ? null : person.getUserId();
        var places = new HashMap<>(environment);
        places.keySet().retainAll(PLACES);
        return new RunContext(user == null ? NOBODY : user, run.getExternalizableId(), places);
    }

    Actor actor() {
        return new Actor(user, build);
    }

    /** Returns the environment of this machine's process with the build's {@code places} in it. */
    Map<String, String> variables() {
        var variables = new HashMap<>(System.getenv());
        variables.putAll(places);
        return variables;
    }
}
