package io.jenkins.plugins.lockstep.jenkins.step;

import hudson.Extension;
import io.jenkins.plugins.lockstep.jenkins.run.Operation;
import io.jenkins.plugins.lockstep.jenkins.run.Operation.Kind;
import jenkins.YesNoMaybe;
import org.jspecify.annotations.Nullable;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;

/** {@code lockstepKeep environment: 'staging', release: 7}: pins a release, so that it can always be gone back to. */
public final class KeepStep extends EnvironmentStep {

    private boolean unpin;

    private final int release;

    @DataBoundConstructor
    public KeepStep(@Nullable String environment, int release) {
        super(environment);
        this.release = release;
    }

    @Override
    public Operation operation() {
        return inEnvironment(Kind.KEEP).with("release", String.valueOf(release)).with("unpin", unpin);
    }

    public int getRelease() {
        return release;
    }

    public boolean isUnpin() {
        return unpin;
    }

    @DataBoundSetter
    public void setUnpin(boolean unpin) {
        this.unpin = unpin;
    }

    /** Names the step. */
    @Extension(dynamicLoadable = YesNoMaybe.YES)
    public static final class DescriptorImpl extends EnvironmentDescriptor {

        public DescriptorImpl() {
            super(false);
        }

        @Override
        public String getFunctionName() {
            return "lockstepKeep";
        }

        @Override
        public String getDisplayName() {
            return "Lockstep: pin a release";
        }
    }
}
