package io.jenkins.plugins.lockstep.jenkins.run;

import io.jenkins.plugins.lockstep.delivery.Actor;
import java.io.Serializable;
import java.util.HashMap;
import java.util.Map;

/**
 * What a build adds to an operation.
 *
 * @param user who asks, as the ledger tells it
 * @param build the build's stable id, {@code folder/job#12}
 * @param places the variables of the build's environment that name the files which clients of clusters and registries
 *     read; no other variable, for any of them may hold a secret
 */
public record RunContext(String user, String build, Map<String, String> places) implements Serializable {

    private static final long serialVersionUID = 1L;

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
