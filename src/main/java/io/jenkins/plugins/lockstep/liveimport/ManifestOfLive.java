package io.jenkins.plugins.lockstep.liveimport;

import io.jenkins.plugins.lockstep.common.document.Tree;
import io.jenkins.plugins.lockstep.deploy.LiveObject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The manifest that a person would have written for a live object: without what the server, its controllers and tools
 * put there. Pure: the same object gives the same manifest.
 */
final class ManifestOfLive {

    /** What tools and controllers write down for themselves. */
    private static final Pattern FOREIGN_ANNOTATION =
            Pattern.compile("kubectl\\.kubernetes\\.io/(last-applied-configuration|restartedAt)"
                    + "|deployment\\.kubernetes\\.io/.*|deprecated\\.daemonset\\.template\\.generation"
                    + "|autoscaling\\.alpha\\.kubernetes\\.io/(conditions|current-metrics)"
                    + "|pv\\.kubernetes\\.io/.*|volume\\.(beta\\.)?kubernetes\\.io/(storage-provisioner|selected-node)"
                    + "|meta\\.helm\\.sh/.*|helm\\.sh/.*|field\\.cattle\\.io/.*|cloud\\.google\\.com/neg-status"
                    + "|batch\\.kubernetes\\.io/job-tracking|service\\.alpha\\.kubernetes\\.io/.*"
                    + "|lockstep\\.io/(?!run$|on-rollback$|prune$).*");

    /** What Helm says about itself; the rest of the recommended labels is the application's own. */
    private static final Pattern FOREIGN_LABEL = Pattern.compile("helm\\.sh/chart|lockstep\\.io/.*");

    private static final String MANAGED_BY = "app.kubernetes.io/managed-by";

    private static final Set<String> JOB_LABELS =
            Set.of("controller-uid", "job-name", "batch.kubernetes.io/controller-uid", "batch.kubernetes.io/job-name");

    private static final String TOKEN_DIRECTORY = "/var/run/secrets/kubernetes.io/serviceaccount";

    private ManifestOfLive() {}

    /** Returns the manifest; keys in the usual order. */
    static Map<String, @Nullable Object> of(LiveObject live) {
        Map<String, @Nullable Object> tree = Tree.copy(live.tree());
        var manifest = new LinkedHashMap<String, @Nullable Object>();
        manifest.put("apiVersion", live.apiVersion());
        manifest.put("kind", live.key().kind());
        manifest.put("metadata", metadata(tree));
        tree.forEach((key, value) -> {
            if (!Set.of("apiVersion", "kind", "metadata", "status").contains(key)) {
                manifest.put(key, value);
            }
        });
        String kind = live.key().kind();
        if (manifest.get("spec") instanceof Map<?, ?>) {
            Map<String, @Nullable Object> spec = Tree.map(manifest, "spec");
            withoutAllocations(kind, spec);
            templates(spec);
            manifest.put("spec", spec);
        }
        if (kind.equals("ServiceAccount")) {
            withoutTokens(manifest, live.key().name());
        }
        if (Boolean.FALSE.equals(manifest.get("immutable"))) {
            manifest.remove("immutable");
        }
        ServerDefaults.remove(kind, manifest);
        volumesLast(manifest);
        return manifest;
    }

    /** People write what runs before what it runs with; servers write volumes first. */
    @SuppressWarnings("unchecked")
    private static void volumesLast(@Nullable Object node) {
        if (node instanceof Map<?, ?>) {
            var map = (Map<String, @Nullable Object>) node;
            if (map.get("containers") instanceof List<?> && map.get("volumes") instanceof List<?> volumes) {
                map.remove("volumes");
                map.put("volumes", volumes);
            }
            map.values().forEach(ManifestOfLive::volumesLast);
        }
    }

    private static Map<String, @Nullable Object> metadata(Map<String, @Nullable Object> tree) {
        var metadata = new LinkedHashMap<String, @Nullable Object>();
        metadata.put("name", Tree.text(tree, "metadata", "name"));
        Map<String, @Nullable Object> labels = Tree.map(tree, "metadata", "labels");
        labels.keySet().removeIf(name -> FOREIGN_LABEL.matcher(name).matches());
        if (Set.of("Helm", "lockstep").contains(String.valueOf(labels.get(MANAGED_BY)))) {
            labels.remove(MANAGED_BY);
        }
        if (Tree.text(tree, "kind").equals("Namespace")) {
            labels.remove("kubernetes.io/metadata.name");
        }
        if (Tree.text(tree, "kind").equals("Job")) {
            labels.keySet().removeAll(JOB_LABELS);
        }
        putUnlessEmpty(metadata, "labels", labels);
        putUnlessEmpty(metadata, "annotations", annotations(tree));
        return metadata;
    }

    private static Map<String, @Nullable Object> annotations(@Nullable Object object) {
        Map<String, @Nullable Object> annotations = Tree.map(object, "metadata", "annotations");
        annotations.keySet().removeIf(name -> FOREIGN_ANNOTATION.matcher(name).matches());
        return annotations;
    }

    /** Takes out what a server gave to this very object: in another one it is another, or in the way. */
    private static void withoutAllocations(String kind, Map<String, @Nullable Object> spec) {
        switch (kind) {
            case "Service" -> {
                boolean headless = "None".equals(spec.get("clusterIP"));
                spec.remove("clusterIPs");
                spec.remove("ipFamilies");
                spec.remove("healthCheckNodePort");
                if (!headless) {
                    spec.remove("clusterIP");
                }
                for (Object port : Tree.list(spec, "ports")) {
                    ((Map<?, ?>) port).remove("nodePort");
                }
            }
            case "PersistentVolumeClaim" -> {
                spec.remove("volumeName");
                spec.remove("dataSourceRef");
            }
            case "PersistentVolume" -> spec.remove("claimRef");
            case "Namespace" -> spec.remove("finalizers");
            case "Pod" -> {
                List.of("nodeName", "priority", "preemptionPolicy", "tolerations")
                        .forEach(spec::remove);
                withoutTokenVolume(spec);
            }
            case "Job" -> withoutJobLabels(spec);
            default -> {}
        }
    }

    private static void withoutJobLabels(Map<String, @Nullable Object> spec) {
        if (Boolean.TRUE.equals(spec.get("manualSelector"))) {
            return;
        }
        spec.remove("selector");
        Map<String, @Nullable Object> template = Tree.map(spec, "template");
        Map<String, @Nullable Object> metadata = Tree.map(template, "metadata");
        Map<String, @Nullable Object> labels = Tree.map(metadata, "labels");
        labels.keySet().removeAll(JOB_LABELS);
        metadata.remove("labels");
        putUnlessEmpty(metadata, "labels", labels);
        template.put("metadata", metadata);
        spec.put("template", template);
    }

    /** Cleans the metadata of templates: labels stay, since a selector may want them. */
    private static void templates(Map<String, @Nullable Object> spec) {
        for (String key : List.of("template", "jobTemplate")) {
            if (spec.get(key) instanceof Map<?, ?>) {
                Map<String, @Nullable Object> template = Tree.map(spec, key);
                Map<String, @Nullable Object> metadata = Tree.map(template, "metadata");
                metadata.remove("annotations");
                putUnlessEmpty(metadata, "annotations", annotations(template));
                template.put("metadata", metadata);
                Map<String, @Nullable Object> inner = Tree.map(template, "spec");
                templates(inner);
                if (template.containsKey("spec")) {
                    template.put("spec", inner);
                }
                spec.put(key, template);
            }
        }
    }

    /** Every pod gets a token's volume by admission. */
    private static void withoutTokenVolume(Map<String, @Nullable Object> spec) {
        for (String list : List.of("containers", "initContainers")) {
            for (Object container : Tree.list(spec, list)) {
                List<?> mounts = Tree.list(container, "volumeMounts").stream()
                        .filter(mount -> !Tree.text(mount, "mountPath").equals(TOKEN_DIRECTORY))
                        .toList();
                replace(container, "volumeMounts", mounts);
            }
        }
        List<?> volumes = Tree.list(spec, "volumes").stream()
                .filter(volume -> !Tree.text(volume, "name").startsWith("kube-api-access-")
                        && !Tree.text(volume, "secret", "secretName").matches(".*-token-[a-z0-9]{5}"))
                .toList();
        replace(spec, "volumes", volumes);
    }

    @SuppressWarnings("unchecked")
    private static void replace(@Nullable Object map, String key, List<?> list) {
        if (map instanceof Map<?, ?>) {
            var changed = (Map<String, @Nullable Object>) map;
            if (list.isEmpty()) {
                changed.remove(key);
            } else {
                changed.put(key, list);
            }
        }
    }

    /** Servers before 1.24 make a token for each account. */
    private static void withoutTokens(Map<String, @Nullable Object> account, String name) {
        Pattern made = Pattern.compile(Pattern.quote(name) + "-(token|dockercfg)-[a-z0-9]{5}");
        for (String key : List.of("secrets", "imagePullSecrets")) {
            List<?> left = Tree.list(account, key).stream()
                    .filter(secret -> !made.matcher(Tree.text(secret, "name")).matches())
                    .toList();
            replace(account, key, left);
        }
    }

    private static void putUnlessEmpty(
            Map<String, @Nullable Object> map, String key, Map<String, @Nullable Object> value) {
        if (!value.isEmpty()) {
            map.put(key, value);
        }
    }
}
