package io.jenkins.plugins.lockstep.jenkins.run;

import hudson.FilePath;
import hudson.model.TaskListener;
import hudson.remoting.VirtualChannel;
import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.delivery.DeliveryFactory;
import java.io.File;
import java.io.IOException;
import java.util.Map;
import jenkins.MasterToSlaveFileCallable;
import org.jspecify.annotations.Nullable;

/**
 * An operation on its way to the machine that has the workspace. The engine is made there; what goes there is
 * configured text, what comes back is a plain tree.
 */
public final class AgentOperation extends MasterToSlaveFileCallable<Map<String, @Nullable Object>> {

    private static final long serialVersionUID = 1L;

    private final Operation operation;
    private final RunContext context;
    private final TaskListener listener;

    public AgentOperation(Operation operation, RunContext context, TaskListener listener) {
        this.operation = operation;
        this.context = context;
        this.listener = listener;
    }

    /**
     * Runs the operation where {@code workspace} is and waits for its result.
     *
     * @throws hudson.AbortException with what, where, why and a hint, where the operation failed
     * @throws InterruptedException where the build was stopped; the operation is told and records it
     * @throws IOException where the connection to the agent broke, or for a defect, with its stack trace
     */
    public Map<String, @Nullable Object> runIn(FilePath workspace) throws IOException, InterruptedException {
        return workspace.act(this);
    }

    @Override
    public Map<String, @Nullable Object> invoke(File workspace, @Nullable VirtualChannel channel)
            throws IOException, InterruptedException {
        try {
            var progress = new BuildLogProgress(listener);
            return PlainTree.copy(operation.run(
                    new DeliveryFactory(context.variables()).delivery(progress),
                    workspace.toPath(),
                    context,
                    progress));
        } catch (DeliveryException failure) {
            throw StepFailures.translate(failure);
        } catch (RuntimeException mistake) {
            listener.getLogger().println("This is a defect in Lockstep; please report it with the stack trace below.");
            throw StepFailures.defect(mistake);
        }
    }
}
