package io.jenkins.plugins.lockstep.jenkins.step;

import hudson.Extension;
import hudson.Util;
import io.jenkins.plugins.lockstep.jenkins.run.Operation;
import io.jenkins.plugins.lockstep.jenkins.run.Operation.Kind;
import jenkins.YesNoMaybe;
import org.jspecify.annotations.Nullable;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;

/**
 * {@code lockstepBuild}: makes sure that the images of a revision exist, and keeps with the run what a deploy needs.
 *
 * <pre>{@code
 * def built = lockstepBuild()
 * echo built.digest
 * }</pre>
 */
public final class BuildImageStep extends OperationStep {

    private @Nullable String revision;

    @DataBoundConstructor
    public BuildImageStep() {}

    @Override
    public Operation operation() {
        return begin(Kind.BUILD).with("revision", revision);
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
    public static final class DescriptorImpl extends OperationDescriptor {

        public DescriptorImpl() {
            super(true);
        }

        @Override
        public String getFunctionName() {
            return "lockstepBuild";
        }

        @Override
        public String getDisplayName() {
            return "Lockstep: build the image of a revision";
        }
    }
}
