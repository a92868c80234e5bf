package io.jenkins.plugins.lockstep.deploy;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.common.document.Json;
import io.jenkins.plugins.lockstep.common.document.Tree;
import io.jenkins.plugins.lockstep.manifest.RenderedObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Makes Lockstep the manager of what {@code kubectl apply} or Helm declared (design, section 5, rule 7).
 *
 * <p>Taking fields by force is not enough: what Lockstep never had it does not take away when the manifest drops it. So
 * the sets of client-side appliers are joined to Lockstep's own before it applies, as kubectl does on its own way to the
 * server's side. What stays without a manager, and so stays as it is:
 *
 * <ul>
 *   <li>what {@code kubectl apply} did not declare but the server filled in, which is told by its own annotation;
 *   <li>when a Deployment was restarted: without that mark its pods would be restarted once more;
 *   <li>what the server assigns for good, such as a cluster IP.
 * </ul>
 *
 * <p>The replica count goes to {@link Cluster#REPLICAS_MANAGER}. The annotation of {@code kubectl apply} goes away with
 * the next apply, since no manifest has it: it would tell a later {@code kubectl apply} to take fields away.
 */
final class Adoption {

    /** Who writes whole objects; whoever changes single fields (edit, patch, scale) declares nothing. */
    private static final Set<String> APPLIERS = Set.of(
            "kubectl-client-side-apply", "kubectl", "kubectl-create", "kubectl-replace", "helm", "before-first-apply");

    static final String LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

    private static final String RESTARTED_AT = "f:kubectl.kubernetes.io/restartedAt";

    /** By kind: fields of {@code spec} that the server assigns and then does not let go. */
    private static final Map<String, Set<String>> ASSIGNED = Map.of(
            "Service",
            Set.of(
                    "f:clusterIP",
                    "f:clusterIPs",
                    "f:ipFamily",
                    "f:ipFamilies",
                    "f:ipFamilyPolicy",
                    "f:healthCheckNodePort"),
            "PersistentVolumeClaim",
            Set.of("f:storageClassName", "f:volumeMode", "f:volumeName"));

    private static final int ATTEMPTS = 20;

    private Adoption() {}

    /** Returns the client-side appliers of an object, in alphabetical order. */
    static Set<String> appliers(LiveObject live) {
        var names = new TreeSet<String>();
        for (Object entry : Tree.list(live.tree(), "metadata", "managedFields")) {
            if (isApplier(entry)) {
                names.add(Tree.text(entry, "manager"));
            }
        }
        return names;
    }

    /**
     * Moves what client-side appliers manage to Lockstep; values stay as they are.
     *
     * @return the object as it is then
     * @throws DeliveryException {@link Problem#CLUSTER_REJECTED} where someone else changes the object all the time
     */
    static LiveObject adopt(Cluster cluster, ServedKind kind, LiveObject live) {
        return take(cluster, kind, live, Adoption::isApplier);
    }

    /**
     * Moves what {@link Cluster#REPLICAS_MANAGER} has beyond the count, where a creation was cut short, to {@link
     * Cluster#MANAGER}; values stay as they are. Both are Lockstep's: nothing is taken from anybody.
     *
     * @return the object as it is then
     * @throws DeliveryException {@link Problem#CLUSTER_REJECTED} where someone else changes the object all the time
     */
    static LiveObject finishCreation(Cluster cluster, ServedKind kind, LiveObject live) {
        return take(cluster, kind, live, entry -> isApply(entry, Cluster.REPLICAS_MANAGER));
    }

    private static LiveObject take(
            Cluster cluster, ServedKind kind, LiveObject live, Predicate<@Nullable Object> isTaken) {
        LiveObject newest = live;
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            if (entries(newest).noneMatch(isTaken)) {
                return newest;
            }
            Optional<LiveObject> moved = cluster.assignFields(kind, newest, moved(newest, isTaken));
            if (moved.isPresent()) {
                return moved.get();
            }
            Optional<LiveObject> read = cluster.get(kind, live.key());
            if (read.isEmpty()) {
                return newest;
            }
            newest = read.get();
        }
        throw DeliveryException.of(Problem.CLUSTER_REJECTED, "can't take over " + live.key())
                .where(cluster.location())
                .why("someone changes it again and again")
                .hint("stop whoever does, and deploy again; these write to it: "
                        + entries(newest)
                                .map(entry -> Tree.text(entry, "manager"))
                                .distinct()
                                .sorted()
                                .collect(Collectors.joining(", ")));
    }

    private static Stream<?> entries(LiveObject live) {
        return Tree.list(live.tree(), "metadata", "managedFields").stream();
    }

    /** Returns {@code metadata.managedFields} with the appliers' sets in Lockstep's. */
    static List<@Nullable Object> moved(LiveObject live) {
        return moved(live, Adoption::isApplier);
    }

    private static List<@Nullable Object> moved(LiveObject live, Predicate<@Nullable Object> isTaken) {
        List<?> entries = Tree.list(live.tree(), "metadata", "managedFields");
        Object own = entries.stream()
                .filter(entry -> isApply(entry, Cluster.MANAGER))
                .findFirst()
                .orElse(null);
        String version = own == null ? live.apiVersion() : Tree.text(own, "apiVersion");
        Map<String, @Nullable Object> fields = own == null ? new LinkedHashMap<>() : Tree.map(own, "fieldsV1");
        Object time = own == null ? null : Tree.at(own, "time");
        var kept = new ArrayList<@Nullable Object>();
        boolean replicas = false;
        for (Object entry : entries) {
            if (!isTaken.test(entry)) {
                if (entry != own) {
                    kept.add(entry);
                }
            } else if (Tree.text(entry, "apiVersion").equals(version)) {
                // In another version of the API the same field may have another path.
                Map<String, @Nullable Object> declared = declared(entry, live);
                replicas |= takeReplicas(declared);
                fields = union(fields, declared);
                time = time == null ? Tree.at(entry, "time") : time;
            }
        }
        kept.add(entry(Cluster.MANAGER, version, time, fields));
        if (replicas && kept.stream().noneMatch(entry -> isApply(entry, Cluster.REPLICAS_MANAGER))) {
            Map<String, @Nullable Object> count = new LinkedHashMap<>();
            count.put("f:spec", Map.of("f:replicas", Map.of()));
            kept.add(entry(Cluster.REPLICAS_MANAGER, version, time, count));
        }
        return kept;
    }

    private static boolean isApplier(@Nullable Object entry) {
        return APPLIERS.contains(Tree.text(entry, "manager"))
                && Tree.text(entry, "subresource").isEmpty();
    }

    private static boolean isApply(@Nullable Object entry, String manager) {
        return manager.equals(Tree.text(entry, "manager"))
                && "Apply".equals(Tree.text(entry, "operation"))
                && Tree.text(entry, "subresource").isEmpty();
    }

    private static Map<String, @Nullable Object> entry(
            String manager, String apiVersion, @Nullable Object time, Map<String, @Nullable Object> fields) {
        var entry = new LinkedHashMap<String, @Nullable Object>();
        entry.put("manager", manager);
        entry.put("operation", "Apply");
        entry.put("apiVersion", apiVersion);
        if (time != null) {
            entry.put("time", time);
        }
        entry.put("fieldsType", "FieldsV1");
        entry.put("fieldsV1", fields);
        return entry;
    }

    private static Map<String, @Nullable Object> declared(@Nullable Object entry, LiveObject live) {
        Map<String, @Nullable Object> fields = Tree.copy(Tree.map(entry, "fieldsV1"));
        String lastApplied = live.annotation(LAST_APPLIED);
        boolean serverSide = "Apply".equals(Tree.text(entry, "operation"));
        if (lastApplied != null
                && !serverSide
                && FieldOwnership.parsed(lastApplied) instanceof Map<?, ?> configuration) {
            Map<String, @Nullable Object> tree = Tree.copy(Tree.map(configuration));
            Map<String, @Nullable Object> metadata = Tree.map(tree, "metadata");
            Map<String, @Nullable Object> annotations = Tree.map(metadata, "annotations");
            annotations.put(LAST_APPLIED, lastApplied);
            metadata.put("annotations", annotations);
            tree.put("metadata", metadata);
            fields = within(fields, tree);
        }
        withoutWhatStays(fields, live);
        return fields;
    }

    /** Returns the fields that the tree has. */
    private static Map<String, @Nullable Object> within(Map<String, @Nullable Object> fields, @Nullable Object tree) {
        var left = new LinkedHashMap<String, @Nullable Object>();
        fields.forEach((field, value) -> {
            Map<String, @Nullable Object> below = Tree.map(value);
            if (field.equals(".")) {
                left.put(field, below);
                return;
            }
            String name = field.substring(2);
            Object child = null;
            if (field.startsWith("f:")) {
                child = tree instanceof Map<?, ?> map ? map.get(name) : null;
            } else if (field.startsWith("k:")) {
                child = FieldOwnership.find(tree, name);
            } else if (tree instanceof List<?> list) {
                child = list.contains(FieldOwnership.parsed(name)) ? name : null;
            }
            if (child != null) {
                left.put(field, below.isEmpty() ? below : within(below, child));
            }
        });
        return left;
    }

    private static void withoutWhatStays(Map<String, @Nullable Object> fields, LiveObject live) {
        fields.remove("f:status");
        change(fields, "f:spec", spec -> {
            ASSIGNED.getOrDefault(live.key().kind(), Set.of()).forEach(spec::remove);
            change(
                    spec,
                    "f:ports",
                    ports -> ports.replaceAll((port, below) -> {
                        Map<String, @Nullable Object> left = Tree.map(below);
                        left.remove("f:nodePort");
                        return left;
                    }));
            change(
                    spec,
                    "f:template",
                    template -> change(
                            template,
                            "f:metadata",
                            metadata -> change(
                                    metadata, "f:annotations", annotations -> annotations.remove(RESTARTED_AT))));
        });
    }

    /** Changes the map below a field; where nothing is left in it, the field goes too. */
    private static void change(
            Map<String, @Nullable Object> fields,
            String field,
            java.util.function.Consumer<Map<String, @Nullable Object>> edit) {
        Map<String, @Nullable Object> below = Tree.map(fields, field);
        if (below.isEmpty()) {
            return;
        }
        edit.accept(below);
        if (below.isEmpty() || below.keySet().equals(Set.of("."))) {
            fields.remove(field);
        } else {
            fields.put(field, below);
        }
    }

    private static boolean takeReplicas(Map<String, @Nullable Object> fields) {
        Map<String, @Nullable Object> spec = Tree.map(fields, "f:spec");
        if (!spec.containsKey("f:replicas")) {
            return false;
        }
        change(fields, "f:spec", below -> below.remove("f:replicas"));
        return true;
    }

    private static Map<String, @Nullable Object> union(
            Map<String, @Nullable Object> one, Map<String, @Nullable Object> other) {
        var union = new LinkedHashMap<>(one);
        other.forEach((field, value) -> {
            if (!union.containsKey(field)) {
                union.put(field, value);
                return;
            }
            Map<String, @Nullable Object> mine = Tree.map(union.get(field));
            Map<String, @Nullable Object> theirs = Tree.map(value);
            Map<String, @Nullable Object> both = union(mine, theirs);
            if (!both.isEmpty() && (mine.isEmpty() || theirs.isEmpty())) {
                both.put(".", Map.of()); // one of them has the field itself, not only what is in it
            }
            union.put(field, both);
        });
        return union;
    }

    // ---- selectors

    /**
     * Returns the object with the live one's selector, which can't change, where its pods carry what that selects.
     *
     * @throws DeliveryException {@link Problem#CLUSTER_REJECTED} where they don't
     */
    static RenderedObject withLiveSelector(RenderedObject object, LiveObject live) {
        Object wanted = Tree.at(object.tree(), "spec", "selector");
        Object there = Tree.at(live.tree(), "spec", "selector");
        if (!KnownKinds.selectsPods(object.key())
                || wanted == null
                || there == null
                || Json.canonical(wanted).equals(Json.canonical(there))) {
            return object;
        }
        Map<String, @Nullable Object> labels = Tree.map(object.tree(), "spec", "template", "metadata", "labels");
        if (!Selector.matches(there, labels)) {
            throw DeliveryException.of(Problem.CLUSTER_REJECTED, "can't take over " + object.key())
                    .where(object.place())
                    .why("its selector can't change, and it selects " + Selector.words(there)
                            + ", which the manifest's pods are not labelled with")
                    .hint("add these labels to spec.template.metadata.labels, or delete the object with"
                            + " kubectl delete --cascade=orphan first");
        }
        Map<String, @Nullable Object> tree = Tree.copy(object.tree());
        Map<String, @Nullable Object> spec = Tree.map(tree, "spec");
        spec.put("selector", there);
        tree.put("spec", spec);
        return new RenderedObject(object.apiVersion(), object.key(), tree, object.replicas(), object.place());
    }
}
