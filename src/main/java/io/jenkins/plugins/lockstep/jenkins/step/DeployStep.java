package io.jenkins.plugins.lockstep.jenkins.step;

import hudson.Extension;
import io.jenkins.plugins.lockstep.jenkins.run.Operation;
import io.jenkins.plugins.lockstep.jenkins.run.Operation.Kind;
import jenkins.YesNoMaybe;
import org.jspecify.annotations.Nullable;
import org.kohsuke.stapler.DataBoundConstructor;

/** {@code lockstepDeploy environment: 'staging'}: makes an environment match a revision, waits, and judges. */
public final class DeployStep extends GuardedStep {

    @DataBoundConstructor
    public DeployStep(@Nullable String environment) {
        super(environment);
    }

    @Override
    public Operation operation() {
        return guarded(Kind.DEPLOY);
    }

    /** Names the step. */
    @Extension(dynamicLoadable = YesNoMaybe.YES)
    public static final class DescriptorImpl extends RolloutDescriptor {

        public DescriptorImpl() {
            super(false);
        }

        @Override
        public String getFunctionName() {
            return "lockstepDeploy";
        }

        @Override
        public String getDisplayName() {
            return "Lockstep: deploy a revision to an environment";
        }
    }
}
