package io.jenkins.plugins.lockstep.delivery;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.common.Progress;
import io.jenkins.plugins.lockstep.common.document.Tree;
import io.jenkins.plugins.lockstep.deploy.ReplicaBounds;
import io.jenkins.plugins.lockstep.manifest.RenderedObject;
import io.jenkins.plugins.lockstep.manifest.ResourceKey;
import io.jenkins.plugins.lockstep.project.Environment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Renders {@code replicas: { min, max, cpu }}: a HorizontalPodAutoscaler for each workload that the bounds are about.
 *
 * <p>It is part of the release, and of its seal, in the one version that newer clusters have; a deploy translates it to
 * what an older cluster serves.
 */
final class Autoscalers {

    private static final String API_VERSION = "autoscaling/v2";
    private static final String KIND = "HorizontalPodAutoscaler";

    private final Environment environment;
    private final Progress progress;

    Autoscalers(Environment environment, Progress progress) {
        this.environment = environment;
        this.progress = progress;
    }

    /**
     * Returns the autoscalers of rendered workloads; none where the environment does not ask for them.
     *
     * @throws DeliveryException {@link Problem#BAD_INPUT} where the manifests have an autoscaler of their own for one
     */
    List<RenderedObject> of(List<RenderedObject> rendered, ReplicaBounds bounds) {
        Environment.ReplicaBounds asked = environment.replicas();
        if (asked == null || asked.cpu() == null) {
            return List.of();
        }
        Map<String, RenderedObject> byTarget = targets(rendered);
        Set<ResourceKey> taken = new HashSet<>();
        rendered.forEach(object -> taken.add(object.key()));
        var autoscalers = new ArrayList<RenderedObject>();
        for (RenderedObject workload : rendered) {
            if (!bounds.concern(workload)) {
                continue;
            }
            RenderedObject own = byTarget.get(target(workload.key()));
            if (own != null) {
                throw DeliveryException.of(
                                Problem.BAD_INPUT,
                                workload.key() + " has an autoscaler already, and the environment '"
                                        + environment.name() + "' asks for another")
                        .where(own.place())
                        .why("`cpu` is set at " + place())
                        .hint("remove " + own.key() + " from the manifests, or `cpu` from `replicas`");
            }
            warnWithoutRequest(workload);
            ResourceKey key = key(workload.key(), taken);
            taken.add(key);
            autoscalers.add(new RenderedObject(API_VERSION, key, tree(key, workload, asked), null, place()));
        }
        if (autoscalers.isEmpty()) {
            progress.warn(place() + ": `cpu` scales nothing: no Deployment or StatefulSet uses the project's images");
        }
        return autoscalers;
    }

    private static Map<String, RenderedObject> targets(List<RenderedObject> rendered) {
        var targets = new HashMap<String, RenderedObject>();
        for (RenderedObject object : rendered) {
            if (object.key().group().equals("autoscaling")
                    && object.key().kind().equals(KIND)) {
                Object target = Tree.at(object.tree(), "spec", "scaleTargetRef");
                targets.put(
                        target(new ResourceKey(
                                "", Tree.text(target, "kind"), object.key().namespace(), Tree.text(target, "name"))),
                        object);
            }
        }
        return targets;
    }

    private static String target(ResourceKey workload) {
        return workload.namespace() + "/" + workload.kind() + "/" + workload.name();
    }

    /** Named as its workload; with the kind where another one has that name. */
    private static ResourceKey key(ResourceKey workload, Set<ResourceKey> taken) {
        var key = new ResourceKey("autoscaling", KIND, workload.namespace(), workload.name());
        return taken.contains(key)
                ? new ResourceKey(
                        "autoscaling",
                        KIND,
                        workload.namespace(),
                        workload.name() + "-" + workload.kind().toLowerCase(Locale.ROOT))
                : key;
    }

    private static Map<String, @Nullable Object> tree(
            ResourceKey key, RenderedObject workload, Environment.ReplicaBounds bounds) {
        var metadata = new LinkedHashMap<String, @Nullable Object>();
        metadata.put("name", key.name());
        metadata.put("namespace", key.namespace());
        metadata.put("labels", Map.of("app.kubernetes.io/managed-by", "lockstep"));
        var spec = new LinkedHashMap<String, @Nullable Object>();
        spec.put(
                "scaleTargetRef",
                Map.of(
                        "apiVersion",
                        workload.apiVersion(),
                        "kind",
                        workload.key().kind(),
                        "name",
                        workload.key().name()));
        spec.put("minReplicas", bounds.min());
        spec.put("maxReplicas", bounds.max());
        spec.put(
                "metrics",
                List.of(Map.of(
                        "type",
                        "Resource",
                        "resource",
                        Map.of(
                                "name",
                                "cpu",
                                "target",
                                Map.of(
                                        "type",
                                        "Utilization",
                                        "averageUtilization",
                                        java.util.Objects.requireNonNull(bounds.cpu()))))));
        var tree = new LinkedHashMap<String, @Nullable Object>();
        tree.put("apiVersion", API_VERSION);
        tree.put("kind", KIND);
        tree.put("metadata", metadata);
        tree.put("spec", spec);
        return tree;
    }

    /** Use is measured against what is requested: without a request there is nothing to scale by. */
    private void warnWithoutRequest(RenderedObject workload) {
        for (Object container : Tree.list(workload.tree(), "spec", "template", "spec", "containers")) {
            if (Tree.at(container, "resources", "requests", "cpu") == null
                    && Tree.at(container, "resources", "limits", "cpu") == null) {
                progress.warn(workload.key() + ", container " + Tree.text(container, "name")
                        + ": it requests no CPU, so the autoscaler can't tell how much of it is used"
                        + (workload.place() == null ? "" : " (" + workload.place() + ")"));
            }
        }
    }

    private @Nullable String place() {
        var setting = environment.settings().get("replicas.cpu");
        return setting == null ? null : setting.place();
    }
}
