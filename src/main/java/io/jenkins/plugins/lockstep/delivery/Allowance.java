package io.jenkins.plugins.lockstep.delivery;

import io.jenkins.plugins.lockstep.common.Glob;
import io.jenkins.plugins.lockstep.manifest.ResourceKey;
import java.io.Serializable;
import java.util.List;

/**
 * What may be written to a cluster and deleted from it, object by object. It narrows what the credentials may do and
 * never widens it: the cluster's own rights are asked all the same.
 *
 * <p>In a pattern {@code *} stands for any number of letters, none included. A kind without a group is one of the core
 * group; every other one is written with its group.
 *
 * @param namespaces patterns of the namespaces that environments may live in and objects may go to; empty for any
 * @param clusterScopedKinds patterns of {@code KIND} or {@code KIND.GROUP}, for example {@code Namespace},
 *     {@code ClusterRole.rbac.authorization.k8s.io}, {@code *}; empty for none
 */
public record Allowance(List<String> namespaces, List<String> clusterScopedKinds) implements Serializable {

    /** Leaves everything to the cluster's own rights. */
    public static final Allowance ANY = new Allowance(List.of(), List.of("*"));

    private static final long serialVersionUID = 1L;

    public Allowance {
        namespaces = List.copyOf(namespaces);
        clusterScopedKinds = List.copyOf(clusterScopedKinds);
    }

    /** Tells whether environments may live in a namespace and objects may go to it. */
    public boolean allowsNamespace(String namespace) {
        return namespaces.isEmpty() || matches(namespaces, namespace);
    }

    /**
     * Tells whether cluster-scoped objects of a kind may be written.
     *
     * @param group the API group, empty for the core group
     */
    public boolean allowsClusterScoped(String group, String kind) {
        return matches(clusterScopedKinds, word(group, kind));
    }

    /** Tells whether an object may be written; one without a namespace is cluster-scoped. */
    boolean allows(ResourceKey key) {
        return key.namespace().isEmpty()
                ? allowsClusterScoped(key.group(), key.kind())
                : allowsNamespace(key.namespace());
    }

    /** Returns the pattern that is a kind and no other. */
    static String word(String group, String kind) {
        return group.isEmpty() ? kind : kind + "." + group;
    }

    private static boolean matches(List<String> patterns, String word) {
        return patterns.stream().anyMatch(pattern -> Glob.ofPaths(pattern).matches(word));
    }
}
