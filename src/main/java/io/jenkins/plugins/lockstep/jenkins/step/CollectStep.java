package io.jenkins.plugins.lockstep.jenkins.step;

import hudson.Extension;
import hudson.Util;
import hudson.model.Item;
import hudson.util.FormValidation;
import io.jenkins.plugins.lockstep.jenkins.form.Fields;
import io.jenkins.plugins.lockstep.jenkins.run.Operation;
import io.jenkins.plugins.lockstep.jenkins.run.Operation.Kind;
import jenkins.YesNoMaybe;
import org.jspecify.annotations.Nullable;
import org.kohsuke.stapler.AncestorInPath;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/** {@code lockstepCollect()}: collects what no kept release needs any more; explains each decision. */
public final class CollectStep extends ClusterStep {

    private @Nullable String environment;
    private @Nullable String lockTimeout;
    private boolean dryRun;
    private boolean registry;
    private boolean unreleased;

    @DataBoundConstructor
    public CollectStep() {}

    @Override
    public Operation operation() {
        return atCluster(Kind.COLLECT)
                .with("environment", environment)
                .with("lockTimeout", lockTimeout)
                .with("dryRun", dryRun)
                .with("registry", registry)
                .with("unreleased", unreleased);
    }

    public @Nullable String getEnvironment() {
        return environment;
    }

    @DataBoundSetter
    public void setEnvironment(@Nullable String environment) {
        this.environment = Util.fixEmptyAndTrim(environment);
    }

    public @Nullable String getLockTimeout() {
        return lockTimeout;
    }

    @DataBoundSetter
    public void setLockTimeout(@Nullable String lockTimeout) {
        this.lockTimeout = Util.fixEmptyAndTrim(lockTimeout);
    }

    public boolean isDryRun() {
        return dryRun;
    }

    @DataBoundSetter
    public void setDryRun(boolean dryRun) {
        this.dryRun = dryRun;
    }

    public boolean isRegistry() {
        return registry;
    }

    @DataBoundSetter
    public void setRegistry(boolean registry) {
        this.registry = registry;
    }

    public boolean isUnreleased() {
        return unreleased;
    }

    @DataBoundSetter
    public void setUnreleased(boolean unreleased) {
        this.unreleased = unreleased;
    }

    /** Names the step. */
    @Extension(dynamicLoadable = YesNoMaybe.YES)
    public static final class DescriptorImpl extends ClusterDescriptor {

        public DescriptorImpl() {
            super(false);
        }

        @Override
        public String getFunctionName() {
            return "lockstepCollect";
        }

        @Override
        public String getDisplayName() {
            return "Lockstep: collect what no release needs any more";
        }

        @POST
        public FormValidation doCheckLockTimeout(
                @AncestorInPath @Nullable Item item, @QueryParameter @Nullable String value) {
            return Fields.span(item, value);
        }
    }
}
