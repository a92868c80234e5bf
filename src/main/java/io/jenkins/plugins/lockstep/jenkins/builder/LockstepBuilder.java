package io.jenkins.plugins.lockstep.jenkins.builder;

import hudson.EnvVars;
import hudson.Extension;
import hudson.FilePath;
import hudson.Launcher;
import hudson.model.AbstractProject;
import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.tasks.BuildStepDescriptor;
import hudson.tasks.Builder;
import io.jenkins.plugins.lockstep.jenkins.run.Operation;
import io.jenkins.plugins.lockstep.jenkins.run.OperationRun;
import io.jenkins.plugins.lockstep.jenkins.run.OperationState;
import io.jenkins.plugins.lockstep.jenkins.run.Requests;
import io.jenkins.plugins.lockstep.jenkins.run.Surroundings;
import io.jenkins.plugins.lockstep.jenkins.step.OperationStep;
import io.jenkins.plugins.lockstep.jenkins.step.OperationStep.OperationDescriptor;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import jenkins.YesNoMaybe;
import jenkins.model.Jenkins;
import jenkins.tasks.SimpleBuildStep;
import org.jenkinsci.Symbol;
import org.jspecify.annotations.Nullable;
import org.kohsuke.stapler.DataBoundConstructor;

/**
 * Does in a freestyle job what a Pipeline step does. The job's configuration keeps the step itself, so both have the same
 * fields. Every text may use the job's variables, for example {@code $GIT_COMMIT}.
 */
public final class LockstepBuilder extends Builder implements SimpleBuildStep {

    private final OperationStep operation;

    @DataBoundConstructor
    public LockstepBuilder(OperationStep operation) {
        this.operation = operation;
    }

    public OperationStep getOperation() {
        return operation;
    }

    @Override
    public boolean requiresWorkspace() {
        return ((OperationDescriptor) operation.getDescriptor()).needsWorkspace();
    }

    @Override
    public void perform(Run<?, ?> run, FilePath workspace, EnvVars env, Launcher launcher, TaskListener listener)
            throws InterruptedException, IOException {
        perform(run, env, listener, workspace);
    }

    @Override
    public void perform(Run<?, ?> run, EnvVars env, TaskListener listener) throws InterruptedException, IOException {
        perform(run, env, listener, null);
    }

    private void perform(Run<?, ?> run, EnvVars env, TaskListener listener, @Nullable FilePath workspace)
            throws InterruptedException, IOException {
        Operation asked = operation.operation().expanded(env::expand);
        var state = new OperationState(asked, Requests.admitted(asked, run));
        Map<String, @Nullable Object> result =
                new OperationRun(state, new BuildSurroundings(run, listener, env, workspace), false).perform();
        ResultVariables.of(result).ifPresent(run::addAction);
    }

    /** What a freestyle build has around it. */
    private record BuildSurroundings(
            Run<?, ?> run, TaskListener listener, EnvVars environment, @Nullable FilePath workspace)
            implements Surroundings {}

    /** Offers the builder to every kind of job. */
    @Extension(dynamicLoadable = YesNoMaybe.YES)
    @Symbol("lockstepOperation")
    public static final class DescriptorImpl extends BuildStepDescriptor<Builder> {

        @Override
        public String getDisplayName() {
            return "Lockstep: build, deploy or roll back a revision";
        }

        @Override
        @SuppressWarnings("rawtypes")
        public boolean isApplicable(Class<? extends AbstractProject> jobType) {
            return true;
        }

        /** Returns what the form offers. */
        public List<OperationDescriptor> getOperations() {
            return Jenkins.get().getExtensionList(OperationDescriptor.class);
        }
    }
}
