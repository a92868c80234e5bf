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
    private final Map<Name, Optional<ServedKind>> served = new HashMap<>();
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
        var defined = new HashMap<Name, ServedKind>();
        for (RenderedObject object : desired) {
            if (KnownKinds.isCustomResourceDefinition(object.key())) {
                define(object, defined);
            }
        }
        for (RenderedObject object : desired) {
            var name = new Name(object.apiVersion(), object.key().kind());
            if (lookUp(name).isEmpty()) {
                ServedKind kind = defined.get(name);
                if (kind == null) {
                    refusals.accept(notServed(object));
                } else {
                    served.put(name, Optional.of(kind));
                    pending.add(kind);
                }
            }
        }
    }

    /** Returns the kind of an object that the constructor saw; empty where it was refused. */
    Optional<ServedKind> of(RenderedObject object) {
        return lookUp(new Name(object.apiVersion(), object.key().kind()));
    }

    /** Returns the kind of an object of an earlier release; empty where the cluster does not serve it any more. */
    Optional<ServedKind> of(InventoryItem item) {
        if (ServedAutoscalers.isAutoscaler(item.key())) {
            // The cluster may have been upgraded since: the version that it was applied in is gone, the object is not.
            return autoscalers.newest();
        }
        return lookUp(new Name(item.apiVersion(), item.key().kind())).filter(kind -> !pending.contains(kind));
    }

    /** Tells whether the cluster will serve the kind only once the release's own definition is applied. */
    boolean isPending(ServedKind kind) {
        return pending.contains(kind);
    }

    private Optional<ServedKind> lookUp(Name name) {
        return served.computeIfAbsent(name, unseen -> cluster.served(name.apiVersion(), name.kind()));
    }

    private static void define(RenderedObject definition, Map<Name, ServedKind> defined) {
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
            defined.put(new Name(apiVersion, kind), new ServedKind(apiVersion, kind, plural, namespaced));
        }
    }

    private DeliveryException notServed(RenderedObject object) {
        ResourceKey key = object.key();
        return DeliveryException.of(
                        Problem.CLUSTER_REJECTED,
                        "kind not served: " + key.kind() + " of " + object.apiVersion() + ", wanted for " + key.name())
                .where(object.place())
                .why(cluster.location() + " does not know it")
                .hint("correct apiVersion and kind (kubectl api-resources lists what is served), or install the"
                        + " CustomResourceDefinition first");
    }

    private record Name(String apiVersion, String kind) {}
}
