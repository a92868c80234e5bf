package io.jenkins.plugins.lockstep.deploy;

import io.jenkins.plugins.lockstep.common.document.Tree;
import io.jenkins.plugins.lockstep.manifest.RenderedObject;
import io.jenkins.plugins.lockstep.manifest.ResourceKey;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Writes Lockstep's own autoscalers in the newest version that a cluster serves.
 *
 * <p>A release has them as {@link #NEUTRAL}, whatever the cluster: its seal says the same everywhere, and a rollback works
 * on a cluster that was upgraded since. Only those that any version can say are translated: one metric, the use of CPU.
 */
final class ServedAutoscalers {

    /** The version that releases are recorded in. */
    static final String NEUTRAL = "autoscaling/v2";

    private static final String KIND = "HorizontalPodAutoscaler";
    private static final String OLDEST = "autoscaling/v1";

    /** Newest first; every API server since 1.20 serves one of them. */
    private static final List<String> VERSIONS = List.of(NEUTRAL, "autoscaling/v2beta2", OLDEST);

    private final Cluster cluster;
    private @Nullable ServedKind newest;

    ServedAutoscalers(Cluster cluster) {
        this.cluster = cluster;
    }

    static boolean isAutoscaler(ResourceKey key) {
        return key.group().equals("autoscaling") && key.kind().equals(KIND);
    }

    /** Returns the newest version of the kind that the cluster serves; empty where it serves none. */
    Optional<ServedKind> newest() {
        if (newest == null) {
            newest = VERSIONS.stream()
                    .flatMap(version -> cluster.served(version, KIND).stream())
                    .findFirst()
                    .orElse(null);
        }
        return Optional.ofNullable(newest);
    }

    /** Returns the objects with Lockstep's own autoscalers in the served version. */
    List<RenderedObject> translated(List<RenderedObject> objects) {
        return objects.stream().map(this::translated).toList();
    }

    private RenderedObject translated(RenderedObject object) {
        if (!isAutoscaler(object.key()) || !isLocksteps(object)) {
            return object;
        }
        return newest().filter(kind -> !kind.apiVersion().equals(NEUTRAL))
                .map(kind -> inVersion(kind.apiVersion(), object))
                .orElse(object);
    }

    /** Returns the workloads that autoscalers among the objects scale: their counts are nobody else's business. */
    static Set<ResourceKey> targets(List<RenderedObject> objects) {
        var targets = new HashSet<ResourceKey>();
        for (RenderedObject object : objects) {
            if (isAutoscaler(object.key())) {
                Object target = Tree.at(object.tree(), "spec", "scaleTargetRef");
                targets.add(new ResourceKey(
                        ResourceKey.groupOf(Tree.text(target, "apiVersion")),
                        Tree.text(target, "kind"),
                        object.key().namespace(),
                        Tree.text(target, "name")));
            }
        }
        return targets;
    }

    private static boolean isLocksteps(RenderedObject object) {
        return object.apiVersion().equals(NEUTRAL)
                && "lockstep".equals(Tree.text(object.tree(), "metadata", "labels", "app.kubernetes.io/managed-by"))
                && utilization(object) != null
                && Set.of("scaleTargetRef", "minReplicas", "maxReplicas", "metrics")
                        .equals(Tree.map(object.tree(), "spec").keySet());
    }

    /** Returns the aim of the only metric, null where there are others. */
    private static @Nullable Integer utilization(RenderedObject object) {
        List<?> metrics = Tree.list(object.tree(), "spec", "metrics");
        return metrics.size() == 1 && "cpu".equals(Tree.text(metrics.get(0), "resource", "name"))
                ? Tree.integer(metrics.get(0), "resource", "target", "averageUtilization")
                : null;
    }

    private static RenderedObject inVersion(String apiVersion, RenderedObject object) {
        var tree = new LinkedHashMap<String, @Nullable Object>(object.tree());
        tree.put("apiVersion", apiVersion);
        if (apiVersion.equals(OLDEST)) {
            Map<String, @Nullable Object> spec = Tree.map(tree, "spec");
            spec.remove("metrics");
            spec.put("targetCPUUtilizationPercentage", utilization(object));
            tree.put("spec", spec);
        }
        return new RenderedObject(apiVersion, object.key(), tree, object.replicas(), object.place());
    }
}
