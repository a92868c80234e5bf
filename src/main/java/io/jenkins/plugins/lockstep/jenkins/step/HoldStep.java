package io.jenkins.plugins.lockstep.jenkins.step;

import hudson.Extension;
import hudson.Util;
import io.jenkins.plugins.lockstep.jenkins.run.Operation;
import io.jenkins.plugins.lockstep.jenkins.run.Operation.Kind;
import jenkins.YesNoMaybe;
import org.jspecify.annotations.Nullable;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;

/** {@code lockstepHold environment: 'staging', reason: '…'}: holds an environment, or lifts what holds it. */
public final class HoldStep extends EnvironmentStep {

    private @Nullable String reason;
    private boolean lift;

    @DataBoundConstructor
    public HoldStep(@Nullable String environment) {
        super(environment);
    }

    @Override
    public Operation operation() {
        return inEnvironment(Kind.HOLD).with("reason", reason).with("lift", lift);
    }

    public @Nullable String getReason() {
        return reason;
    }

    @DataBoundSetter
    public void setReason(@Nullable String reason) {
        this.reason = Util.fixEmptyAndTrim(reason);
    }

    public boolean isLift() {
        return lift;
    }

    @DataBoundSetter
    public void setLift(boolean lift) {
        this.lift = lift;
    }

    /** Names the step. */
    @Extension(dynamicLoadable = YesNoMaybe.YES)
    public static final class DescriptorImpl extends EnvironmentDescriptor {

        public DescriptorImpl() {
            super(false);
        }

        @Override
        public String getFunctionName() {
            return "lockstepHold";
        }

        @Override
        public String getDisplayName() {
            return "Lockstep: hold an environment";
        }
    }
}
