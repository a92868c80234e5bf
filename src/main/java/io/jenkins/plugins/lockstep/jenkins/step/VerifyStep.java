package io.jenkins.plugins.lockstep.jenkins.step;

import hudson.Extension;
import io.jenkins.plugins.lockstep.jenkins.run.Operation;
import io.jenkins.plugins.lockstep.jenkins.run.Operation.Kind;
import jenkins.YesNoMaybe;
import org.jspecify.annotations.Nullable;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;

/** {@code lockstepVerify environment: 'staging'}: fails where live objects no longer are what was released. */
public final class VerifyStep extends EnvironmentStep {

    private boolean allowDrift;

    @DataBoundConstructor
    public VerifyStep(@Nullable String environment) {
        super(environment);
    }

    @Override
    public Operation operation() {
        return inEnvironment(Kind.VERIFY).with("allowDrift", allowDrift);
    }

    public boolean isAllowDrift() {
        return allowDrift;
    }

    @DataBoundSetter
    public void setAllowDrift(boolean allowDrift) {
        this.allowDrift = allowDrift;
    }

    /** Names the step. */
    @Extension(dynamicLoadable = YesNoMaybe.YES)
    public static final class DescriptorImpl extends EnvironmentDescriptor {

        public DescriptorImpl() {
            super(false);
        }

        @Override
        public String getFunctionName() {
            return "lockstepVerify";
        }

        @Override
        public String getDisplayName() {
            return "Lockstep: verify that an environment is what was released";
        }
    }
}
