package io.jenkins.plugins.lockstep.deploy;

import io.jenkins.plugins.lockstep.manifest.RenderedObject;
import io.jenkins.plugins.lockstep.manifest.ResourceKey;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** In which order objects are applied: what others need comes first. Objects of one rank may be applied at once. */
final class ApplyOrder {

    private static final List<Set<String>> FIRST = List.of(
            Set.of("Namespace"),
            Set.of("CustomResourceDefinition"),
            Set.of("PriorityClass", "StorageClass", "RuntimeClass", "IngressClass", "CSIDriver"),
            Set.of("ServiceAccount"),
            Set.of("Role", "ClusterRole"),
            Set.of("RoleBinding", "ClusterRoleBinding"),
            Set.of("ResourceQuota", "LimitRange", "PodSecurityPolicy", "NetworkPolicy"),
            Set.of("Secret", "ConfigMap"),
            Set.of("PersistentVolume"),
            Set.of("PersistentVolumeClaim"),
            Set.of("Service", "Endpoints", "EndpointSlice"));
    private static final Set<String> WORKLOADS = Set.of(
            "Deployment",
            "StatefulSet",
            "DaemonSet",
            "ReplicaSet",
            "ReplicationController",
            "Pod",
            "Job",
            "CronJob",
            "PodTemplate");
    private static final Set<String> AROUND_WORKLOADS = Set.of(
            "HorizontalPodAutoscaler",
            "PodDisruptionBudget",
            "Ingress",
            "APIService",
            "MutatingWebhookConfiguration",
            "ValidatingWebhookConfiguration");

    static final int DEFINITIONS = 1;
    static final int JOBS_BEFORE = FIRST.size();
    private static final int WORKLOAD = JOBS_BEFORE + 1;
    private static final int AROUND = WORKLOAD + 1;
    private static final int LAST = AROUND + 1;

    /** The order within a plan; the same for the same objects, however they came. */
    static final Comparator<Change> CHANGES = Comparator.<Change>comparingInt(ApplyOrder::rank)
            .thenComparing(change -> change.key().kind())
            .thenComparing(change -> change.key().group())
            .thenComparing(change -> change.key().namespace())
            .thenComparing(change -> change.key().name());

    private ApplyOrder() {}

    static int rank(Change change) {
        Map<String, @Nullable Object> tree = change.desired() != null
                ? change.desired().tree()
                : change.live() != null ? change.live().tree() : Map.of();
        return rank(change.key(), tree);
    }

    static int rank(RenderedObject object) {
        return rank(object.key(), object.tree());
    }

    private static int rank(ResourceKey key, Map<String, @Nullable Object> tree) {
        // A custom resource may call itself Service, too.
        if (!KnownKinds.isBuiltIn(key.group())) {
            return LAST;
        }
        if (Wish.runsBefore(key, tree)) {
            return JOBS_BEFORE;
        }
        for (int rank = 0; rank < FIRST.size(); rank++) {
            if (FIRST.get(rank).contains(key.kind())) {
                return rank;
            }
        }
        return WORKLOADS.contains(key.kind()) ? WORKLOAD : AROUND_WORKLOADS.contains(key.kind()) ? AROUND : LAST;
    }
}
