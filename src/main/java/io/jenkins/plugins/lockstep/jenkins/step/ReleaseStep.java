package io.jenkins.plugins.lockstep.jenkins.step;

import hudson.Util;
import hudson.model.Item;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.lockstep.jenkins.form.Fields;
import io.jenkins.plugins.lockstep.jenkins.run.RolloutArguments;
import io.jenkins.plugins.lockstep.jenkins.run.TargetArguments;
import org.jspecify.annotations.Nullable;
import org.kohsuke.stapler.AncestorInPath;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/** What steps take that release to an environment. */
public abstract class ReleaseStep extends OperationStep {

    private final String environment;
    private @Nullable String kubeconfig;
    private @Nullable String context;
    private @Nullable String namespace;
    private @Nullable String timeout;
    private @Nullable String lockTimeout;
    private @Nullable String onFailure;
    private boolean takeOwnership;
    private boolean pruneData;

    ReleaseStep(@Nullable String environment) {
        // A scripted Pipeline may leave it out: the engine then says which environments there are.
        this.environment = environment == null ? "" : environment.trim();
    }

    final TargetArguments targetArguments() {
        return new TargetArguments(getTarget(), kubeconfig, context, namespace);
    }

    final RolloutArguments rollout() {
        return rollout(false, false, false, null);
    }

    /** Returns how to roll out what has to pass guards. */
    final RolloutArguments rollout(
            boolean allowOlder, boolean allowDiverged, boolean skipGate, @Nullable String fixes) {
        return new RolloutArguments(
                timeout, lockTimeout, onFailure, takeOwnership, pruneData, allowOlder, allowDiverged, skipGate, fixes);
    }

    public final String getEnvironment() {
        return environment;
    }

    public final @Nullable String getKubeconfig() {
        return kubeconfig;
    }

    @DataBoundSetter
    public final void setKubeconfig(@Nullable String kubeconfig) {
        this.kubeconfig = Util.fixEmptyAndTrim(kubeconfig);
    }

    public final @Nullable String getContext() {
        return context;
    }

    @DataBoundSetter
    public final void setContext(@Nullable String context) {
        this.context = Util.fixEmptyAndTrim(context);
    }

    public final @Nullable String getNamespace() {
        return namespace;
    }

    @DataBoundSetter
    public final void setNamespace(@Nullable String namespace) {
        this.namespace = Util.fixEmptyAndTrim(namespace);
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
    public abstract static class ReleaseDescriptor extends OperationDescriptor {

        @POST
        public final FormValidation doCheckEnvironment(
                @AncestorInPath @Nullable Item item, @QueryParameter @Nullable String value) {
            return Fields.required(item, value, "name an environment of the project file");
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
        public final ListBoxModel doFillOnFailureItems(
                @AncestorInPath @Nullable Item item, @QueryParameter @Nullable String onFailure) {
            return Fields.onFailure(item, onFailure);
        }
    }
}
