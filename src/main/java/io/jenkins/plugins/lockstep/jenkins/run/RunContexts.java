package io.jenkins.plugins.lockstep.jenkins.run;

import hudson.EnvVars;
import hudson.model.Run;
import java.util.HashMap;
import java.util.List;

/** Reads off builds, on the controller, what operations need to know of them: agents need not know what a build is. */
final class RunContexts {

    private static final List<String> PLACES = List.of("KUBECONFIG", "DOCKER_CONFIG");

    private RunContexts() {}

    static RunContext of(String user, Run<?, ?> run, EnvVars environment) {
        var places = new HashMap<>(environment);
        places.keySet().retainAll(PLACES);
        return new RunContext(user, run.getExternalizableId(), places);
    }
}
