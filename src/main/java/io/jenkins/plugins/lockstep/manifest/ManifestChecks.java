package io.jenkins.plugins.lockstep.manifest;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.document.NearestWord;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Finds the mistakes that every object may have, before a cluster answers them without file and line. */
final class ManifestChecks {

    /** The prefix of all of Lockstep's own labels and annotations. */
    private static final String OURS = "lockstep.io/";

    /** Annotations for users, each with the values it may have. */
    private static final Map<String, List<String>> FOR_USERS = Map.of(
            "lockstep.io/run", List.of("before"),
            "lockstep.io/on-rollback", List.of("run"),
            "lockstep.io/prune", List.of("never"));

    /** Groups all of whose objects have DNS names; others, such as RBAC, also take colons. */
    private static final Set<String> DNS_NAMED =
            Set.of("", "apps", "batch", "autoscaling", "policy", "storage.k8s.io", "scheduling.k8s.io");

    private static final Pattern DNS_NAME = Pattern.compile("[a-z0-9]([-.a-z0-9]*[a-z0-9])?");
    private static final Pattern API_VERSION = Pattern.compile("([-a-z0-9.]+/)?v[0-9][a-z0-9]*");
    private static final Pattern KIND = Pattern.compile("[A-Za-z][A-Za-z0-9]*");
    private static final int LONGEST_NAME = 253;

    private ManifestChecks() {}

    static void check(Manifest manifest) {
        requireText(manifest, manifest.tree(), "apiVersion", "");
        requireText(manifest, manifest.tree(), "kind", "");
        if (!API_VERSION.matcher(manifest.apiVersion()).matches()) {
            throw manifest.mistake("apiVersion", "'" + manifest.apiVersion() + "' is not an API version")
                    .hint("write it like v1 or apps/v1");
        }
        if (!KIND.matcher(manifest.kind()).matches()) {
            throw manifest.mistake("kind", "'" + manifest.kind() + "' is not a kind")
                    .hint("write it as Kubernetes does, for example Deployment");
        }
        if (!(manifest.tree().get("metadata") instanceof Map<?, ?>)) {
            throw manifest.mistake("metadata", "the " + manifest.kind() + " has no metadata")
                    .hint("give it a name: metadata: { name: … }");
        }
        checkName(manifest);
        checkNode(manifest, "", manifest.tree());
        if (Set.of("ConfigMap", "Secret").contains(manifest.kind())) {
            for (String field : List.of("data", "binaryData", "stringData")) {
                checkTexts(manifest, field, manifest.tree().get(field));
            }
        }
    }

    private static void checkName(Manifest manifest) {
        Map<String, @Nullable Object> metadata = Trees.map(manifest.tree().get("metadata"));
        if (metadata.get("name") == null && metadata.get("generateName") != null) {
            throw manifest.mistake("metadata.generateName", "the " + manifest.kind() + " has a generated name")
                    .why("a release has to know its objects by name")
                    .hint(
                            manifest.kind().equals("Job")
                                    ? "write `name:`; Lockstep adds a hash, so that a changed Job runs again"
                                    : "write `name:`");
        }
        requireText(manifest, metadata, "name", "metadata.");
        if (metadata.get("namespace") != null) {
            requireText(manifest, metadata, "namespace", "metadata.");
        }
        String name = manifest.name();
        boolean dnsName = DNS_NAMED.contains(ResourceKey.groupOf(manifest.apiVersion()));
        if (name.length() > LONGEST_NAME
                || (dnsName ? !DNS_NAME.matcher(name).matches() : name.matches("\\.\\.?|.*[/%\\s].*"))) {
            throw manifest.mistake("metadata.name", "'" + name + "' is not a name that Kubernetes takes")
                    .hint(
                            dnsName
                                    ? "use lower-case letters, digits, dashes and dots"
                                    : "use no slash, percent sign or blank");
        }
    }

    private static void requireText(Manifest manifest, Map<String, @Nullable Object> map, String key, String parent) {
        Object value = map.get(key);
        if (value == null) {
            throw manifest.mistake(parent + key, "'" + parent + key + "' is missing")
                    .hint(NearestWord.of(key, map.keySet())
                            .map(word -> "there is '" + word + "'")
                            .orElse("every Kubernetes object has apiVersion, kind and metadata.name"));
        }
        if (!(value instanceof String text)) {
            throw notText(manifest, parent + key, value);
        }
        if (text.isBlank()) {
            throw manifest.mistake(parent + key, "'" + parent + key + "' is empty")
                    .hint("give it a value");
        }
    }

    private static void checkNode(Manifest manifest, String path, @Nullable Object node) {
        List<@Nullable Object> items = Trees.list(node);
        for (int i = 0; i < items.size(); i++) {
            checkNode(manifest, path + "[" + i + "]", items.get(i));
        }
        for (Map.Entry<String, @Nullable Object> entry : Trees.map(node).entrySet()) {
            String childPath = path.isEmpty() ? entry.getKey() : path + "." + entry.getKey();
            switch (entry.getKey()) {
                case "metadata" -> checkMetadata(manifest, childPath, entry.getValue());
                case "matchLabels", "nodeSelector" -> checkTexts(manifest, childPath, entry.getValue());
                case "containers", "initContainers", "ephemeralContainers" ->
                    checkContainers(manifest, childPath, entry.getValue());
                default -> {}
            }
            checkNode(manifest, childPath, entry.getValue());
        }
    }

    private static void checkMetadata(Manifest manifest, String path, @Nullable Object metadata) {
        for (String field : List.of("labels", "annotations")) {
            Map<String, @Nullable Object> texts = Trees.map(Trees.map(metadata).get(field));
            checkTexts(manifest, path + "." + field, texts);
            texts.forEach((key, value) -> {
                if (key.startsWith(OURS)) {
                    checkOurs(manifest, path, field, key, String.valueOf(value));
                }
            });
        }
    }

    private static void checkOurs(Manifest manifest, String path, String field, String key, String value) {
        String place = path + "." + field + "." + key;
        List<String> values = FOR_USERS.get(key);
        if (values == null || !field.equals("annotations") || !path.equals("metadata")) {
            throw manifest.mistake(place, "'" + key + "' is reserved for Lockstep")
                    .hint("for users there are the annotations "
                            + String.join(
                                    ", ", FOR_USERS.keySet().stream().sorted().toList()) + " on the object itself");
        }
        if (!values.contains(value)) {
            throw manifest.mistake(place, "'" + key + "' can't be '" + value + "'")
                    .hint("write " + String.join(" or ", values));
        }
    }

    private static void checkContainers(Manifest manifest, String path, @Nullable Object containers) {
        List<@Nullable Object> items = Trees.list(containers);
        for (int i = 0; i < items.size(); i++) {
            List<@Nullable Object> variables =
                    Trees.list(Trees.map(items.get(i)).get("env"));
            for (int j = 0; j < variables.size(); j++) {
                Object value = Trees.map(variables.get(j)).get("value");
                if (value instanceof Number || value instanceof Boolean) {
                    throw notText(manifest, path + "[" + i + "].env[" + j + "].value", value);
                }
            }
        }
    }

    private static void checkTexts(Manifest manifest, String path, @Nullable Object texts) {
        Trees.map(texts).forEach((key, value) -> {
            if (value != null && !(value instanceof String)) {
                throw notText(manifest, path + "." + key, value);
            }
        });
    }

    private static DeliveryException notText(Manifest manifest, String path, Object value) {
        DeliveryException mistake = manifest.mistake(path, "'" + path + "' must be a text");
        return value instanceof Number || value instanceof Boolean
                // Without the value: what was written (1.10, yes, 0123) is not what was read.
                ? mistake.hint("write it in quotes, just as it is to be read")
                : mistake;
    }
}
