package io.jenkins.plugins.lockstep.jenkins.step;

import hudson.Extension;
import io.jenkins.plugins.lockstep.jenkins.run.Operation;
import io.jenkins.plugins.lockstep.jenkins.run.Operation.Kind;
import jenkins.YesNoMaybe;
import org.jspecify.annotations.Nullable;
import org.kohsuke.stapler.DataBoundConstructor;

/** {@code lockstepPlan environment: 'staging'}: says what a deploy would change; writes nothing. */
public final class PlanStep extends GuardedStep {

    @DataBoundConstructor
    public PlanStep(@Nullable String environment) {
        super(environment);
    }

    @Override
    public Operation operation() {
        return guarded(Kind.PLAN);
    }

    /** Names the step. */
    @Extension(dynamicLoadable = YesNoMaybe.YES)
    public static final class DescriptorImpl extends RolloutDescriptor {

        public DescriptorImpl() {
            super(false);
        }

        @Override
        public String getFunctionName() {
            return "lockstepPlan";
        }

        @Override
        public String getDisplayName() {
            return "Lockstep: say what a deploy would change";
        }
    }
}
