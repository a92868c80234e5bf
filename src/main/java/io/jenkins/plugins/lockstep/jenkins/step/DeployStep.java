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
    private boolean allowOlder;
    private boolean allowDiverged;
    private boolean skipGate;
    private @Nullable String fixes;

    @DataBoundConstructor
    public DeployStep(@Nullable String environment) {
        super(environment);
    }

    @Override
    Operation operation() {
        return new Operation.Deploy(
                project(revision),
                getEnvironment(),
                targetArguments(),
                rollout(allowOlder, allowDiverged, skipGate, fixes));
    }

    public @Nullable String getRevision() {
        return revision;
    }

    @DataBoundSetter
    public void setRevision(@Nullable String revision) {
        this.revision = Util.fixEmptyAndTrim(revision);
    }

    public boolean isAllowOlder() {
        return allowOlder;
    }

    @DataBoundSetter
    public void setAllowOlder(boolean allowOlder) {
        this.allowOlder = allowOlder;
    }

    public boolean isAllowDiverged() {
        return allowDiverged;
    }

    @DataBoundSetter
    public void setAllowDiverged(boolean allowDiverged) {
        this.allowDiverged = allowDiverged;
    }

    public boolean isSkipGate() {
        return skipGate;
    }

    @DataBoundSetter
    public void setSkipGate(boolean skipGate) {
        this.skipGate = skipGate;
    }

    public @Nullable String getFixes() {
        return fixes;
    }

    @DataBoundSetter
    public void setFixes(@Nullable String fixes) {
        this.fixes = Util.fixEmptyAndTrim(fixes);
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
