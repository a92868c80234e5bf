package io.jenkins.plugins.lockstep.deploy;

import io.jenkins.plugins.lockstep.common.document.Tree;
import io.jenkins.plugins.lockstep.manifest.ResourceKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Lists what a real API server (1.20) once had, and counts how often it is asked. A fake, so that planning is tested
 * where there is no cluster, too; it can't be written to.
 */
final class RecordedCluster implements Cluster {

    private static final Set<String> SERVED = Set.of(
            "v1/ConfigMap",
            "v1/PersistentVolumeClaim",
            "v1/Service",
            "v1/Namespace",
            "apps/v1/Deployment",
            "batch/v1/Job",
            "apiextensions.k8s.io/v1/CustomResourceDefinition",
            "apiextensions.k8s.io/v1beta1/CustomResourceDefinition");

    private final List<LiveObject> objects = new ArrayList<>();
    private final List<String> lists = new ArrayList<>();

    RecordedCluster(List<LiveObject> objects) {
        this.objects.addAll(objects);
    }

    /** Returns the kinds that were listed, in order. */
    List<String> lists() {
        return lists;
    }

    @Override
    public String location() {
        return "https://recorded";
    }

    @Override
    public String defaultNamespace() {
        return "default";
    }

    @Override
    public boolean runsPods() {
        return true;
    }

    @Override
    public Optional<ServedKind> served(String apiVersion, String kind) {
        return SERVED.contains(apiVersion + "/" + kind)
                ? Optional.of(new ServedKind(apiVersion, kind, kind.toLowerCase() + "s", !kind.startsWith("Custom")))
                : Optional.empty();
    }

    @Override
    public boolean allowed(String verb, ServedKind kind, String namespace) {
        return true;
    }

    @Override
    public boolean hasNamespace(String namespace) {
        return namespace.equals("rec-plan");
    }

    @Override
    public List<LiveObject> list(ServedKind kind, String namespace, String labelSelector) {
        lists.add(kind.kind());
        return objects.stream()
                .filter(object -> object.key().kind().equals(kind.kind())
                        && object.key().namespace().equals(namespace))
                .toList();
    }

    @Override
    public Optional<LiveObject> get(ServedKind kind, ResourceKey key) {
        return objects.stream().filter(object -> object.key().equals(key)).findFirst();
    }

    @Override
    public Applied apply(ServedKind kind, ResourceKey key, Map<String, Object> object, ApplyMode mode) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Optional<LiveObject> assignFields(ServedKind kind, LiveObject read, List<?> managedFields) {
        Map<String, Object> tree = Tree.copy(read.tree());
        Map<String, Object> metadata = Tree.map(tree, "metadata");
        metadata.put("managedFields", managedFields);
        tree.put("metadata", metadata);
        return Optional.of(new LiveObject(read.apiVersion(), read.key(), tree));
    }

    @Override
    public void delete(ServedKind kind, ResourceKey key, String uid) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Watch watch(
            ServedKind kind, String namespace, String labelSelector, String fieldSelector, Consumer<WatchEvent> sink) {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<String> logTail(String namespace, String pod, String container, boolean previous, int lines) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
}
