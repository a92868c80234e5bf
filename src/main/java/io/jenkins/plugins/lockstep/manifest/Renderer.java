package io.jenkins.plugins.lockstep.manifest;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.common.Sha256;
import io.jenkins.plugins.lockstep.common.document.Json;
import io.jenkins.plugins.lockstep.common.document.Tree;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Pins manifests to one release.
 *
 * <ul>
 *   <li>Images and references to the configuration are replaced, see {@link Pinning}.
 *   <li>Objects of namespaced kinds get the namespace that they do not name themselves; others lose one.
 *   <li>What the API server alone writes is dropped: {@code status}, {@code managedFields}, {@code creationTimestamp} and
 *       their like, and kubectl's record of what it last applied.
 *   <li>A port without protocol is TCP: without it, API servers up to 1.20 refuse a server-side apply.
 *   <li>{@code spec.replicas} is taken out, see {@link RenderedObject#replicas()}.
 *   <li>A Job is named {@code NAME-HASH}, so that a changed one runs and an unchanged one does not.
 *   <li>{@code stringData} of a Secret becomes {@code data}: what is not stored can be neither compared nor taken away.
 * </ul>
 *
 * <p>The objects come in the order of their manifests. Stateless.
 */
public final class Renderer {

    private static final int HASH_DIGITS = 10;

    /** A Job's name becomes the value of a label of its pods. */
    private static final int LONGEST_JOB_NAME = 63;

    private static final List<String> SERVER_METADATA =
            List.of("managedFields", "creationTimestamp", "resourceVersion", "uid", "selfLink", "generation");

    private static final String LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

    /**
     * Renders manifests.
     *
     * @throws DeliveryException {@link Problem#BAD_INPUT} with file and line: an image that is none of the project's, a
     *     configuration key that the environment does not have, one object described twice
     */
    public List<RenderedObject> render(List<Manifest> manifests, RenderContext context) {
        Map<ResourceKey, Manifest> byKey = byKey(manifests, context);
        String logicalName = context.configuration().logicalName();
        Manifest namesake = byKey.get(new ResourceKey("", "ConfigMap", context.namespace(), logicalName));
        if (namesake != null && context.configuration().name() != null) {
            throw namesake.mistake(
                            "metadata.name", "'" + logicalName + "' is the name of the environment's configuration")
                    .why("`config:` of the project file makes that ConfigMap")
                    .hint("choose another name, or move the content to a directory of `config:`");
        }
        var rendered = new ArrayList<RenderedObject>();
        byKey.forEach((key, manifest) -> {
            var tree = Tree.copy(manifest.tree());
            clean(tree, key);
            new Pinning(manifest, key, context, namesake != null).pin(tree);
            Integer replicas = takeReplicas(manifest, tree);
            ResourceKey finalKey = isJob(key) ? nameJob(tree, key) : key;
            rendered.add(
                    new RenderedObject(manifest.apiVersion(), finalKey, tree, replicas, manifest.place(""), manifest));
        });
        return List.copyOf(rendered);
    }

    /** Returns the names of the project's images that no rendered object uses: mostly a slip of somebody's fingers. */
    public List<String> unusedImages(List<RenderedObject> rendered, RenderContext context) {
        var unused = new LinkedHashSet<>(context.images().values());
        rendered.forEach(object -> removeTexts(object.tree(), unused));
        return context.images().entrySet().stream()
                .filter(image -> unused.contains(image.getValue()))
                .map(Map.Entry::getKey)
                .toList();
    }

    private static void removeTexts(@Nullable Object node, Set<String> texts) {
        if (node instanceof String text) {
            texts.remove(text);
        }
        Trees.list(node).forEach(child -> removeTexts(child, texts));
        Trees.map(node).values().forEach(child -> removeTexts(child, texts));
    }

    private static Map<ResourceKey, Manifest> byKey(List<Manifest> manifests, RenderContext context) {
        Map<String, Boolean> definedHere = definedScopes(manifests);
        var byKey = new LinkedHashMap<ResourceKey, Manifest>();
        for (Manifest manifest : manifests) {
            String group = ResourceKey.groupOf(manifest.apiVersion());
            Boolean defined = definedHere.get(group + "/" + manifest.kind());
            boolean namespaced =
                    defined != null ? defined : context.scopes().isNamespaced(manifest.apiVersion(), manifest.kind());
            String wanted = manifest.namespace().isEmpty() ? context.namespace() : manifest.namespace();
            var key = new ResourceKey(group, manifest.kind(), namespaced ? wanted : "", manifest.name());
            Manifest other = byKey.put(key, manifest);
            if (other != null) {
                throw manifest.mistake("", key + " is described twice")
                        .why("it is also described at " + other.place(""))
                        .hint("remove one of them");
            }
        }
        return byKey;
    }

    /** Returns, by {@code GROUP/KIND}, whether the kinds defined among the manifests are namespaced. */
    private static Map<String, Boolean> definedScopes(List<Manifest> manifests) {
        var scopes = new HashMap<String, Boolean>();
        for (Manifest manifest : manifests) {
            if (manifest.kind().equals("CustomResourceDefinition")) {
                var spec = Trees.map(manifest.tree().get("spec"));
                var names = Trees.map(spec.get("names"));
                scopes.put(spec.get("group") + "/" + names.get("kind"), !"Cluster".equals(spec.get("scope")));
            }
        }
        return scopes;
    }

    private static void clean(Map<String, @Nullable Object> tree, ResourceKey key) {
        tree.remove("status");
        var metadata = Trees.map(tree.get("metadata"));
        SERVER_METADATA.forEach(metadata::remove);
        if (key.namespace().isEmpty()) {
            metadata.remove("namespace");
        } else {
            metadata.put("namespace", key.namespace());
        }
        if (metadata.get("annotations") instanceof Map<?, ?> annotations) {
            annotations.remove(LAST_APPLIED);
            if (annotations.isEmpty()) {
                metadata.remove("annotations");
            }
        }
        cleanBelow(tree);
        if (key.group().isEmpty() && key.kind().equals("Service")) {
            Trees.list(Trees.map(tree.get("spec")).get("ports")).forEach(Renderer::completePort);
        }
        if (key.group().isEmpty() && key.kind().equals("Secret")) {
            encode(tree);
        }
    }

    private static void cleanBelow(@Nullable Object node) {
        Trees.list(node).forEach(Renderer::cleanBelow);
        Trees.map(node).forEach((name, child) -> {
            // Generators write `creationTimestamp: null` into templates.
            if (name.equals("metadata")
                    && child instanceof Map<?, ?> metadata
                    && metadata.get("creationTimestamp") == null) {
                metadata.remove("creationTimestamp");
            }
            if (Pinning.CONTAINERS.contains(name)) {
                Trees.list(child)
                        .forEach(container ->
                                Trees.list(Trees.map(container).get("ports")).forEach(Renderer::completePort));
            }
            cleanBelow(child);
        });
    }

    private static void completePort(@Nullable Object port) {
        if (port instanceof Map<?, ?> && Trees.map(port).get("protocol") == null) {
            Trees.map(port).put("protocol", "TCP");
        }
    }

    private static void encode(Map<String, @Nullable Object> secret) {
        var texts = Trees.map(secret.remove("stringData"));
        if (texts.isEmpty()) {
            return;
        }
        var data = Tree.copy(Trees.map(secret.get("data")));
        texts.forEach((key, value) -> {
            byte[] bytes = (value == null ? "" : value.toString()).getBytes(StandardCharsets.UTF_8);
            data.put(key, Base64.getEncoder().encodeToString(bytes));
        });
        secret.put("data", data);
    }

    /** Takes the count out of anything that scales by selecting the pods of its template. */
    private static @Nullable Integer takeReplicas(Manifest manifest, Map<String, @Nullable Object> tree) {
        var spec = Trees.map(tree.get("spec"));
        if (!spec.containsKey("replicas") || !(spec.containsKey("selector") || spec.containsKey("template"))) {
            return null;
        }
        Object replicas = spec.remove("replicas");
        if (replicas == null) {
            return null;
        }
        if (!(replicas instanceof Integer count) || count < 0) {
            throw manifest.mistake("spec.replicas", "'spec.replicas' must be a whole number, 0 or more")
                    .hint("write a number without quotes, or leave the line out");
        }
        return count;
    }

    private static boolean isJob(ResourceKey key) {
        return key.group().equals("batch") && key.kind().equals("Job");
    }

    private static ResourceKey nameJob(Map<String, @Nullable Object> tree, ResourceKey key) {
        var spec = Tree.copy(Trees.map(tree.get("spec")));
        spec.remove("ttlSecondsAfterFinished"); // how long a finished Job stays is no reason to run it again
        String hash = Sha256.hex(Json.canonical(Map.of("name", key.name(), "spec", spec)))
                .substring(0, HASH_DIGITS);
        int room = LONGEST_JOB_NAME - HASH_DIGITS - 1;
        String start = key.name().length() <= room ? key.name() : key.name().substring(0, room);
        String name = start.replaceFirst("[-.]+$", "") + "-" + hash;
        Trees.map(tree.get("metadata")).put("name", name);
        return new ResourceKey(key.group(), key.kind(), key.namespace(), name);
    }
}
