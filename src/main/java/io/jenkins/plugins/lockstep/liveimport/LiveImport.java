package io.jenkins.plugins.lockstep.liveimport;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.common.document.NearestWord;
import io.jenkins.plugins.lockstep.common.document.Tree;
import io.jenkins.plugins.lockstep.deploy.Cluster;
import io.jenkins.plugins.lockstep.deploy.LiveObject;
import io.jenkins.plugins.lockstep.deploy.ServedKind;
import io.jenkins.plugins.lockstep.manifest.ResourceKey;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Reads live objects and makes manifests of them. Needs {@code get}, and {@code list} for what is related. */
public final class LiveImport {

    private static final int MOST_OWNERS = 5;

    private final Cluster cluster;
    private final String namespace;

    /** @param namespace where namespaced objects are looked for */
    public LiveImport(Cluster cluster, String namespace) {
        this.cluster = cluster;
        this.namespace = namespace;
    }

    /**
     * Reads objects.
     *
     * @param references each as {@code KIND/NAME}, the kind as kubectl takes it
     * @param related whether what belongs to the named workloads comes along
     * @param withSecrets whether Secrets may be among them
     * @throws DeliveryException {@link Problem#BAD_USAGE} for a reference that is none; {@link Problem#BAD_INPUT} for one
     *     that names nothing (with the nearest name), a Secret, or an object that a controller made; and whatever
     *     {@link Cluster} throws
     */
    public Imported read(List<String> references, boolean related, boolean withSecrets) {
        var found = new LinkedHashMap<ResourceKey, LiveObject>();
        for (String reference : references) {
            LiveObject live = read(reference, withSecrets);
            found.put(live.key(), live);
        }
        var notes = new ArrayList<String>();
        if (related) {
            var workloads = List.copyOf(found.values());
            new RelatedObjects(cluster, notes).of(workloads).forEach(live -> found.putIfAbsent(live.key(), live));
        }
        List<ImportedObject> objects = found.values().stream()
                .map(live -> new ImportedObject(live.key(), ManifestOfLive.of(live)))
                .toList();
        return new Imported(objects, List.copyOf(notes));
    }

    private LiveObject read(String reference, boolean withSecrets) {
        int slash = reference.indexOf('/');
        if (slash <= 0 || slash == reference.length() - 1 || reference.indexOf('/', slash + 1) >= 0) {
            throw DeliveryException.of(Problem.BAD_USAGE, "'" + reference + "' names no object")
                    .hint("write KIND/NAME, for example deployment/cart");
        }
        ServedKind kind = KnownResource.find(cluster, reference.substring(0, slash));
        String name = reference.substring(slash + 1);
        if (kind.kind().equals("Secret") && kind.apiVersion().equals("v1") && !withSecrets) {
            throw DeliveryException.of(Problem.BAD_INPUT, "secret/" + name + " is not imported")
                    .where(cluster.location())
                    .why("its values would lie in a file that is meant to be committed")
                    .hint("leave it where it is and refer to it by name; --with-secrets writes it, values and all");
        }
        String place = kind.namespaced() ? namespace : "";
        var key = new ResourceKey(ResourceKey.groupOf(kind.apiVersion()), kind.kind(), place, name);
        LiveObject live = cluster.get(kind, key).orElseThrow(() -> missing(kind, key));
        refuseOwned(live);
        return live;
    }

    private DeliveryException missing(ServedKind kind, ResourceKey key) {
        var failure = DeliveryException.of(
                        Problem.BAD_INPUT,
                        "there is no " + key + (key.namespace().isEmpty() ? "" : " in namespace " + key.namespace()))
                .where(cluster.location());
        try {
            List<String> names = cluster.list(kind, key.namespace(), null).stream()
                    .map(live -> live.key().name())
                    .toList();
            return names.isEmpty()
                    ? failure.hint("there is none of that kind; is it another namespace (--namespace) or cluster"
                            + " (--context)?")
                    : failure.hint(NearestWord.hint(key.name(), names));
        } catch (DeliveryException e) {
            return failure.hint("check the name and the namespace (--namespace)"); // who may read need not be let list
        }
    }

    /** What a controller made, it would make again beside the manifest's. */
    private void refuseOwned(LiveObject live) {
        Optional<?> owner = owner(live);
        if (owner.isPresent()) {
            throw DeliveryException.of(Problem.BAD_INPUT, live.key() + " was made by " + name(owner.get()))
                    .where(cluster.location())
                    .why("its owner makes it again, whatever a manifest says")
                    .hint("import " + topmost(owner.get(), live.key().namespace()));
        }
    }

    private static Optional<?> owner(LiveObject live) {
        return Tree.list(live.tree(), "metadata", "ownerReferences").stream()
                .filter(reference -> Tree.isTrue(reference, "controller"))
                .findFirst();
    }

    private static String name(Object reference) {
        return Tree.text(reference, "kind").toLowerCase(Locale.ROOT) + "/" + Tree.text(reference, "name");
    }

    /** A pod's ReplicaSet has an owner itself; where one may not be read, the one below has to do. */
    private String topmost(Object reference, String namespace) {
        Object owner = reference;
        for (int above = 0; above < MOST_OWNERS; above++) {
            Optional<?> next;
            try {
                next = find(owner, namespace).flatMap(LiveImport::owner);
            } catch (DeliveryException e) {
                return name(owner);
            }
            if (next.isEmpty()) {
                return name(owner);
            }
            owner = next.get();
        }
        return name(owner);
    }

    private Optional<LiveObject> find(Object reference, String namespace) {
        String apiVersion = Tree.text(reference, "apiVersion");
        String kind = Tree.text(reference, "kind");
        return cluster.served(apiVersion, kind)
                .flatMap(served -> cluster.get(
                        served,
                        new ResourceKey(
                                ResourceKey.groupOf(apiVersion),
                                kind,
                                served.namespaced() ? namespace : "",
                                Tree.text(reference, "name"))));
    }

    /** Returns the pod template of a workload, an empty map where the object has none. */
    static Map<?, ?> template(LiveObject live) {
        boolean cron = live.key().kind().equals("CronJob");
        Object template = cron
                ? Tree.at(live.tree(), "spec", "jobTemplate", "spec", "template")
                : Tree.at(live.tree(), "spec", "template");
        return template instanceof Map<?, ?> map ? map : Map.of();
    }
}
