package io.jenkins.plugins.lockstep.jenkins.step;

import hudson.Extension;
import io.jenkins.plugins.lockstep.jenkins.form.Fields;
import io.jenkins.plugins.lockstep.jenkins.run.Operation;
import jenkins.YesNoMaybe;
import org.jspecify.annotations.Nullable;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;

/** {@code lockstepRollback environment: 'staging'}: brings an earlier release back; that is itself a release. */
public final class RollbackStep extends ReleaseStep {

    private @Nullable String to;

    @DataBoundConstructor
    public RollbackStep(@Nullable String environment) {
        super(environment);
    }

    @Override
    Operation operation() {
        return new Operation.Rollback(project(null), getEnvironment(), to, targetArguments(), rollout());
    }

    public @Nullable String getTo() {
        return to;
    }

    @DataBoundSetter
    public void setTo(@Nullable String to) {
        this.to = Fields.unlessDefault(to, Operation.Rollback.PREVIOUS);
    }

    /** Names the step. */
    @Extension(dynamicLoadable = YesNoMaybe.YES)
    public static final class DescriptorImpl extends ReleaseDescriptor {

        @Override
        public String getFunctionName() {
            return "lockstepRollback";
        }

        @Override
        public String getDisplayName() {
            return "Lockstep: roll an environment back";
        }
    }
}
