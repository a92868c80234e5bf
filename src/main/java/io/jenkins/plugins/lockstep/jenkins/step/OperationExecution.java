package io.jenkins.plugins.lockstep.jenkins.step;

import hudson.EnvVars;
import hudson.FilePath;
import hudson.model.Run;
import hudson.model.TaskListener;
import io.jenkins.plugins.lockstep.jenkins.run.AgentOperation;
import io.jenkins.plugins.lockstep.jenkins.run.Operation;
import io.jenkins.plugins.lockstep.jenkins.run.RunContext;
import java.util.Map;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.SynchronousNonBlockingStepExecution;
import org.jspecify.annotations.Nullable;

/**
 * Runs an operation beside the Pipeline's own thread. Stopping the step interrupts it, on the agent too. It does not
 * survive a restart of the controller: the step then fails, and says how to retry it.
 */
final class OperationExecution extends SynchronousNonBlockingStepExecution<Map<String, @Nullable Object>> {

    private static final long serialVersionUID = 1L;

    // Never needed after a restart, and records don't survive the way in which running Pipelines are kept.
    private final transient Operation operation;

    OperationExecution(StepContext context, Operation operation) {
        super(context);
        this.operation = operation;
    }

    @Override
    protected Map<String, @Nullable Object> run() throws Exception {
        StepContext context = getContext();
        var build = RunContext.of(context.get(Run.class), context.get(EnvVars.class));
        return new AgentOperation(operation, build, context.get(TaskListener.class)).runIn(context.get(FilePath.class));
    }
}
