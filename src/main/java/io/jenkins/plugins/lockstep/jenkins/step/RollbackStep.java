package io.jenkins.plugins.lockstep.jenkins.step;

import hudson.Extension;
import io.jenkins.plugins.lockstep.jenkins.form.Fields;
import io.jenkins.plugins.lockstep.jenkins.run.Operation;
import io.jenkins.plugins.lockstep.jenkins.run.Operation.Kind;
import jenkins.YesNoMaybe;
import org.jspecify.annotations.Nullable;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;

/**
 * {@code lockstepRollback environment: 'staging'}: brings an earlier release back; that is itself a release. With
 * {@code check: true} it only says what there is to go back to.
 */
public final class RollbackStep extends RolloutStep {

    private @Nullable String to;
    private boolean check;
    private boolean all;

    @DataBoundConstructor
    public RollbackStep(@Nullable String environment) {
        super(environment);
    }

    @Override
    public Operation operation() {
        return rollingOut(Kind.ROLLBACK).with("to", to).with("check", check).with("all", all);
    }

    public @Nullable String getTo() {
        return to;
    }

    @DataBoundSetter
    public void setTo(@Nullable String to) {
        this.to = Fields.unlessDefault(to, Operation.PREVIOUS);
    }

    public boolean isCheck() {
        return check;
    }

    @DataBoundSetter
    public void setCheck(boolean check) {
        this.check = check;
    }

    public boolean isAll() {
        return all;
    }

    @DataBoundSetter
    public void setAll(boolean all) {
        this.all = all;
    }

    /** Names the step. */
    @Extension(dynamicLoadable = YesNoMaybe.YES)
    public static final class DescriptorImpl extends RolloutDescriptor {

        public DescriptorImpl() {
            super(false);
        }

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
