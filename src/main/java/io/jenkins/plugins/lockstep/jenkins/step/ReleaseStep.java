package io.jenkins.plugins.lockstep.jenkins.step;

import hudson.Extension;
import io.jenkins.plugins.lockstep.jenkins.run.Operation;
import io.jenkins.plugins.lockstep.jenkins.run.Operation.Kind;
import jenkins.YesNoMaybe;
import org.jspecify.annotations.Nullable;
import org.kohsuke.stapler.DataBoundConstructor;

/** {@code lockstepRelease environment: 'staging'}: builds the images of a revision, then deploys it. */
public final class ReleaseStep extends GuardedStep {

    @DataBoundConstructor
    public ReleaseStep(@Nullable String environment) {
        super(environment);
    }

    @Override
    public Operation operation() {
        return guarded(Kind.RELEASE);
    }

    /** Names the step. */
    @Extension(dynamicLoadable = YesNoMaybe.YES)
    public static final class DescriptorImpl extends RolloutDescriptor {

        public DescriptorImpl() {
            super(true);
        }

        @Override
        public String getFunctionName() {
            return "lockstepRelease";
        }

        @Override
        public String getDisplayName() {
            return "Lockstep: build a revision and deploy it to an environment";
        }
    }
}
