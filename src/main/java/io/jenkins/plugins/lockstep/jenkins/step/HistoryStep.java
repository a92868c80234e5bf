package io.jenkins.plugins.lockstep.jenkins.step;

import hudson.Extension;
import io.jenkins.plugins.lockstep.jenkins.run.Operation;
import io.jenkins.plugins.lockstep.jenkins.run.Operation.Kind;
import jenkins.YesNoMaybe;
import org.jspecify.annotations.Nullable;
import org.kohsuke.stapler.DataBoundConstructor;

/** {@code lockstepHistory environment: 'staging'}: reads the ledger of an environment. */
public final class HistoryStep extends EnvironmentStep {

    @DataBoundConstructor
    public HistoryStep(@Nullable String environment) {
        super(environment);
    }

    @Override
    public Operation operation() {
        return inEnvironment(Kind.HISTORY);
    }

    /** Names the step. */
    @Extension(dynamicLoadable = YesNoMaybe.YES)
    public static final class DescriptorImpl extends EnvironmentDescriptor {

        public DescriptorImpl() {
            super(false);
        }

        @Override
        public String getFunctionName() {
            return "lockstepHistory";
        }

        @Override
        public String getDisplayName() {
            return "Lockstep: read the releases of an environment";
        }
    }
}
