package io.jenkins.plugins.lockstep.manifest;

import io.jenkins.plugins.lockstep.common.document.NearestWord;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Puts a release's image references and its ConfigMap's name into one object.
 *
 * <p>Wherever a pod may be described, in custom resources too: {@code image: lockstep} and {@code image: lockstep/NAME},
 * and in containers also the repository that the project file names, whatever its tag. Every reference to the
 * ConfigMap {@code APP-config} is replaced, and the keys that it asks for must be there.
 */
final class Pinning {

    static final Set<String> CONTAINERS = Set.of("containers", "initContainers", "ephemeralContainers");

    private static final String PLACEHOLDER = "lockstep";
    private static final Set<String> CONFIG_REFERENCES = Set.of("configMapKeyRef", "configMapRef", "configMap");

    /** Kinds that hold data, or schemas, where the same words mean nothing. */
    private static final Set<String> UNTOUCHED = Set.of("ConfigMap", "Secret", "CustomResourceDefinition");

    private static final int MOST_KEYS_TOLD = 20;

    private final Manifest manifest;
    private final ResourceKey key;
    private final RenderContext context;
    private final boolean configIsManifest;

    /**
     * @param manifest the author's object, which errors name
     * @param key the object's key
     * @param context the release
     * @param configIsManifest whether the manifests bring a ConfigMap of the logical name themselves
     */
    Pinning(Manifest manifest, ResourceKey key, RenderContext context, boolean configIsManifest) {
        this.manifest = manifest;
        this.key = key;
        this.context = context;
        this.configIsManifest = configIsManifest;
    }

    /** Changes the tree, a copy of the manifest's with the same paths. */
    void pin(Map<String, @Nullable Object> tree) {
        if (!UNTOUCHED.contains(key.kind())) {
            tree.forEach((name, child) -> {
                if (!name.equals("metadata")) {
                    visit(name, name, child);
                }
            });
        }
    }

    /** Visits the value of the key {@code name}, or an item of the list under that key. */
    private void visit(String name, String path, @Nullable Object node) {
        List<@Nullable Object> items = Trees.list(node);
        for (int i = 0; i < items.size(); i++) {
            String itemPath = path + "[" + i + "]";
            if (CONTAINERS.contains(name)) {
                pinRepository(Trees.map(items.get(i)));
            }
            visit(name, itemPath, items.get(i));
        }
        Map<String, @Nullable Object> map = Trees.map(node);
        if (isConfig(map.get("name")) && (CONFIG_REFERENCES.contains(name) || "ConfigMap".equals(map.get("kind")))) {
            pinConfig(path, "name", map);
        }
        if (isConfig(map.get("configMapName"))) {
            pinConfig(path, "configMapName", map);
        }
        if (map.get("image") instanceof String image) {
            pinPlaceholder(path, map, image);
        }
        map.forEach((childName, child) -> visit(childName, path + "." + childName, child));
    }

    private void pinPlaceholder(String path, Map<String, @Nullable Object> container, String image) {
        if (image.startsWith(PLACEHOLDER + ":") || image.startsWith(PLACEHOLDER + "@")) {
            throw manifest.mistake(path + ".image", "the image '" + image + "' has a tag or a digest")
                    .hint("write `image: lockstep`: the release says which one it is");
        }
        if (image.equals(PLACEHOLDER)) {
            if (context.images().size() != 1) {
                throw manifest.mistake(
                                path + ".image",
                                "'lockstep' may be any of the images "
                                        + String.join(", ", context.images().keySet()))
                        .hint("write `image: lockstep/"
                                + context.images().keySet().stream().findFirst().orElse("NAME") + "`");
            }
            container.put("image", context.images().values().iterator().next());
        } else if (image.startsWith(PLACEHOLDER + "/")) {
            String name = image.substring(PLACEHOLDER.length() + 1);
            String pinned = context.images().get(name);
            if (pinned == null) {
                throw manifest.mistake(path + ".image", "the project has no image '" + name + "'")
                        .hint(NearestWord.hint(name, context.images().keySet()));
            }
            container.put("image", pinned);
        }
    }

    private void pinRepository(Map<String, @Nullable Object> container) {
        if (!(container.get("image") instanceof String image)) {
            return;
        }
        String written = onDockerHub(image);
        context.repositories().forEach((repository, pinned) -> {
            String ours = onDockerHub(repository);
            boolean same = written.equals(ours)
                    || written.startsWith(ours + "@")
                    || (written.startsWith(ours + ":") && written.indexOf('/', ours.length()) < 0);
            if (same) {
                container.put("image", pinned);
            }
        });
    }

    /** Takes away what Docker Hub's images may be written with and without. */
    private static String onDockerHub(String image) {
        return image.replaceFirst("^(?:index\\.)?docker\\.io/", "").replaceFirst("^library/", "");
    }

    private boolean isConfig(@Nullable Object name) {
        return context.configuration().logicalName().equals(name);
    }

    private void pinConfig(String path, String field, Map<String, @Nullable Object> reference) {
        if (configIsManifest) {
            return;
        }
        RenderContext.ReleasedConfig config = context.configuration();
        boolean optional = Boolean.TRUE.equals(reference.get("optional"));
        if (config.name() == null) {
            if (optional) {
                return;
            }
            throw manifest.mistake(
                            path + "." + field, "the environment '" + context.environment() + "' has no configuration")
                    .why(key + " refers to the ConfigMap '" + config.logicalName() + "'")
                    .hint("give the environment a `config:` directory, or write `optional: true` here");
        }
        if (!key.namespace().isEmpty() && !key.namespace().equals(context.namespace())) {
            throw manifest.mistake(path + "." + field, key + " is in the namespace '" + key.namespace() + "'")
                    .why("the ConfigMap '" + config.logicalName() + "' is in '" + context.namespace() + "'")
                    .hint("leave the namespace of " + key + " out");
        }
        if (!optional) {
            requireKey(path, reference);
            List<@Nullable Object> items = Trees.list(reference.get("items"));
            for (int i = 0; i < items.size(); i++) {
                requireKey(path + ".items[" + i + "]", Trees.map(items.get(i)));
            }
        }
        reference.put(field, config.name());
    }

    private void requireKey(String path, Map<String, @Nullable Object> reference) {
        Set<String> keys = context.configuration().keys();
        if (reference.get("key") instanceof String wanted && !keys.contains(wanted)) {
            String told = keys.stream().limit(MOST_KEYS_TOLD).collect(Collectors.joining(", "))
                    + (keys.size() > MOST_KEYS_TOLD ? " and " + (keys.size() - MOST_KEYS_TOLD) + " more" : "");
            throw manifest.mistake(
                            path + ".key",
                            "the configuration of '" + context.environment() + "' has no key '" + wanted + "'")
                    .why("its keys are " + told)
                    .hint(NearestWord.of(wanted, keys)
                            .map(word -> "did you mean '" + word + "'?")
                            .orElse("add it to a directory of the environment's `config:`, or write `optional: true`"));
        }
    }
}
