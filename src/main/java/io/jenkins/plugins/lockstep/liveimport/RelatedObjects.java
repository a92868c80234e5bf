package io.jenkins.plugins.lockstep.liveimport;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.common.document.Tree;
import io.jenkins.plugins.lockstep.deploy.Cluster;
import io.jenkins.plugins.lockstep.deploy.LiveObject;
import io.jenkins.plugins.lockstep.deploy.ServedKind;
import io.jenkins.plugins.lockstep.manifest.ResourceKey;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Finds what belongs to a workload: ConfigMaps, claims and the service account that its pods use, Services and disruption
 * budgets that select them, the autoscaler, and Ingresses of these Services. Secrets are only named.
 */
final class RelatedObjects {

    private static final Set<String> PUT_EVERYWHERE = Set.of("kube-root-ca.crt", "openshift-service-ca.crt");

    private final Cluster cluster;
    private final List<String> notes;
    private final List<LiveObject> found = new ArrayList<>();

    RelatedObjects(Cluster cluster, List<String> notes) {
        this.cluster = cluster;
        this.notes = notes;
    }

    List<LiveObject> of(List<LiveObject> workloads) {
        for (LiveObject workload : workloads) {
            Map<?, ?> template = LiveImport.template(workload);
            if (template.isEmpty()) {
                continue;
            }
            String namespace = workload.key().namespace();
            var used = new References(template);
            used.configMaps.forEach(name -> add("ConfigMap", namespace, name));
            used.claims.forEach(name -> add("PersistentVolumeClaim", namespace, name));
            if (!used.account.isEmpty() && !used.account.equals("default")) {
                add("ServiceAccount", namespace, used.account);
            }
            if (!used.secrets.isEmpty()) {
                notes.add(workload.key() + " needs Secrets, which are not imported: " + String.join(", ", used.secrets)
                        + ".");
            }
            Map<String, @Nullable Object> labels = Tree.map(template, "metadata", "labels");
            List<LiveObject> services = list(
                    "Service", namespace, service -> selects(Tree.map(service.tree(), "spec", "selector"), labels));
            list(
                    "PodDisruptionBudget",
                    namespace,
                    budget -> matches(Tree.at(budget.tree(), "spec", "selector"), labels));
            list("HorizontalPodAutoscaler", namespace, scaler -> scales(scaler, workload));
            list("Ingress", namespace, ingress -> services.stream()
                    .anyMatch(service -> leadsTo(ingress.tree(), service.key().name())));
        }
        return found;
    }

    private void add(String kind, String namespace, String name) {
        ServedKind served = KnownResource.builtIn(cluster, kind).orElse(null);
        if (served != null) {
            var key = new ResourceKey(ResourceKey.groupOf(served.apiVersion()), kind, namespace, name);
            cluster.get(served, key).ifPresentOrElse(found::add, () -> notes.add(key + " is used, but is not there."));
        }
    }

    private List<LiveObject> list(String kind, String namespace, Predicate<LiveObject> wanted) {
        ServedKind served = KnownResource.builtIn(cluster, kind).orElse(null);
        if (served == null) {
            return List.of();
        }
        try {
            List<LiveObject> objects = cluster.list(served, namespace, null).stream()
                    .filter(object -> Tree.list(object.tree(), "metadata", "ownerReferences")
                            .isEmpty())
                    .filter(wanted)
                    .toList();
            found.addAll(objects);
            return objects;
        } catch (DeliveryException e) {
            if (e.problem() != Problem.CLUSTER_FORBIDDEN) {
                throw e;
            }
            String note = "No " + kind + " was looked for: " + e.what() + ".";
            if (!notes.contains(note)) {
                notes.add(note);
            }
            return List.of();
        }
    }

    /** A Service without a selector selects nothing. */
    private static boolean selects(Map<String, @Nullable Object> selector, Map<String, @Nullable Object> labels) {
        return !selector.isEmpty()
                && selector.entrySet().stream()
                        .allMatch(wanted -> Objects.equals(wanted.getValue(), labels.get(wanted.getKey())));
    }

    private static boolean matches(@Nullable Object selector, Map<String, @Nullable Object> labels) {
        Map<String, @Nullable Object> equal = Tree.map(selector, "matchLabels");
        List<?> expressions = Tree.list(selector, "matchExpressions");
        return !(equal.isEmpty() && expressions.isEmpty())
                && (equal.isEmpty() || selects(equal, labels))
                && expressions.stream().allMatch(expression -> {
                    Object value = labels.get(Tree.text(expression, "key"));
                    return switch (Tree.text(expression, "operator")) {
                        case "In" -> Tree.list(expression, "values").contains(value);
                        case "NotIn" -> !Tree.list(expression, "values").contains(value);
                        case "Exists" -> value != null;
                        case "DoesNotExist" -> value == null;
                        default -> false;
                    };
                });
    }

    private static boolean scales(LiveObject scaler, LiveObject workload) {
        return Tree.text(scaler.tree(), "spec", "scaleTargetRef", "kind")
                        .equals(workload.key().kind())
                && Tree.text(scaler.tree(), "spec", "scaleTargetRef", "name")
                        .equals(workload.key().name());
    }

    /** Looks for a backend of that name, in the shapes of v1 and v1beta1. */
    private static boolean leadsTo(@Nullable Object node, String service) {
        if (node instanceof List<?> list) {
            return list.stream().anyMatch(item -> leadsTo(item, service));
        }
        if (!(node instanceof Map<?, ?> map)) {
            return false;
        }
        return service.equals(map.get("serviceName"))
                || service.equals(Tree.text(map, "service", "name"))
                || map.values().stream().anyMatch(child -> leadsTo(child, service));
    }

    /** The names that a pod template refers to. */
    private static final class References {

        private final Set<String> configMaps = new LinkedHashSet<>();
        private final Set<String> claims = new LinkedHashSet<>();
        private final Set<String> secrets = new LinkedHashSet<>();
        private final String account;

        References(Map<?, ?> template) {
            account = Tree.text(template, "spec", "serviceAccountName");
            visit("", Tree.at(template, "spec"));
            configMaps.removeAll(PUT_EVERYWHERE);
            configMaps.remove("");
            secrets.remove("");
        }

        private void visit(String key, @Nullable Object node) {
            if (node instanceof List<?> list) {
                list.forEach(item -> {
                    if (key.equals("imagePullSecrets")) {
                        secrets.add(Tree.text(item, "name"));
                    }
                    visit(key, item);
                });
            }
            if (!(node instanceof Map<?, ?> map)) {
                return;
            }
            switch (key) {
                case "configMap", "configMapRef", "configMapKeyRef" -> configMaps.add(Tree.text(map, "name"));
                case "secretRef", "secretKeyRef" -> secrets.add(Tree.text(map, "name"));
                case "secret" -> secrets.add(Tree.text(map, map.containsKey("secretName") ? "secretName" : "name"));
                case "persistentVolumeClaim" -> claims.add(Tree.text(map, "claimName"));
                default -> {}
            }
            map.forEach((name, child) -> visit(String.valueOf(name), child));
        }
    }
}
