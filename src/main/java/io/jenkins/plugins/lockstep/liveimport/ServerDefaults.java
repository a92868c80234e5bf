package io.jenkins.plugins.lockstep.liveimport;

import io.jenkins.plugins.lockstep.common.document.Json;
import io.jenkins.plugins.lockstep.common.document.Tree;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Takes out what the API server fills in by itself: values that are the documented default of their field. Whatever is
 * not surely a default stays.
 *
 * <p>The values are those of the Kubernetes API reference, 1.20 and later; {@code ImportClusterTest} creates the result
 * on a real server and compares.
 */
final class ServerDefaults {

    private static final String ROLLING = "{\"maxSurge\":\"25%\",\"maxUnavailable\":\"25%\"}";

    /** Fields of pods; {@code defaultMode} is 0644. */
    private static final Map<String, Object> POD = Map.ofEntries(
            Map.entry("dnsPolicy", "ClusterFirst"),
            Map.entry("schedulerName", "default-scheduler"),
            Map.entry("terminationGracePeriodSeconds", 30),
            Map.entry("securityContext", Map.of()),
            Map.entry("enableServiceLinks", true));

    private static final Map<String, Object> CONTAINER = Map.of(
            "terminationMessagePath", "/dev/termination-log",
            "terminationMessagePolicy", "File",
            "resources", Map.of());

    private static final Map<String, Object> PROBE =
            Map.of("timeoutSeconds", 1, "periodSeconds", 10, "successThreshold", 1, "failureThreshold", 3);

    private static final int FILE_MODE = 0644;
    private static final long TOKEN_SECONDS = 3600;

    private ServerDefaults() {}

    /** Changes the tree of an object. */
    static void remove(String kind, Map<String, @Nullable Object> tree) {
        if (!(tree.get("spec") instanceof Map<?, ?>)) {
            return;
        }
        Map<String, @Nullable Object> spec = child(tree, "spec");
        switch (kind) {
            case "Deployment" -> {
                drop(spec, Map.of("progressDeadlineSeconds", 600, "revisionHistoryLimit", 10));
                dropStrategy(spec, "strategy", ROLLING);
                template(spec, true);
            }
            case "StatefulSet" -> {
                drop(
                        spec,
                        Map.of(
                                "podManagementPolicy",
                                "OrderedReady",
                                "revisionHistoryLimit",
                                10,
                                "minReadySeconds",
                                0,
                                "persistentVolumeClaimRetentionPolicy",
                                Map.of("whenDeleted", "Retain", "whenScaled", "Retain")));
                dropStrategy(spec, "updateStrategy", "{\"partition\":0}");
                maps(spec, "volumeClaimTemplates").forEach(ServerDefaults::claimTemplate);
                template(spec, true);
            }
            case "DaemonSet" -> {
                drop(spec, Map.of("revisionHistoryLimit", 10));
                dropStrategy(spec, "updateStrategy", "{\"maxSurge\":0,\"maxUnavailable\":1}");
                dropStrategy(spec, "updateStrategy", "{\"maxUnavailable\":1}");
                template(spec, true);
            }
            case "ReplicaSet" -> template(spec, true);
            case "Job" -> job(spec);
            case "CronJob" -> cronJob(spec);
            case "Pod" -> pod(spec, true);
            case "Service" -> service(spec);
            case "PersistentVolumeClaim" -> drop(spec, Map.of("volumeMode", "Filesystem"));
            case "HorizontalPodAutoscaler" -> drop(spec, Map.of("minReplicas", 1));
            default -> {}
        }
    }

    private static void job(Map<String, @Nullable Object> spec) {
        drop(
                spec,
                Map.of(
                        "backoffLimit",
                        6,
                        "completions",
                        1,
                        "parallelism",
                        1,
                        "completionMode",
                        "NonIndexed",
                        "suspend",
                        false,
                        "podReplacementPolicy",
                        "TerminatingOrFailed",
                        "manualSelector",
                        false));
        template(spec, false);
    }

    private static void cronJob(Map<String, @Nullable Object> spec) {
        drop(
                spec,
                Map.of(
                        "concurrencyPolicy",
                        "Allow",
                        "suspend",
                        false,
                        "successfulJobsHistoryLimit",
                        3,
                        "failedJobsHistoryLimit",
                        1));
        Map<String, @Nullable Object> template = child(spec, "jobTemplate");
        withoutEmptyMetadata(template);
        job(child(template, "spec"));
    }

    private static void service(Map<String, @Nullable Object> spec) {
        drop(
                spec,
                Map.of(
                        "sessionAffinity", "None",
                        "internalTrafficPolicy", "Cluster",
                        "externalTrafficPolicy", "Cluster",
                        "ipFamilyPolicy", "SingleStack",
                        "allocateLoadBalancerNodePorts", true,
                        "publishNotReadyAddresses", false));
        drop(spec, Map.of("type", "ClusterIP"));
        for (Map<String, @Nullable Object> port : maps(spec, "ports")) {
            drop(port, Map.of("protocol", "TCP"));
            if (String.valueOf(port.get("port")).equals(String.valueOf(port.get("targetPort")))) {
                port.remove("targetPort");
            }
        }
    }

    private static void claimTemplate(Map<String, @Nullable Object> claim) {
        claim.remove("status");
        claim.remove("apiVersion");
        claim.remove("kind");
        withoutEmptyMetadata(claim);
        drop(child(claim, "spec"), Map.of("volumeMode", "Filesystem"));
    }

    /** @param runsForEver whether pods are always restarted; where they end, the author had to say how */
    private static void template(Map<String, @Nullable Object> owner, boolean runsForEver) {
        Map<String, @Nullable Object> template = child(owner, "template");
        withoutEmptyMetadata(template);
        pod(child(template, "spec"), runsForEver);
    }

    private static void withoutEmptyMetadata(Map<String, @Nullable Object> template) {
        Map<String, @Nullable Object> metadata = child(template, "metadata");
        if (metadata.get("creationTimestamp") == null) {
            metadata.remove("creationTimestamp");
        }
        if (metadata.isEmpty()) {
            template.remove("metadata");
        }
    }

    private static void pod(Map<String, @Nullable Object> spec, boolean runsForEver) {
        drop(spec, POD);
        if (runsForEver) {
            drop(spec, Map.of("restartPolicy", "Always"));
        }
        spec.remove("serviceAccount"); // the old name of serviceAccountName
        drop(spec, Map.of("serviceAccountName", "default"));
        for (String list : List.of("containers", "initContainers", "ephemeralContainers")) {
            maps(spec, list).forEach(ServerDefaults::container);
        }
        maps(spec, "volumes").forEach(ServerDefaults::volume);
    }

    private static void container(Map<String, @Nullable Object> container) {
        drop(container, CONTAINER);
        String image = Tree.text(container, "image");
        drop(container, Map.of("imagePullPolicy", isMoving(image) ? "Always" : "IfNotPresent"));
        maps(container, "ports").forEach(port -> drop(port, Map.of("protocol", "TCP")));
        for (String probe : List.of("livenessProbe", "readinessProbe", "startupProbe")) {
            Map<String, @Nullable Object> map = child(container, probe);
            drop(map, PROBE);
            action(map);
        }
        for (String hook : List.of("postStart", "preStop")) {
            action(child(child(container, "lifecycle"), hook));
        }
        for (Map<String, @Nullable Object> variable : maps(container, "env")) {
            Map<String, @Nullable Object> source = child(variable, "valueFrom");
            drop(child(source, "fieldRef"), Map.of("apiVersion", "v1"));
            drop(child(source, "resourceFieldRef"), Map.of("divisor", "0"));
        }
    }

    private static void action(Map<String, @Nullable Object> action) {
        drop(child(action, "httpGet"), Map.of("scheme", "HTTP"));
        drop(child(action, "grpc"), Map.of("service", ""));
    }

    /** Tells whether the image is pulled again each time unless the author says otherwise. */
    private static boolean isMoving(String image) {
        if (image.contains("@")) {
            return false;
        }
        String name = image.substring(image.lastIndexOf('/') + 1);
        return !name.contains(":") || name.endsWith(":latest");
    }

    private static void volume(Map<String, @Nullable Object> volume) {
        for (String kind : List.of("configMap", "secret", "downwardAPI", "projected")) {
            Map<String, @Nullable Object> source = child(volume, kind);
            drop(source, Map.of("defaultMode", FILE_MODE));
            fields(source);
            for (Map<String, @Nullable Object> part : maps(source, "sources")) {
                drop(child(part, "serviceAccountToken"), Map.of("expirationSeconds", TOKEN_SECONDS));
                fields(child(part, "downwardAPI"));
            }
        }
        drop(child(volume, "hostPath"), Map.of("type", ""));
        Map<String, @Nullable Object> claim = child(volume, "ephemeral");
        drop(child(child(claim, "volumeClaimTemplate"), "spec"), Map.of("volumeMode", "Filesystem"));
    }

    private static void fields(Map<String, @Nullable Object> source) {
        for (Map<String, @Nullable Object> item : maps(source, "items")) {
            drop(child(item, "fieldRef"), Map.of("apiVersion", "v1"));
        }
    }

    private static void dropStrategy(Map<String, @Nullable Object> spec, String field, String rolling) {
        Map<String, @Nullable Object> strategy = child(spec, field);
        boolean isDefault = "RollingUpdate".equals(strategy.get("type"))
                && Set.of("type", "rollingUpdate").containsAll(strategy.keySet())
                && (!strategy.containsKey("rollingUpdate")
                        || Json.canonical(strategy.get("rollingUpdate")).equals(rolling));
        if (isDefault) {
            spec.remove(field);
        }
    }

    private static void drop(Map<String, @Nullable Object> map, Map<String, ?> defaults) {
        defaults.forEach((field, value) -> {
            if (map.containsKey(field) && Json.canonical(map.get(field)).equals(Json.canonical(value))) {
                map.remove(field);
            }
        });
    }

    /** Returns the map under a key, itself and no copy; an empty one where there is none. */
    @SuppressWarnings("unchecked")
    private static Map<String, @Nullable Object> child(Map<String, @Nullable Object> map, String key) {
        return map.get(key) instanceof Map<?, ?> child
                ? (Map<String, @Nullable Object>) child
                : new java.util.LinkedHashMap<>();
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, @Nullable Object>> maps(Map<String, @Nullable Object> map, String key) {
        var maps = new ArrayList<Map<String, @Nullable Object>>();
        for (Object item : Tree.list(map, key)) {
            if (item instanceof Map<?, ?> child) {
                maps.add((Map<String, @Nullable Object>) child);
            }
        }
        return maps;
    }
}
