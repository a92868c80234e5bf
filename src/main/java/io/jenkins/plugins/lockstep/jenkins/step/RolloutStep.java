package io.jenkins.plugins.lockstep.jenkins.step;

import hudson.Util;
import hudson.model.Item;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.lockstep.jenkins.form.Fields;
import io.jenkins.plugins.lockstep.jenkins.run.Operation;
import io.jenkins.plugins.lockstep.jenkins.run.Operation.Kind;
import io.jenkins.plugins.lockstep.jenkins.run.RolloutArguments;
import org.jspecify.annotations.Nullable;
import org.kohsuke.stapler.AncestorInPath;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/** What steps take that bring something to an environment and wait for it. */
public abstract class RolloutStep extends EnvironmentStep {

    private @Nullable String timeout;
    private @Nullable String lockTimeout;
    private @Nullable String onFailure;
    private @Nullable String graces;
    private boolean takeOwnership;
    private boolean pruneData;

    RolloutStep(@Nullable String environment) {
        super(environment);
    }

    /** Begins an operation with what all these steps take. */
    final Operation rollingOut(Kind kind) {
        return inEnvironment(kind)
                .with("timeout", timeout)
                .with("lockTimeout", lockTimeout)
                .with("onFailure", onFailure)
                .with("graces", graces)
                .with("takeOwnership", takeOwnership)
                .with("pruneData", pruneData);
    }

    public final @Nullable String getTimeout() {
        return timeout;
    }

    @DataBoundSetter
    public final void setTimeout(@Nullable String timeout) {
        this.timeout = Util.fixEmptyAndTrim(timeout);
    }

    public final @Nullable String getLockTimeout() {
        return lockTimeout;
    }

    @DataBoundSetter
    public final void setLockTimeout(@Nullable String lockTimeout) {
        this.lockTimeout = Util.fixEmptyAndTrim(lockTimeout);
    }

    public final @Nullable String getOnFailure() {
        return onFailure;
    }

    @DataBoundSetter
    public final void setOnFailure(@Nullable String onFailure) {
        this.onFailure = Fields.unlessDefault(onFailure, RolloutArguments.ROLLBACK);
    }

    public final @Nullable String getGraces() {
        return graces;
    }

    @DataBoundSetter
    public final void setGraces(@Nullable String graces) {
        this.graces = Util.fixEmptyAndTrim(graces);
    }

    public final boolean isTakeOwnership() {
        return takeOwnership;
    }

    @DataBoundSetter
    public final void setTakeOwnership(boolean takeOwnership) {
        this.takeOwnership = takeOwnership;
    }

    public final boolean isPruneData() {
        return pruneData;
    }

    @DataBoundSetter
    public final void setPruneData(boolean pruneData) {
        this.pruneData = pruneData;
    }

    /** What the forms of these steps check and offer. */
    public abstract static class RolloutDescriptor extends EnvironmentDescriptor {

        RolloutDescriptor(boolean workspace) {
            super(workspace);
        }

        @POST
        public final FormValidation doCheckTimeout(
                @AncestorInPath @Nullable Item item, @QueryParameter @Nullable String value) {
            return Fields.span(item, value);
        }

        @POST
        public final FormValidation doCheckLockTimeout(
                @AncestorInPath @Nullable Item item, @QueryParameter @Nullable String value) {
            return Fields.span(item, value);
        }

        @POST
        public final FormValidation doCheckGraces(
                @AncestorInPath @Nullable Item item, @QueryParameter @Nullable String value) {
            return Fields.graces(item, value);
        }

        @POST
        public final ListBoxModel doFillOnFailureItems(
                @AncestorInPath @Nullable Item item, @QueryParameter @Nullable String onFailure) {
            return Fields.onFailure(item, onFailure);
        }
    }
}
