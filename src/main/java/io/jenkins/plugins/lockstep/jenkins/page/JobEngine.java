package io.jenkins.plugins.lockstep.jenkins.page;

import hudson.ExtensionPoint;
import hudson.model.Job;
import io.jenkins.plugins.lockstep.common.Progress;
import io.jenkins.plugins.lockstep.delivery.Actor;
import io.jenkins.plugins.lockstep.delivery.DeployResult;
import io.jenkins.plugins.lockstep.jenkins.board.RecordedEnvironment;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What the pages ask of the engine, about the application of a job, on the controller. Every method may take long and
 * calls a cluster: never in a request.
 *
 * <p>Not for other plugins. Each method throws {@link io.jenkins.plugins.lockstep.common.DeliveryException} where the
 * engine does.
 */
public interface JobEngine extends ExtensionPoint {

    /** Looks at an environment: what runs, how well, what was released, what can be rolled back to. */
    RecordedEnvironment look(Job<?, ?> job, String app, String environment, Instant now) throws InterruptedException;

    /**
     * Rolls back, or goes on with the rollback of the same actor's build where a restart of the controller cut it off.
     *
     * @param request what was asked for
     * @param resumed whether it may have begun already
     */
    DeployResult rollback(Job<?, ?> job, RollbackOrder request, Actor actor, boolean resumed, Progress progress)
            throws InterruptedException;

    /**
     * A rollback that somebody asked for.
     *
     * @param app the application
     * @param environment of the application
     * @param to {@code previous}, {@code #N} or a revision
     * @param number of the release once it has begun, null before
     */
    record RollbackOrder(String app, String environment, String to, @Nullable Integer number) {}
}
