package io.jenkins.plugins.lockstep.jenkins.run;

import hudson.model.TaskListener;
import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.common.Progress;
import io.jenkins.plugins.lockstep.delivery.Delivery;
import io.jenkins.plugins.lockstep.delivery.Target;
import io.jenkins.plugins.lockstep.image.RegistryLogin;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** An operation on the machine that has the workspace: with its repository, or with a bundle that goes along. */
final class AgentOperation extends AgentWork<Outcome> {

    private static final long serialVersionUID = 1L;

    private final Operation operation;
    private final ReleaseWatch watch;
    private final EngineOperation.@Nullable Resumed resumed;
    private final @Nullable BundleBytes bundle;
    private final @Nullable AgentClusters clusters;

    /** Runs it in the workspace, at the place that it names or that the machine knows. */
    AgentOperation(
            Operation operation,
            RunContext context,
            Map<String, RegistryLogin> logins,
            TaskListener listener,
            ReleaseWatch watch,
            EngineOperation.@Nullable Resumed resumed) {
        this(operation, context, logins, listener, watch, resumed, null, null);
    }

    /** Runs it with a bundle, at clusters that Jenkins knows. */
    AgentOperation(
            Operation operation,
            RunContext context,
            Map<String, RegistryLogin> logins,
            TaskListener listener,
            ReleaseWatch watch,
            EngineOperation.@Nullable Resumed resumed,
            @Nullable BundleBytes bundle,
            @Nullable AgentClusters clusters) {
        super(context, logins, listener);
        this.operation = operation;
        this.watch = watch;
        this.resumed = resumed;
        this.bundle = bundle;
        this.clusters = clusters;
    }

    @Override
    Set<AgentClasses> classes() {
        return operation.kind() == Operation.Kind.BUILD
                ? EnumSet.of(AgentClasses.IMAGES)
                : EnumSet.allOf(AgentClasses.class);
    }

    @Override
    Outcome work(Delivery delivery, Path workspace, RunContext context, Progress progress)
            throws IOException, InterruptedException {
        try {
            var engine = new EngineOperation(operation, delivery, context.actor(), progress, watch);
            if (bundle == null || clusters == null) {
                return engine.inWorkspace(workspace, null, resumed);
            }
            return engine.withBundle(
                    bundle,
                    new Target.Configured(clusters, operation.text("cluster"), operation.text("namespace")),
                    resumed);
        } catch (DeliveryException failure) {
            if (failure.problem() == Problem.INTERRUPTED || failure.problem() == Problem.DEFECT) {
                throw failure;
            }
            return Outcome.failed(failure);
        } finally {
            watch.ended();
        }
    }
}
