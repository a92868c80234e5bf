package io.jenkins.plugins.lockstep.deploy;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.manifest.ResourceKey;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What may be written to a cluster and deleted from it, by who configured it for Lockstep; the cluster's own rights are
 * asked all the same. Asks nobody. Thread-safe as far as {@code allowed} is.
 *
 * @param place who says so, for messages: {@code cluster 'prod'}
 * @param allowed tells of an object whether it may be written; one without a namespace is cluster-scoped
 */
public record WriteLimits(String place, Predicate<ResourceKey> allowed) {

    /** Leaves everything to the cluster's own rights. */
    public static final WriteLimits NONE = new WriteLimits("", key -> true);

    /**
     * An object that may not be written.
     *
     * @param key without a namespace where the object is cluster-scoped
     * @param place of the manifest, null where that is not known
     */
    public record Refused(ResourceKey key, @Nullable String place) {

        /** Returns what messages call it: {@code clusterrole/reader (deploy/role.yaml:1)}. */
        public String inWords() {
            String where = key.namespace().isEmpty() ? "" : " in namespace " + key.namespace();
            return key + where + (place == null ? "" : " (" + place + ")");
        }
    }

    /** Tells whether an object may be written; one without a namespace is cluster-scoped. */
    public boolean allow(ResourceKey key) {
        return allowed.test(key);
    }

    /**
     * Makes sure, at the write itself, that an object may be written.
     *
     * @throws DeliveryException as {@link #refusal} says
     */
    public void require(ServedKind kind, ResourceKey key) {
        ResourceKey placed = placed(kind, key);
        if (!allow(placed)) {
            throw refusal(List.of(new Refused(placed, null)));
        }
    }

    /**
     * Returns the refusal that names all objects which may not be written. It is {@link Problem#CLUSTER_FORBIDDEN}, as
     * if the cluster itself had refused them: the manifests are as good as before, whoever releases lacks the right, and
     * who looks after the cluster can give it.
     */
    public DeliveryException refusal(List<Refused> objects) {
        String several = objects.size() == 1 ? "an object" : objects.size() + " objects";
        return DeliveryException.of(
                        Problem.CLUSTER_FORBIDDEN, place + " is not configured to take " + several + " of this release")
                .where(objects.stream()
                        .map(Refused::place)
                        .filter(known -> known != null)
                        .findFirst()
                        .orElse(null))
                .why(objects.stream().map(Refused::inWords).collect(Collectors.joining(", ")))
                .causedBy(new Rejection(Verdict.Code.FORBIDDEN, List.of()))
                .hint(advice(objects));
    }

    private String advice(List<Refused> objects) {
        var namespaces = new TreeSet<String>();
        var kinds = new TreeSet<String>();
        for (Refused object : objects) {
            ResourceKey key = object.key();
            if (key.namespace().isEmpty()) {
                kinds.add(key.group().isEmpty() ? key.kind() : key.kind() + "." + key.group());
            } else {
                namespaces.add(key.namespace());
            }
        }
        String asked = (namespaces.isEmpty() ? "" : " namespace " + String.join(", ", namespaces))
                + (namespaces.isEmpty() || kinds.isEmpty() ? "" : " and")
                + (kinds.isEmpty() ? "" : " cluster-scoped kind " + String.join(", ", kinds));
        return "take them out of the manifests, or ask who configured " + place + " to allow" + asked;
    }

    /** The server knows better than an object what it is, and whether it has a namespace. */
    static ResourceKey placed(ServedKind kind, ResourceKey key) {
        return new ResourceKey(
                ResourceKey.groupOf(kind.apiVersion()),
                kind.kind(),
                kind.namespaced() ? key.namespace() : "",
                key.name());
    }
}
