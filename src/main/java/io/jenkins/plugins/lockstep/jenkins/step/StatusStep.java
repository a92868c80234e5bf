package io.jenkins.plugins.lockstep.jenkins.step;

import hudson.Extension;
import hudson.Util;
import io.jenkins.plugins.lockstep.jenkins.run.Operation;
import io.jenkins.plugins.lockstep.jenkins.run.Operation.Kind;
import jenkins.YesNoMaybe;
import org.jspecify.annotations.Nullable;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;

/** {@code lockstepStatus()}: says what runs in the environments, or in one. */
public final class StatusStep extends ClusterStep {

    private @Nullable String environment;

    @DataBoundConstructor
    public StatusStep() {}

    @Override
    public Operation operation() {
        return atCluster(Kind.STATUS).with("environment", environment);
    }

    public @Nullable String getEnvironment() {
        return environment;
    }

    @DataBoundSetter
    public void setEnvironment(@Nullable String environment) {
        this.environment = Util.fixEmptyAndTrim(environment);
    }

    /** Names the step. */
    @Extension(dynamicLoadable = YesNoMaybe.YES)
    public static final class DescriptorImpl extends ClusterDescriptor {

        public DescriptorImpl() {
            super(false);
        }

        @Override
        public String getFunctionName() {
            return "lockstepStatus";
        }

        @Override
        public String getDisplayName() {
            return "Lockstep: say what runs in the environments";
        }
    }
}
