package io.jenkins.plugins.lockstep.deploy;

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

    /** Returns the count nearest to {@code replicas} that is within the bounds. */
    public int clamp(int replicas) {
        int raised = min == null ? replicas : Math.max(min, replicas);
        return max == null ? raised : Math.min(max, raised);
    }
}
