package io.jenkins.plugins.lockstep.directory;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.common.document.Tree;
import io.jenkins.plugins.lockstep.deploy.Cluster;
import io.jenkins.plugins.lockstep.deploy.LiveObject;
import io.jenkins.plugins.lockstep.deploy.ServedKind;
import io.jenkins.plugins.lockstep.directory.ObjectFiles.Stored;
import io.jenkins.plugins.lockstep.manifest.ResourceKey;
import io.jenkins.plugins.lockstep.manifest.Scopes;
import java.nio.file.Path;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A directory that stands in for a cluster: it keeps what is applied and runs nothing.
 *
 * <p>It serves every kind and has every namespace. Applying merges by field manager as an API server does, except that
 * a list is one field. A file that was changed by hand is what is live: a plan shows the difference.
 *
 * <p>Any number of processes may work on one directory.
 */
public final class DirectoryCluster implements Cluster {

    private static final String CRD_GROUP = "apiextensions.k8s.io";
    private static final String CRD_KIND = "CustomResourceDefinition";

    private final Path directory;
    private final Clock clock;
    private final ObjectFiles files;
    private final DirectoryLock lock;

    /**
     * @param directory made with the first object
     * @param clock for {@code creationTimestamp}
     */
    public DirectoryCluster(Path directory, Clock clock) {
        this.directory = directory;
        this.clock = clock;
        this.files = new ObjectFiles(directory);
        this.lock = new DirectoryLock(directory.resolve(".lockstep"), "objects.lock");
    }

    @Override
    public String location() {
        return "directory " + directory;
    }

    @Override
    public String defaultNamespace() {
        return "default";
    }

    @Override
    public boolean runsPods() {
        return false;
    }

    /** Knows Kubernetes' own kinds and those of the definitions in the directory; any other is taken for namespaced. */
    @Override
    public Optional<ServedKind> served(String apiVersion, String kind) {
        String group = ResourceKey.groupOf(apiVersion);
        for (var definition : files.list(CRD_GROUP, CRD_KIND, "", false)) {
            Map<String, @Nullable Object> tree = definition.getValue().tree();
            if (Tree.text(tree, "spec", "group").equals(group)
                    && Tree.text(tree, "spec", "names", "kind").equals(kind)) {
                String plural = Tree.text(tree, "spec", "names", "plural");
                boolean namespaced = !Tree.text(tree, "spec", "scope").equals("Cluster");
                return Optional.of(new ServedKind(apiVersion, kind, plural, namespaced));
            }
        }
        return Optional.of(
                new ServedKind(apiVersion, kind, plural(kind), Scopes.BUILT_IN.isNamespaced(apiVersion, kind)));
    }

    /** Follows the rule that Kubernetes itself guesses plurals by. */
    private static String plural(String kind) {
        String word = kind.toLowerCase(Locale.ROOT);
        if (word.endsWith("endpoints")) {
            return word;
        }
        if (word.endsWith("s") || word.endsWith("x") || word.endsWith("ch") || word.endsWith("sh")) {
            return word + "es";
        }
        return word.matches(".*[^aeiou]y") ? word.substring(0, word.length() - 1) + "ies" : word + "s";
    }

    /** Whoever may write to the directory may do everything. */
    @Override
    public boolean allowed(String verb, ServedKind kind, String namespace) {
        return true;
    }

    @Override
    public boolean hasNamespace(String namespace) {
        return true;
    }

    @Override
    public List<LiveObject> list(ServedKind kind, String namespace, @Nullable String labelSelector) {
        Predicate<Map<?, ?>> selector = LabelSelector.parse(labelSelector);
        return files.list(ResourceKey.groupOf(kind.apiVersion()), kind.kind(), namespace, kind.namespaced()).stream()
                .filter(entry -> selector.test(Tree.map(entry.getValue().tree(), "metadata", "labels")))
                .map(entry -> live(entry.getKey(), entry.getValue()))
                .toList();
    }

    @Override
    public Optional<LiveObject> get(ServedKind kind, ResourceKey key) {
        return files.read(key).map(stored -> live(key, stored));
    }

    @Override
    public Applied apply(ServedKind kind, ResourceKey key, Map<String, @Nullable Object> object, ApplyMode mode) {
        if (kind.namespaced() == key.namespace().isEmpty()) {
            throw DeliveryException.of(Problem.CLUSTER_REJECTED, "can't apply " + key)
                    .where(location())
                    .why(kind.kind() + (kind.namespaced() ? " needs a namespace" : " lives in no namespace"));
        }
        if (mode.dryRun()) {
            return new Applied(live(key, applied(kind, key, object, mode)), List.of());
        }
        try (var held = lock.take()) {
            Objects.requireNonNull(held);
            Optional<Stored> before = files.read(key);
            Stored after = applied(kind, key, object, mode);
            if (!before.equals(Optional.of(after))) {
                files.write(key, after);
            }
            return new Applied(live(key, after), List.of());
        }
    }

    /** Merges an apply set into what is there, as the object would be then. */
    private Stored applied(ServedKind kind, ResourceKey key, Map<String, @Nullable Object> object, ApplyMode mode) {
        Stored before = files.read(key)
                .orElseGet(() -> new Stored(
                        identity(kind, key),
                        UUID.randomUUID().toString(),
                        0,
                        clock.instant().truncatedTo(ChronoUnit.SECONDS).toString(),
                        Map.of()));
        Map<List<String>, @Nullable Object> wanted = FieldSet.of(object);
        Map<String, Map<String, @Nullable Object>> sets = withoutConflicts(key, before.sets(), wanted, mode);
        Map<String, @Nullable Object> tree = Tree.map(before.tree());
        tree.put("apiVersion", kind.apiVersion());
        Set<List<String>> ofOthers = new LinkedHashSet<>();
        sets.forEach((manager, set) -> {
            if (!manager.equals(mode.manager())) {
                ofOthers.addAll(FieldSet.of(set).keySet());
            }
        });
        FieldSet.of(sets.getOrDefault(mode.manager(), Map.of())).keySet().stream()
                .filter(path -> !wanted.containsKey(path))
                .filter(path -> ofOthers.stream().noneMatch(other -> FieldSet.overlap(path, other)))
                .forEach(path -> FieldSet.remove(tree, path));
        wanted.forEach((path, value) -> FieldSet.put(tree, path, value));
        sets.put(mode.manager(), object);
        boolean sameContent = content(tree).equals(content(before.tree()));
        return new Stored(
                tree,
                before.uid(),
                sameContent && before.generation() > 0 ? before.generation() : before.generation() + 1,
                before.created(),
                sets);
    }

    private static Map<String, @Nullable Object> identity(ServedKind kind, ResourceKey key) {
        var metadata = new LinkedHashMap<String, @Nullable Object>();
        metadata.put("name", key.name());
        if (kind.namespaced()) {
            metadata.put("namespace", key.namespace());
        }
        var tree = new LinkedHashMap<String, @Nullable Object>();
        tree.put("apiVersion", kind.apiVersion());
        tree.put("kind", kind.kind());
        tree.put("metadata", metadata);
        return tree;
    }

    private static Map<String, @Nullable Object> content(Map<String, @Nullable Object> tree) {
        Map<String, @Nullable Object> content = Tree.map(tree);
        content.remove("metadata");
        return content;
    }

    /**
     * Returns the sets of all managers, without what {@code wanted} takes from others.
     *
     * @throws DeliveryException {@link Problem#FIELD_CONFLICT} where another manager applied another value and nothing
     *     is to be taken
     */
    private Map<String, Map<String, @Nullable Object>> withoutConflicts(
            ResourceKey key,
            Map<String, Map<String, @Nullable Object>> before,
            Map<List<String>, @Nullable Object> wanted,
            ApplyMode mode) {
        var sets = new LinkedHashMap<String, Map<String, @Nullable Object>>();
        var conflicts = new ArrayList<String>();
        before.forEach((manager, set) -> {
            Map<String, @Nullable Object> left = Tree.map(set);
            if (!manager.equals(mode.manager())) {
                FieldSet.of(set).forEach((path, value) -> {
                    boolean taken = wanted.entrySet().stream()
                            .anyMatch(field -> FieldSet.overlap(field.getKey(), path)
                                    && !(field.getKey().equals(path) && Objects.equals(field.getValue(), value)));
                    if (taken) {
                        conflicts.add("." + String.join(".", path) + " belongs to '" + manager + "'");
                        FieldSet.remove(left, path);
                    }
                });
            }
            sets.put(manager, left);
        });
        if (!conflicts.isEmpty() && !mode.force()) {
            throw DeliveryException.of(
                            Problem.FIELD_CONFLICT,
                            "can't apply " + key + " without taking fields that belong to others")
                    .where(location())
                    .why(String.join("; ", conflicts))
                    .hint("leave these fields out of the manifest, or take them with --take-ownership");
        }
        return sets;
    }

    /** Adds what a server would know: it is in no file that people read. */
    private static LiveObject live(ResourceKey key, Stored stored) {
        Map<String, @Nullable Object> tree = Tree.map(stored.tree());
        Map<String, @Nullable Object> metadata = Tree.map(tree, "metadata");
        metadata.put("uid", stored.uid());
        metadata.put("resourceVersion", stored.resourceVersion());
        metadata.put("generation", stored.generation());
        if (!stored.created().isEmpty()) {
            metadata.put("creationTimestamp", stored.created());
        }
        var managers = new ArrayList<@Nullable Object>();
        String apiVersion = String.valueOf(tree.get("apiVersion"));
        stored.sets().forEach((manager, set) -> {
            var entry = new LinkedHashMap<String, @Nullable Object>();
            entry.put("manager", manager);
            entry.put("operation", "Apply");
            entry.put("apiVersion", apiVersion);
            entry.put("fieldsType", "FieldsV1");
            entry.put("fieldsV1", FieldSet.fieldsV1(set));
            managers.add(entry);
        });
        metadata.put("managedFields", managers);
        tree.put("metadata", metadata);
        return new LiveObject(apiVersion, key, tree);
    }

    @Override
    public void delete(ServedKind kind, ResourceKey key, String uid) {
        try (var held = lock.take()) {
            Objects.requireNonNull(held);
            if (files.read(key).filter(stored -> stored.uid().equals(uid)).isPresent()) {
                files.delete(key);
            }
        }
    }

    /** Gives what is there and then nothing more, before it returns: nothing happens here by itself. */
    @Override
    public Watch watch(
            ServedKind kind,
            String namespace,
            @Nullable String labelSelector,
            @Nullable String fieldSelector,
            Consumer<WatchEvent> sink) {
        String only = fieldSelector != null && fieldSelector.startsWith("metadata.name=")
                ? fieldSelector.substring("metadata.name=".length())
                : null;
        for (LiveObject object : list(kind, namespace, labelSelector)) {
            if (only == null || object.key().name().equals(only)) {
                sink.accept(new WatchEvent(WatchEvent.Type.PRESENT, object, null));
            }
        }
        sink.accept(new WatchEvent(WatchEvent.Type.SYNCED, null, null));
        return () -> {};
    }

    @Override
    public List<String> logTail(String namespace, String pod, String container, boolean previous, int lines) {
        return List.of();
    }

    @Override
    public void close() {}
}
