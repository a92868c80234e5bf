package io.jenkins.plugins.lockstep.jenkins.step;

import hudson.Extension;
import hudson.Util;
import io.jenkins.plugins.lockstep.jenkins.run.Operation;
import jenkins.YesNoMaybe;
import org.jspecify.annotations.Nullable;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;

/** {@code lockstepDeploy environment: 'staging'}: makes an environment match a revision, waits, and judges. */
public final class DeployStep extends ReleaseStep {

    private @Nullable String revision;

    @DataBoundConstructor
    public DeployStep(@Nullable String environment) {
        super(environment);
    }

    @Override
    Operation operation() {
        return new Operation.Deploy(project(revision), getEnvironment(), targetArguments(), rollout());
    }

    public @Nullable String getRevision() {
        return revision;
    }

    @DataBoundSetter
    public void setRevision(@Nullable String revision) {
        this.revision = Util.fixEmptyAndTrim(revision);
    }

    /** Names the step. */
    @Extension(dynamicLoadable = YesNoMaybe.YES)
    public static final class DescriptorImpl extends ReleaseDescriptor {

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
