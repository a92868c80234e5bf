package io.jenkins.plugins.lockstep.deploy;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.common.document.Tree;
import io.jenkins.plugins.lockstep.deploy.Change.Operation;
import io.jenkins.plugins.lockstep.deploy.Cluster.Applied;
import io.jenkins.plugins.lockstep.deploy.Cluster.ApplyMode;
import io.jenkins.plugins.lockstep.manifest.RenderedObject;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Applies one change: the object as {@link Cluster#MANAGER}, its replica count as {@link Cluster#REPLICAS_MANAGER}.
 *
 * <p>The count must be right from the object's first moment, or pods start that nobody wants; and it must never belong
 * to {@link Cluster#MANAGER}, or the next apply would set it back. So an object with a count is created by the manager
 * of the count, whole; then applied without the count by the other one; then the first gives up all but the count. A
 * deploy that dies in between leaves an object that works, that {@link FieldOwnership#isCreationHalfDone} knows, and
 * for which the next deploy takes the last two steps, with the live count.
 */
final class ObjectWriter {

    private static final int DEFAULT_REPLICAS = 1;
    private static final int ATTEMPTS = 5;

    private final Cluster cluster;
    private final ReplicaBounds bounds;
    private final Stamp stamp;
    private final RolloutOptions options;
    private final Consumer<String> warnings;

    ObjectWriter(
            Cluster cluster, ReplicaBounds bounds, Stamp stamp, RolloutOptions options, Consumer<String> warnings) {
        this.cluster = cluster;
        this.bounds = bounds;
        this.stamp = stamp;
        this.options = options;
        this.warnings = warnings;
    }

    /** Creates, configures or stamps the object, and returns it as it is then. */
    LiveObject write(Change change, RenderedObject desired) {
        Map<String, @Nullable Object> object = stamp.on(desired, change.created());
        LiveObject live = change.operation() == Operation.CREATE ? null : change.live();
        if (live == null) {
            Integer initial = initialReplicas(desired, bounds);
            return initial == null
                    ? apply(change, object, Cluster.MANAGER, options.force())
                    : create(change, desired, object, initial);
        }
        if (FieldOwnership.isCreationHalfDone(live)) {
            return createTheRest(change, desired, object, live);
        }
        if (options.adopts()) {
            Adoption.adopt(cluster, change.kind(), live);
        }
        return clamp(change, desired, apply(change, object, Cluster.MANAGER, options.force()));
    }

    private LiveObject create(
            Change change, RenderedObject desired, Map<String, @Nullable Object> object, int replicas) {
        apply(change, withReplicas(object, replicas), Cluster.REPLICAS_MANAGER, options.force());
        return giveUpAllButTheCount(change, desired, apply(change, object, Cluster.MANAGER, options.force()), replicas);
    }

    private LiveObject giveUpAllButTheCount(Change change, RenderedObject desired, LiveObject whole, int replicas) {
        // An autoscaler may have been quicker: then its count is what stays, and no conflict may keep the rest.
        int count = Tree.integer(replicas, whole.tree(), "spec", "replicas");
        return apply(change, onlyReplicas(desired, count), Cluster.REPLICAS_MANAGER, true);
    }

    /** Takes the live count as it is at this moment; whoever scales while this looks makes it look again. */
    private LiveObject createTheRest(
            Change change, RenderedObject desired, Map<String, @Nullable Object> object, LiveObject planned) {
        LiveObject live = planned;
        for (int attempt = 1; ; attempt++) {
            live = cluster.get(change.kind(), change.key()).orElse(live);
            Integer replicas = Tree.integer(live.tree(), "spec", "replicas");
            try {
                return replicas == null
                        ? apply(change, object, Cluster.MANAGER, options.force())
                        // The other manager has all of it still, with another release's values.
                        : giveUpAllButTheCount(change, desired, apply(change, object, Cluster.MANAGER, true), replicas);
            } catch (DeliveryException e) {
                if (e.problem() != Problem.FIELD_CONFLICT || attempt == ATTEMPTS || !isScaledSince(live, change)) {
                    throw e;
                }
            }
        }
    }

    private boolean isScaledSince(LiveObject seen, Change change) {
        Object count = Tree.at(seen.tree(), "spec", "replicas");
        return cluster.get(change.kind(), change.key())
                .filter(live -> !Objects.equals(Tree.at(live.tree(), "spec", "replicas"), count))
                .isPresent();
    }

    /** Returns how many pods an object starts with, null where neither its manifest nor the environment says so. */
    static @Nullable Integer initialReplicas(RenderedObject desired, ReplicaBounds bounds) {
        if (bounds.concern(desired)) {
            return bounds.clamp(desired.replicas() == null ? DEFAULT_REPLICAS : desired.replicas());
        }
        return desired.replicas();
    }

    /** Looks at the live count only now: an autoscaler may have changed it since the plan was made. */
    private LiveObject clamp(Change change, RenderedObject desired, LiveObject applied) {
        Integer replicas = Tree.integer(applied.tree(), "spec", "replicas");
        if (replicas == null || !bounds.ruleLive(desired) || bounds.clamp(replicas) == replicas) {
            return applied;
        }
        return apply(change, onlyReplicas(desired, bounds.clamp(replicas)), Cluster.REPLICAS_MANAGER, true);
    }

    private LiveObject apply(Change change, Map<String, @Nullable Object> object, String fieldManager, boolean forced) {
        Applied applied =
                cluster.apply(change.kind(), change.key(), object, new ApplyMode(fieldManager, forced, false));
        applied.warnings().forEach(warnings);
        return applied.object();
    }

    static Map<String, @Nullable Object> withReplicas(Map<String, @Nullable Object> object, int replicas) {
        var whole = new LinkedHashMap<>(object);
        Map<String, @Nullable Object> spec = Tree.map(object, "spec");
        spec.put("replicas", replicas);
        whole.put("spec", spec);
        return whole;
    }

    private static Map<String, @Nullable Object> onlyReplicas(RenderedObject desired, int replicas) {
        var metadata = new LinkedHashMap<String, @Nullable Object>();
        metadata.put("name", desired.key().name());
        if (!desired.key().namespace().isEmpty()) {
            metadata.put("namespace", desired.key().namespace());
        }
        var spec = new LinkedHashMap<String, @Nullable Object>();
        spec.put("replicas", replicas);
        var object = new LinkedHashMap<String, @Nullable Object>();
        object.put("apiVersion", desired.apiVersion());
        object.put("kind", desired.key().kind());
        object.put("metadata", metadata);
        object.put("spec", spec);
        return object;
    }
}
