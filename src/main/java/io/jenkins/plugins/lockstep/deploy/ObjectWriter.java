package io.jenkins.plugins.lockstep.deploy;

import io.jenkins.plugins.lockstep.common.document.Tree;
import io.jenkins.plugins.lockstep.deploy.Change.Operation;
import io.jenkins.plugins.lockstep.deploy.Cluster.Applied;
import io.jenkins.plugins.lockstep.deploy.Cluster.ApplyMode;
import io.jenkins.plugins.lockstep.manifest.RenderedObject;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Applies one change: the object as {@link Cluster#MANAGER}, its replica count as {@link Cluster#REPLICAS_MANAGER}.
 *
 * <p>The count must be right from the object's first moment, or pods start that nobody wants; and it must never belong
 * to {@link Cluster#MANAGER}, or the next apply would set it back. So an object with a count is created by the manager
 * of the count, whole; then applied without the count by the other one; then the first gives up all but the count. A
 * deploy that dies in between leaves an object that works, that {@link FieldOwnership#isCreationHalfDone} knows, and
 * that the next deploy gives to its own manager before it applies as always, the live count and what others have left
 * alone.
 */
final class ObjectWriter {

    private static final int DEFAULT_REPLICAS = 1;

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
        LiveObject whole =
                FieldOwnership.isCreationHalfDone(live) ? Adoption.finishCreation(cluster, change.kind(), live) : live;
        if (options.adopts()) {
            Adoption.adopt(cluster, change.kind(), whole);
        }
        return clamp(change, desired, apply(change, object, Cluster.MANAGER, options.force()));
    }

    private LiveObject create(
            Change change, RenderedObject desired, Map<String, @Nullable Object> object, int replicas) {
        apply(change, withReplicas(object, replicas), Cluster.REPLICAS_MANAGER, options.force());
        LiveObject whole = apply(change, object, Cluster.MANAGER, options.force());
        // An autoscaler may have been quicker: then its count is what stays, and no conflict may keep the rest.
        int count = Tree.integer(replicas, whole.tree(), "spec", "replicas");
        return apply(change, onlyReplicas(desired, count), Cluster.REPLICAS_MANAGER, true);
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
