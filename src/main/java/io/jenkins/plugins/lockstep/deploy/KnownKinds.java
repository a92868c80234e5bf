package io.jenkins.plugins.lockstep.deploy;

import io.jenkins.plugins.lockstep.common.document.Tree;
import io.jenkins.plugins.lockstep.manifest.ResourceKey;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The kinds that have rules of their own. */
final class KnownKinds {

    private static final Set<String> BUILT_IN_GROUPS = Set.of(
            "admissionregistration.k8s.io",
            "apiextensions.k8s.io",
            "apiregistration.k8s.io",
            "authentication.k8s.io",
            "authorization.k8s.io",
            "certificates.k8s.io",
            "coordination.k8s.io",
            "discovery.k8s.io",
            "events.k8s.io",
            "flowcontrol.apiserver.k8s.io",
            "networking.k8s.io",
            "node.k8s.io",
            "rbac.authorization.k8s.io",
            "resource.k8s.io",
            "scheduling.k8s.io",
            "storage.k8s.io");
    private static final Set<String> WITH_PODS = Set.of(
            "apps/Deployment",
            "apps/StatefulSet",
            "apps/DaemonSet",
            "apps/ReplicaSet",
            "batch/Job",
            "/ReplicationController",
            "/Pod");
    private static final Set<String> DATA = Set.of(
            "/PersistentVolume",
            "/PersistentVolumeClaim",
            "/Namespace",
            "apiextensions.k8s.io/CustomResourceDefinition");

    private KnownKinds() {}

    static boolean isJob(ResourceKey key) {
        return is(key, "batch/Job");
    }

    static boolean isDeployment(ResourceKey key) {
        return is(key, "apps/Deployment");
    }

    static boolean isStatefulSet(ResourceKey key) {
        return is(key, "apps/StatefulSet");
    }

    static boolean isDaemonSet(ResourceKey key) {
        return is(key, "apps/DaemonSet");
    }

    /** Tells whether the object has a selector that can't change and a template whose pods carry what it selects. */
    static boolean selectsPods(ResourceKey key) {
        return isDeployment(key) || isStatefulSet(key) || isDaemonSet(key) || is(key, "apps/ReplicaSet");
    }

    static boolean isPod(ResourceKey key) {
        return is(key, "/Pod");
    }

    static boolean isCustomResourceDefinition(ResourceKey key) {
        return is(key, "apiextensions.k8s.io/CustomResourceDefinition");
    }

    static boolean isNamespace(ResourceKey key) {
        return is(key, "/Namespace");
    }

    /** Tells whether losing the object loses data. */
    static boolean isData(ResourceKey key) {
        return DATA.contains(key.group() + "/" + key.kind());
    }

    /** Tells whether the group is Kubernetes' own, so that the names of its kinds mean what they say. */
    static boolean isBuiltIn(String group) {
        return !group.contains(".") || BUILT_IN_GROUPS.contains(group);
    }

    /** Tells whether the object runs pods that a rollout judges. */
    static boolean hasPods(ResourceKey key) {
        return WITH_PODS.contains(key.group() + "/" + key.kind());
    }

    /** Tells whether a rollout waits for the object, if only to learn that it never says whether it is ready. */
    static boolean isAwaited(ResourceKey key) {
        return hasPods(key)
                || isCustomResourceDefinition(key)
                || is(key, "apiregistration.k8s.io/APIService")
                || !isBuiltIn(key.group());
    }

    /**
     * Tells whether the object is a ConfigMap or Secret that can't change: a change comes under a new name, so several
     * releases may share one, and older pods may still need it when the newest release does not.
     */
    static boolean isImmutable(ResourceKey key, Map<String, @Nullable Object> tree) {
        return (is(key, "/ConfigMap") || is(key, "/Secret")) && Tree.isTrue(tree, "immutable");
    }

    private static boolean is(ResourceKey key, String groupAndKind) {
        return groupAndKind.equals(key.group() + "/" + key.kind());
    }
}
