package io.jenkins.plugins.lockstep.deploy;

import io.jenkins.plugins.lockstep.common.document.Tree;
import io.jenkins.plugins.lockstep.manifest.RenderedObject;
import io.jenkins.plugins.lockstep.manifest.ResourceKey;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How many pods an environment wants of a Deployment or StatefulSet.
 *
 * @param min the fewest, null for no bound
 * @param max the most, null for no bound
 * @param images only workloads with a container that names one of these images are bounded (a database that comes with
 *     the manifests is not scaled along); empty for every workload
 * @param autoscaled workloads whose count belongs to an autoscaler from the moment that they are created
 */
public record ReplicaBounds(
        @Nullable Integer min, @Nullable Integer max, Set<String> images, Set<ResourceKey> autoscaled) {

    /** Any count will do. */
    public static final ReplicaBounds NONE = new ReplicaBounds(null, null, Set.of());

    public ReplicaBounds {
        images = Set.copyOf(images);
        autoscaled = Set.copyOf(autoscaled);
        if (min != null && max != null && min > max) {
            throw new IllegalArgumentException("min " + min + " is greater than max " + max);
        }
    }

    /** Bounds where no autoscaler is known. */
    public ReplicaBounds(@Nullable Integer min, @Nullable Integer max, Set<String> images) {
        this(min, max, images, Set.of());
    }

    /** Returns a copy that leaves these workloads to their autoscalers once they are there. */
    ReplicaBounds leaving(Set<ResourceKey> workloads) {
        return new ReplicaBounds(min, max, images, workloads);
    }

    /** Tells whether the count of the live object is kept within the bounds by whoever deploys it. */
    boolean ruleLive(RenderedObject object) {
        return concern(object) && !autoscaled.contains(object.key());
    }

    /** Tells whether the bounds are about this object. */
    public boolean concern(RenderedObject object) {
        boolean scales = KnownKinds.isDeployment(object.key()) || KnownKinds.isStatefulSet(object.key());
        return scales
                && (min != null || max != null)
                && (images.isEmpty()
                        || Tree.list(object.tree(), "spec", "template", "spec", "containers").stream()
                                .anyMatch(container -> images.contains(Tree.text(container, "image"))));
    }

    /** Returns the count nearest to {@code replicas} that is within the bounds. */
    public int clamp(int replicas) {
        int raised = min == null ? replicas : Math.max(min, replicas);
        return max == null ? raised : Math.min(max, raised);
    }
}
