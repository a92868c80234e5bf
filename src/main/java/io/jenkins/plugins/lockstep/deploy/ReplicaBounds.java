package io.jenkins.plugins.lockstep.deploy;

import io.jenkins.plugins.lockstep.common.document.Tree;
import io.jenkins.plugins.lockstep.manifest.RenderedObject;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How many pods an environment wants of a Deployment or StatefulSet.
 *
 * @param min the fewest, null for no bound
 * @param max the most, null for no bound
 * @param images only workloads with a container that names one of these images are bounded (a database that comes with
 *     the manifests is not scaled along); empty for every workload
 */
public record ReplicaBounds(@Nullable Integer min, @Nullable Integer max, Set<String> images) {

    /** Any count will do. */
    public static final ReplicaBounds NONE = new ReplicaBounds(null, null, Set.of());

    public ReplicaBounds {
        images = Set.copyOf(images);
        if (min != null && max != null && min > max) {
            throw new IllegalArgumentException("min " + min + " is greater than max " + max);
        }
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
