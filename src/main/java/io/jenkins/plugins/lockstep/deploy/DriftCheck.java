package io.jenkins.plugins.lockstep.deploy;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.deploy.Change.Operation;
import io.jenkins.plugins.lockstep.deploy.Cluster.ApplyMode;
import io.jenkins.plugins.lockstep.deploy.FieldOwnership.Owner;
import io.jenkins.plugins.lockstep.manifest.RenderedObject;
import io.jenkins.plugins.lockstep.manifest.ResourceKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Tells where live objects are no longer as a release made them. What others have added beside it is not looked at.
 * Only reads. Thread-safe.
 */
public final class DriftCheck {

    private final Cluster cluster;

    public DriftCheck(Cluster cluster) {
        this.cluster = cluster;
    }

    /**
     * One difference.
     *
     * @param object for example {@code deployment/cart}
     * @param field its path; empty where the whole object is missing
     * @param live the value that is there, null for none; of a Secret a digest, see {@link SecretMask}
     * @param released the value of the release, null for none; of a Secret a digest, too
     * @param manager the field manager that has it now, null where nobody wrote that down
     * @param at when that manager last changed something of the object, as the server wrote it; null where it did not
     */
    public record Drifted(
            ResourceKey object,
            String field,
            @Nullable Object live,
            @Nullable Object released,
            @Nullable String manager,
            @Nullable String at) {}

    /**
     * What a release looks like at this moment.
     *
     * @param drift where it differs from what was released
     * @param live its objects that are there, Jobs left out
     */
    public record Reading(List<Drifted> drift, List<LiveObject> live) {

        public Reading {
            drift = List.copyOf(drift);
            live = List.copyOf(live);
        }

        /** Tells whether an object that runs pods is not there. */
        public boolean lacksWorkload() {
            return drift.stream()
                    .anyMatch(drifted -> drifted.field().isEmpty() && KnownKinds.hasPods(drifted.object()));
        }
    }

    /**
     * Compares a release with what is live: one list call for each kind and namespace, and a dry run for each object that
     * seems to differ. Jobs are left out: they run once, and may be cleaned up.
     *
     * @param objects everything that the release rendered
     * @param inventory what it left in the cluster
     * @throws DeliveryException whatever {@link Planner#plan} throws
     */
    public Reading read(List<RenderedObject> objects, List<InventoryItem> inventory, ReplicaBounds bounds) {
        List<RenderedObject> lasting = objects.stream()
                .filter(object -> !KnownKinds.isJob(object.key()))
                .toList();
        Plan plan = new Planner(cluster).plan(lasting, inventory, PlanOptions.ROLLBACK.bounded(bounds));
        SecretMask mask = SecretMask.random();
        var drifted = new ArrayList<Drifted>();
        var there = new ArrayList<LiveObject>();
        for (Change change : plan.changes()) {
            if (change.desired() != null) {
                compare(change, change.desired(), bounds, mask, drifted);
                if (change.live() != null) {
                    there.add(change.live());
                }
            }
        }
        return new Reading(drifted, there);
    }

    private void compare(
            Change change, RenderedObject desired, ReplicaBounds bounds, SecretMask mask, List<Drifted> drifted) {
        LiveObject live = change.live();
        if (live == null || live.isBeingDeleted()) {
            drifted.add(new Drifted(change.key(), "", null, desired.apiVersion(), null, null));
            return;
        }
        if (change.operation() != Operation.CONFIGURE) {
            return;
        }
        LiveObject asReleased = change.fields().isEmpty() ? null : asReleased(change, desired);
        for (String field : change.fields()) {
            Object there = FieldPath.at(live.tree(), field);
            Object shown = FieldPath.at(mask.on(live.tree()), field);
            if (field.equals("spec.replicas")) {
                drifted.add(drifted(change, live, field, shown, words(bounds)));
            } else if (asReleased == null || !Objects.equals(FieldPath.at(asReleased.tree(), field), there)) {
                drifted.add(drifted(change, live, field, shown, FieldPath.at(mask.on(desired.tree()), field)));
            }
        }
        String applied = live.annotation(Stamp.APPLIED_ANNOTATION);
        boolean translated = ServedAutoscalers.isAutoscaler(change.key());
        if (change.fields().isEmpty() && !translated && !desired.hash().equals(applied)) {
            String field = "metadata.annotations." + Stamp.APPLIED_ANNOTATION;
            boolean secret = SecretMask.isFor(desired.tree());
            drifted.add(drifted(
                    change,
                    live,
                    field,
                    secret && applied != null ? mask.digest(applied) : applied,
                    secret ? mask.digest(desired.hash()) : desired.hash()));
        }
    }

    /** Asks the API server what the object would be; null where it can't say. What looks different may mean the same. */
    private @Nullable LiveObject asReleased(Change change, RenderedObject desired) {
        try {
            return cluster.apply(
                            change.kind(), change.key(), desired.tree(), new ApplyMode(Cluster.MANAGER, true, true))
                    .object();
        } catch (DeliveryException e) {
            if (e.problem() == Problem.INTERRUPTED) {
                throw e;
            }
            return null; // who only may read is told what seems to differ
        }
    }

    private static Drifted drifted(
            Change change, LiveObject live, String field, @Nullable Object there, @Nullable Object released) {
        Owner owner = FieldOwnership.owners(live, field).stream()
                .filter(other -> !other.isLockstep())
                .findFirst()
                .orElse(null);
        return new Drifted(
                change.key(),
                field,
                there,
                released,
                owner == null ? null : owner.manager(),
                owner == null ? null : owner.at());
    }

    private static String words(ReplicaBounds bounds) {
        Integer max = bounds.max();
        int min = bounds.min() == null ? 0 : bounds.min();
        return max == null || max == Integer.MAX_VALUE ? "at least " + min : min + " to " + max;
    }
}
