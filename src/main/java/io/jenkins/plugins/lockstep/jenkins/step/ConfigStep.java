package io.jenkins.plugins.lockstep.jenkins.step;

import hudson.Extension;
import hudson.Util;
import io.jenkins.plugins.lockstep.jenkins.run.Operation;
import io.jenkins.plugins.lockstep.jenkins.run.Operation.Kind;
import jenkins.YesNoMaybe;
import org.jspecify.annotations.Nullable;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;

/** {@code lockstepConfig environment: 'staging'}: loads a revision's configuration into its ConfigMap, nothing else. */
public final class ConfigStep extends EnvironmentStep {

    private @Nullable String revision;

    @DataBoundConstructor
    public ConfigStep(@Nullable String environment) {
        super(environment);
    }

    @Override
    public Operation operation() {
        return inEnvironment(Kind.CONFIG).with("revision", revision);
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
    public static final class DescriptorImpl extends EnvironmentDescriptor {

        public DescriptorImpl() {
            super(false);
        }

        @Override
        public String getFunctionName() {
            return "lockstepConfig";
        }

        @Override
        public String getDisplayName() {
            return "Lockstep: load the configuration of an environment";
        }
    }
}
