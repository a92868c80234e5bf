package io.jenkins.plugins.lockstep.liveimport;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.common.document.NearestWord;
import io.jenkins.plugins.lockstep.deploy.Cluster;
import io.jenkins.plugins.lockstep.deploy.ServedKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A kind as people name it on a command line.
 *
 * @param kind for example {@code Deployment}
 * @param words singular, plural and short names, in lower case
 * @param apiVersions those that may serve it, the best one first
 */
record KnownResource(String kind, List<String> words, List<String> apiVersions) {

    private static final List<KnownResource> ALL = List.of(
            of("Deployment", "deployment deployments deploy", "apps/v1"),
            of("StatefulSet", "statefulset statefulsets sts", "apps/v1"),
            of("DaemonSet", "daemonset daemonsets ds", "apps/v1"),
            of("ReplicaSet", "replicaset replicasets rs", "apps/v1"),
            of("Job", "job jobs", "batch/v1"),
            of("CronJob", "cronjob cronjobs cj", "batch/v1", "batch/v1beta1"),
            of("Pod", "pod pods po", "v1"),
            of("Service", "service services svc", "v1"),
            of("ConfigMap", "configmap configmaps cm", "v1"),
            of("Secret", "secret secrets", "v1"),
            of("ServiceAccount", "serviceaccount serviceaccounts sa", "v1"),
            of("PersistentVolumeClaim", "persistentvolumeclaim persistentvolumeclaims pvc", "v1"),
            of("PersistentVolume", "persistentvolume persistentvolumes pv", "v1"),
            of("Namespace", "namespace namespaces ns", "v1"),
            of("LimitRange", "limitrange limitranges limits", "v1"),
            of("ResourceQuota", "resourcequota resourcequotas quota", "v1"),
            of("Ingress", "ingress ingresses ing", "networking.k8s.io/v1", "networking.k8s.io/v1beta1"),
            of("IngressClass", "ingressclass ingressclasses", "networking.k8s.io/v1", "networking.k8s.io/v1beta1"),
            of("NetworkPolicy", "networkpolicy networkpolicies netpol", "networking.k8s.io/v1"),
            of(
                    "HorizontalPodAutoscaler",
                    "horizontalpodautoscaler horizontalpodautoscalers hpa",
                    "autoscaling/v2",
                    "autoscaling/v2beta2",
                    "autoscaling/v1"),
            of("PodDisruptionBudget", "poddisruptionbudget poddisruptionbudgets pdb", "policy/v1", "policy/v1beta1"),
            of("Role", "role roles", "rbac.authorization.k8s.io/v1"),
            of("RoleBinding", "rolebinding rolebindings", "rbac.authorization.k8s.io/v1"),
            of("ClusterRole", "clusterrole clusterroles", "rbac.authorization.k8s.io/v1"),
            of("ClusterRoleBinding", "clusterrolebinding clusterrolebindings", "rbac.authorization.k8s.io/v1"),
            of("PriorityClass", "priorityclass priorityclasses pc", "scheduling.k8s.io/v1"),
            of("StorageClass", "storageclass storageclasses sc", "storage.k8s.io/v1"),
            of(
                    "CustomResourceDefinition",
                    "customresourcedefinition customresourcedefinitions crd crds",
                    "apiextensions.k8s.io/v1"));

    private static KnownResource of(String kind, String words, String... apiVersions) {
        return new KnownResource(kind, List.of(words.split(" ")), List.of(apiVersions));
    }

    /**
     * Looks up what a user typed: a name of one of Kubernetes' own kinds, with or without its group behind a dot, or
     * {@code KIND.VERSION.GROUP} for any other.
     *
     * @throws DeliveryException {@link Problem#BAD_USAGE} with the nearest word, {@link Problem#CLUSTER_REJECTED} where
     *     the server does not serve the kind
     */
    static ServedKind find(Cluster cluster, String typed) {
        String[] parts = typed.split("\\.", 3);
        if (parts.length == 3 && parts[1].matches("v[0-9][a-z0-9]*")) {
            return cluster.served(parts[2] + "/" + parts[1], parts[0]).orElseThrow(() -> notServed(cluster, typed));
        }
        String word = parts[0].toLowerCase(Locale.ROOT);
        String group = typed.substring(parts[0].length()).replaceFirst("^\\.", "");
        for (KnownResource known : ALL) {
            boolean sameGroup =
                    group.isEmpty() || known.apiVersions.stream().anyMatch(version -> version.startsWith(group + "/"));
            if (sameGroup && known.words.contains(word)) {
                return known.served(cluster).orElseThrow(() -> notServed(cluster, typed));
            }
        }
        var words = new ArrayList<String>();
        ALL.forEach(known -> words.add(known.words.get(0)));
        String near = NearestWord.of(word, words)
                .map(known -> "did you mean '" + known + "'? ")
                .orElse("");
        throw DeliveryException.of(Problem.BAD_USAGE, "'" + typed + "' is no kind of Kubernetes' own")
                .hint(near
                        + "For custom resources write KIND.VERSION.GROUP, for example Certificate.v1.cert-manager.io");
    }

    /** Returns one of Kubernetes' own kinds; empty where the server serves no version that is known here. */
    static Optional<ServedKind> builtIn(Cluster cluster, String kind) {
        return ALL.stream()
                .filter(known -> known.kind.equals(kind))
                .findFirst()
                .flatMap(known -> known.served(cluster));
    }

    private Optional<ServedKind> served(Cluster cluster) {
        return apiVersions.stream()
                .flatMap(version -> cluster.served(version, kind).stream())
                .findFirst();
    }

    private static DeliveryException notServed(Cluster cluster, String typed) {
        return DeliveryException.of(Problem.CLUSTER_REJECTED, "kind not served: " + typed)
                .where(cluster.location())
                .hint("kubectl api-resources lists what is served; the kind is written as there, with its capitals");
    }
}
