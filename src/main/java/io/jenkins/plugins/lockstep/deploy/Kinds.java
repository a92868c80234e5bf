package io.jenkins.plugins.lockstep.deploy;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.common.document.Tree;
import io.jenkins.plugins.lockstep.manifest.RenderedObject;
import io.jenkins.plugins.lockstep.manifest.ResourceKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** The kinds of one plan: those that the cluster serves, and those that the release itself defines. */
final class Kinds {

    private final Cluster cluster;
    private final Map<String, Optional<ServedKind>> served = new HashMap<>();
    private final ServedAutoscalers autoscalers;
    private final Set<ServedKind> pending = new HashSet<>();

    /**
     * Looks up the kind of every object.
     *
     * @param refusals gets a {@link Problem#CLUSTER_REJECTED} for each object whose kind is not served
     */
    Kinds(Cluster cluster, List<RenderedObject> desired, Consumer<DeliveryException> refusals) {
        this.cluster = cluster;
        this.autoscalers = new ServedAutoscalers(cluster);
        var defined = new HashMap<String, ServedKind>();
        for (RenderedObject object : desired) {
            if (KnownKinds.isCustomResourceDefinition(object.key())) {
                define(object, defined);
            }
        }
        for (RenderedObject object : desired) {
            String apiVersion = object.apiVersion();
            String name = object.key().kind();
            if (lookUp(apiVersion, name).isEmpty()) {
                ServedKind kind = defined.get(whole(apiVersion, name));
                if (kind == null) {
                    refusals.accept(notServed(object));
                } else {
                    served.put(whole(apiVersion, name), Optional.of(kind));
                    pending.add(kind);
                }
            }
        }
    }

    /** Returns the kind of an object that the constructor saw; empty where it was refused. */
    Optional<ServedKind> of(RenderedObject object) {
        return lookUp(object.apiVersion(), object.key().kind());
    }

    /** Returns the kind of an object of an earlier release; empty where the cluster does not serve it any more. */
    Optional<ServedKind> of(InventoryItem item) {
        if (ServedAutoscalers.isAutoscaler(item.key())) {
            // The cluster may have been upgraded since: the version that it was applied in is gone, the object is not.
            return autoscalers.newest();
        }
        return lookUp(item.apiVersion(), item.key().kind()).filter(kind -> !pending.contains(kind));
    }

    /** Tells whether the cluster will serve the kind only once the release's own definition is applied. */
    boolean isPending(ServedKind kind) {
        return pending.contains(kind);
    }

    private Optional<ServedKind> lookUp(String apiVersion, String kind) {
        return served.computeIfAbsent(whole(apiVersion, kind), unseen -> cluster.served(apiVersion, kind));
    }

    private static String whole(String apiVersion, String kind) {
        return apiVersion + "/" + kind;
    }

    private static void define(RenderedObject definition, Map<String, ServedKind> defined) {
        String group = Tree.text(definition.tree(), "spec", "group");
        String kind = Tree.text(definition.tree(), "spec", "names", "kind");
        String plural = Tree.text(definition.tree(), "spec", "names", "plural");
        boolean namespaced = !Tree.text(definition.tree(), "spec", "scope").equals("Cluster");
        var versions = new ArrayList<String>();
        Tree.list(definition.tree(), "spec", "versions").forEach(version -> versions.add(Tree.text(version, "name")));
        // apiextensions.k8s.io/v1beta1, which servers before 1.22 have, knows a single one as well.
        String single = Tree.text(definition.tree(), "spec", "version");
        if (versions.isEmpty() && !single.isEmpty()) {
            versions.add(single);
        }
        for (String version : versions) {
            String apiVersion = group + "/" + version;
            defined.put(whole(apiVersion, kind), new ServedKind(apiVersion, kind, plural, namespaced));
        }
    }

    private DeliveryException notServed(RenderedObject object) {
        ResourceKey key = object.key();
        return DeliveryException.of(
                        Problem.CLUSTER_REJECTED,
                        "kind not served: " + key.kind() + " of " + object.apiVersion() + ", wanted for " + key.name())
                .where(object.place())
                .why(cluster.location() + " does not know it")
                .causedBy(new Rejection(Verdict.Code.KIND_NOT_SERVED, List.of()))
                .hint("correct apiVersion and kind (kubectl api-resources lists what is served), or install the"
                        + " CustomResourceDefinition first");
    }
}
