package io.jenkins.plugins.lockstep.deploy;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.common.document.Tree;
import io.jenkins.plugins.lockstep.deploy.Change.Operation;
import io.jenkins.plugins.lockstep.deploy.Cluster.ApplyMode;
import io.jenkins.plugins.lockstep.manifest.RenderedObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Asks the API server what one change would do, without doing it. Thread-safe. */
final class DryRun {

    private static final String REPLICAS = "spec.replicas";

    private final Cluster cluster;
    private final boolean force;
    private final Stamp stamp;
    private final ReplicaBounds bounds;
    private final SecretMask mask;

    DryRun(Cluster cluster, boolean force, Stamp stamp, ReplicaBounds bounds, SecretMask mask) {
        this.cluster = cluster;
        this.force = force;
        this.stamp = stamp;
        this.bounds = bounds;
        this.mask = mask;
    }

    /** Tells of an object that is there and differs. */
    ChangeDetail configure(Change change, RenderedObject desired) {
        LiveObject live = Objects.requireNonNull(change.live());
        var notes = new ArrayList<String>();
        DeliveryException refusal = null;
        List<FieldChange> fields;
        try {
            fields = fields(desired, live, ask(change, desired, force || isHeldByOursAlone(change, live)));
        } catch (DeliveryException e) {
            if (isUnanswerable(e)) {
                notes.add(
                        "an admission webhook of this cluster answers no dry run: only the deploy can tell the values");
                return new ChangeDetail(change, unvalued(change), notes, null);
            }
            if (!isRefusal(e)) {
                throw e;
            }
            refusal = placed(e, desired);
            fields = wouldBe(change, desired, live, e).orElseGet(() -> unvalued(change));
        }
        Optional<FieldChange> replicas = clamped(change, live);
        replicas.ifPresent(field -> notes.add("replicas are brought within the environment's bounds"));
        var all = new ArrayList<>(fields);
        replicas.ifPresent(all::add);
        return new ChangeDetail(change, all, notes, refusal);
    }

    /**
     * Lockstep's two managers do not hold fields against each other, where a creation died between them; the deploy moves
     * them first, which can't be tried. What others hold is held even then.
     */
    private static boolean isHeldByOursAlone(Change change, LiveObject live) {
        return FieldOwnership.isCreationHalfDone(live)
                && Takeover.taken(change, live).values().stream()
                        .flatMap(List::stream)
                        .allMatch(REPLICAS::equals);
    }

    /** Tells of an object that is not there. */
    ChangeDetail create(Change change, RenderedObject desired) {
        var notes = new ArrayList<>(notes(change, desired));
        List<FieldChange> fields = ObjectDiff.between(Map.of(), mask.on(whole(desired)), parts -> true);
        if (change.live() != null) {
            return new ChangeDetail(change, fields, notes, null);
        }
        if (cluster.served(change.kind().apiVersion(), change.kind().kind()).isEmpty()) {
            notes.add("its kind comes with this release: only the deploy can tell whether it is valid");
            return new ChangeDetail(change, fields, notes, null);
        }
        try {
            ask(change, desired, force);
            return new ChangeDetail(change, fields, notes, null);
        } catch (DeliveryException e) {
            if (isUnanswerable(e)) {
                return new ChangeDetail(change, fields, notes, null);
            }
            if (!isRefusal(e)) {
                throw e;
            }
            if (String.valueOf(e.why()).contains("not found")) {
                // Its role or its service account may be created a moment before it.
                notes.add("only the deploy can tell whether it is taken: " + e.why());
                return new ChangeDetail(change, fields, notes, null);
            }
            return new ChangeDetail(change, fields, notes, placed(e, desired));
        }
    }

    private LiveObject ask(Change change, RenderedObject desired, boolean forced) {
        return cluster.apply(
                        change.kind(),
                        change.key(),
                        stamp.on(desired, change.created()),
                        new ApplyMode(Cluster.MANAGER, forced, true))
                .object();
    }

    /** Shows what would change if it were forced, so that what the conflict is about can be seen. */
    private Optional<List<FieldChange>> wouldBe(
            Change change, RenderedObject desired, LiveObject live, DeliveryException conflict) {
        if (conflict.problem() != Problem.FIELD_CONFLICT) {
            return Optional.empty();
        }
        try {
            return Optional.of(fields(desired, live, ask(change, desired, true)));
        } catch (DeliveryException e) {
            if (!isRefusal(e)) {
                throw e;
            }
            return Optional.empty();
        }
    }

    /** What others changed between the list and the dry run is none of the deploy's changes. */
    private List<FieldChange> fields(RenderedObject desired, LiveObject live, LiveObject then) {
        boolean counts = Tree.at(desired.tree(), "spec", "replicas") != null;
        return ObjectDiff.between(
                mask.on(live.tree()),
                mask.on(then.tree()),
                parts -> (counts || !parts.equals(List.of("spec", "replicas")))
                        && (FieldOwnership.isLocksteps(live, parts)
                                || FieldOwnership.isLocksteps(then, parts)
                                || !FieldOwnership.isOfOthers(then, parts)));
    }

    private Optional<FieldChange> clamped(Change change, LiveObject live) {
        Integer replicas = Tree.integer(live.tree(), "spec", "replicas");
        return replicas == null || !change.fields().contains(REPLICAS)
                ? Optional.empty()
                : Optional.of(new FieldChange(REPLICAS, replicas, bounds.clamp(replicas)));
    }

    /** The paths that differ, where the server does not say what would become of them. */
    private static List<FieldChange> unvalued(Change change) {
        return change.fields().stream()
                .filter(path -> !path.equals(REPLICAS))
                .map(path -> new FieldChange(path, null, null))
                .toList();
    }

    private List<String> notes(Change change, RenderedObject desired) {
        var notes = new ArrayList<String>();
        if (KnownKinds.isJob(change.key())) {
            notes.add((change.live() == null ? "will run" : "failed before and will run again")
                    + (Wish.runsBefore(change.key(), desired.tree()) ? ", before the workloads" : ""));
        } else if (change.live() != null) {
            notes.add("an older one is still being deleted");
        }
        Integer initial = ObjectWriter.initialReplicas(desired, bounds);
        if (initial != null && desired.replicas() != null && !initial.equals(desired.replicas())) {
            notes.add("replicas " + desired.replicas() + " brought within the environment's bounds: " + initial);
        }
        return notes;
    }

    private Map<String, @Nullable Object> whole(RenderedObject desired) {
        Integer initial = ObjectWriter.initialReplicas(desired, bounds);
        return initial == null ? desired.tree() : ObjectWriter.withReplicas(desired.tree(), initial);
    }

    private static boolean isUnanswerable(DeliveryException failure) {
        return failure.getMessage().contains("does not support dry run");
    }

    /** What is about this object, not about the way to the server. */
    private static boolean isRefusal(DeliveryException failure) {
        return switch (failure.problem()) {
            case FIELD_CONFLICT, CLUSTER_REJECTED, CLUSTER_FORBIDDEN -> true;
            default -> false;
        };
    }

    private static DeliveryException placed(DeliveryException failure, RenderedObject desired) {
        return desired.place() == null
                ? failure
                : failure.where(RolloutRun.placeOf(desired, failure) + ", said by " + failure.where());
    }

    /** Tells whether the server finds nothing to change, and Lockstep's own notes are as they would be. */
    static boolean isUnchanged(ChangeDetail detail) {
        Change change = detail.change();
        LiveObject live = change.live();
        RenderedObject desired = change.desired();
        return change.operation() == Operation.CONFIGURE
                && live != null
                && desired != null
                && detail.refusal() == null
                && detail.fields().isEmpty()
                && detail.notes().isEmpty()
                && desired.hash().equals(live.annotation(Stamp.APPLIED_ANNOTATION))
                && FieldOwnership.isLocksteps(live)
                && !FieldOwnership.isCreationHalfDone(live);
    }
}
