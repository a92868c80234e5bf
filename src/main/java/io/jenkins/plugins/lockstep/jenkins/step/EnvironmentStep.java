package io.jenkins.plugins.lockstep.jenkins.step;

import hudson.model.Item;
import hudson.util.FormValidation;
import io.jenkins.plugins.lockstep.jenkins.form.Fields;
import io.jenkins.plugins.lockstep.jenkins.run.Operation;
import io.jenkins.plugins.lockstep.jenkins.run.Operation.Kind;
import org.jspecify.annotations.Nullable;
import org.kohsuke.stapler.AncestorInPath;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/** What steps take that are about one environment. */
public abstract class EnvironmentStep extends ClusterStep {

    private final String environment;

    EnvironmentStep(@Nullable String environment) {
        // A scripted Pipeline may leave it out: the engine then says which environments there are.
        this.environment = environment == null ? "" : environment.trim();
    }

    /** Begins an operation with what all these steps take. */
    final Operation inEnvironment(Kind kind) {
        return atCluster(kind).with("environment", environment);
    }

    public final String getEnvironment() {
        return environment;
    }

    /** What the forms of these steps check. */
    public abstract static class EnvironmentDescriptor extends ClusterDescriptor {

        EnvironmentDescriptor(boolean workspace) {
            super(workspace);
        }

        @POST
        public final FormValidation doCheckEnvironment(
                @AncestorInPath @Nullable Item item, @QueryParameter @Nullable String value) {
            return Fields.required(item, value, "name an environment of the project file");
        }
    }
}
