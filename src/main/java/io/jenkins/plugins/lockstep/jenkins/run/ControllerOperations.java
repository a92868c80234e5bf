package io.jenkins.plugins.lockstep.jenkins.run;

import hudson.model.Item;
import io.jenkins.plugins.lockstep.common.Progress;
import io.jenkins.plugins.lockstep.delivery.Actor;
import io.jenkins.plugins.lockstep.delivery.DeployResult;
import io.jenkins.plugins.lockstep.delivery.HistoryResult;
import io.jenkins.plugins.lockstep.delivery.HoldResult;
import io.jenkins.plugins.lockstep.delivery.ReadinessResult;
import io.jenkins.plugins.lockstep.delivery.StatusResult;
import java.util.Optional;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The operations of one application on the controller, in the calling thread: for pages, which have no run. They need a
 * kept bundle and a configured cluster that is connected to from the controller; the item says which it may use. Who calls
 * has checked the permission.
 *
 * <p>All throw {@link io.jenkins.plugins.lockstep.common.DeliveryException}; interrupt the thread to stop one.
 */
public interface ControllerOperations {

    /**
     * Returns the operations of a kept bundle's application.
     *
     * @param item whose clusters and registries are used: the job, or a folder around it
     */
    static ControllerOperations of(Item item, KeptBundle bundle) {
        return new ConfiguredOperations(item, bundle);
    }

    /** Returns the application's name. */
    String app();

    /**
     * Deploys the bundle's own revision.
     *
     * @param begun told the release's number, before anything is applied
     */
    DeployResult deploy(String environment, RolloutArguments rollout, Actor actor, IntConsumer begun, Progress progress)
            throws InterruptedException;

    /**
     * Brings an earlier release back.
     *
     * @param to {@code previous}, {@code #N}, or a revision
     * @param begun told the release's number, before anything is applied
     */
    DeployResult rollback(
            String environment, String to, RolloutArguments rollout, Actor actor, IntConsumer begun, Progress progress)
            throws InterruptedException;

    /**
     * Continues the release that this actor's build began and nobody ended, or tells how it ended.
     *
     * @param number null where it was never told
     * @return empty where there is none, so that the operation can simply run
     */
    Optional<DeployResult> resume(
            String environment, RolloutArguments rollout, Actor actor, @Nullable Integer number, Progress progress)
            throws InterruptedException;

    /** Looks at what runs in all environments, or in one where {@code environment} is not null. */
    StatusResult status(@Nullable String environment);

    /** Reads the ledger of an environment. */
    HistoryResult history(String environment);

    /** Reads the newest releases of an environment, {@code most} at most. */
    HistoryResult history(String environment, int most);

    /**
     * Says what an environment can be rolled back to, and what is in the way.
     *
     * @param most how many to look at, the newest
     */
    ReadinessResult readiness(String environment, int most);

    /** Holds an environment, or lifts whatever holds it. */
    HoldResult hold(String environment, boolean lift, @Nullable String reason, Actor actor);
}
