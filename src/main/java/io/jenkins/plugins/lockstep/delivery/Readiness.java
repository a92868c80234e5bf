package io.jenkins.plugins.lockstep.delivery;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.common.Progress;
import io.jenkins.plugins.lockstep.common.document.Tree;
import io.jenkins.plugins.lockstep.delivery.ReadinessResult.Target;
import io.jenkins.plugins.lockstep.deploy.Cluster;
import io.jenkins.plugins.lockstep.deploy.InventoryItem;
import io.jenkins.plugins.lockstep.deploy.Planner;
import io.jenkins.plugins.lockstep.deploy.ServedKind;
import io.jenkins.plugins.lockstep.history.Release;
import io.jenkins.plugins.lockstep.image.ImageReference;
import io.jenkins.plugins.lockstep.manifest.ContentName;
import io.jenkins.plugins.lockstep.manifest.RenderedObject;
import io.jenkins.plugins.lockstep.manifest.ResourceKey;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Says of earlier releases whether a rollback to them would find all that it needs. Only reads, and asks each question
 * once, however many releases want the answer.
 *
 * <p>Used once, by one thread.
 */
final class Readiness {

    private static final Set<String> WITH_PODS =
            Set.of("Pod", "Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Job", "CronJob");
    private static final Set<String> NEVER_PRUNED =
            Set.of("PersistentVolume", "PersistentVolumeClaim", "Namespace", "CustomResourceDefinition", "Job");
    private static final List<String> WRITES = List.of("create", "patch");

    private final RecordedObjects recorded;
    private final Destination destination;
    private final String ownConfigMaps;
    private final List<InventoryItem> there;
    private final Set<ImageReference> missingImages;
    private final Map<String, Boolean> answers = new HashMap<>();

    /**
     * @param there what the environment holds: what a target lacks of it would be deleted
     * @param missingImages the recorded images, without tags, that are gone
     */
    Readiness(
            RecordedObjects recorded,
            String app,
            Destination destination,
            List<InventoryItem> there,
            Set<ImageReference> missingImages) {
        this.recorded = recorded;
        this.destination = destination;
        this.ownConfigMaps = ContentName.logical(app) + "-";
        this.there = there;
        this.missingImages = missingImages;
    }

    /** Returns the digests of releases as references without tags, each once. */
    static Set<ImageReference> images(Collection<Release> releases) {
        return releases.stream()
                .flatMap(release -> release.images().stream())
                .map(image -> image.reference().withTag(null))
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    Target of(Release release) {
        var reasons = new ArrayList<String>();
        for (ImageReference image : images(List.of(release))) {
            if (missingImages.contains(image)) {
                reasons.add("the image is gone: " + image);
            }
        }
        try {
            List<RenderedObject> objects = new Planner(cluster()).asServed(recorded.of(release, Progress.NONE));
            reasons.addAll(limits(objects));
            // Where nothing may be written, nothing is asked either: the answers may be none of the asker's business.
            List<RenderedObject> within = new Planner(cluster()).withinLimits(objects);
            reasons.addAll(namespaces(within));
            reasons.addAll(kinds(objects));
            reasons.addAll(rights(within));
            reasons.addAll(configuration(within));
        } catch (DeliveryException e) {
            if (e.problem() != Problem.BAD_INPUT) {
                throw e;
            }
            reasons.add(e.what() + (e.why() == null ? "" : ": " + e.why()));
        }
        boolean again = release.collected() && reasons.isEmpty();
        return new Target(
                release,
                List.copyOf(reasons),
                again
                        ? List.of("its payload is no longer kept: it will be rendered again from the repository")
                        : List.of());
    }

    private List<String> limits(List<RenderedObject> objects) {
        return new Planner(cluster())
                .beyondLimits(objects).stream()
                        .map(refused -> cluster().limits().place() + " is not configured to take " + refused.inWords())
                        .toList();
    }

    private List<String> namespaces(List<RenderedObject> objects) {
        return objects.stream()
                .map(object -> object.key().namespace())
                .filter(namespace -> !namespace.isEmpty())
                .distinct()
                .filter(namespace ->
                        !answer("namespace " + namespace, () -> cluster().hasNamespace(namespace)))
                .map(namespace -> "the namespace " + namespace + " is missing, or being deleted")
                .toList();
    }

    private List<String> kinds(List<RenderedObject> objects) {
        Set<String> defined = defined(objects);
        return objects.stream()
                .filter(object ->
                        !defined.contains(kindOf(object)) && served(object).isEmpty())
                .map(object -> object.key().kind() + " of " + object.apiVersion() + " is no longer served")
                .distinct()
                .toList();
    }

    /** The kinds that the release itself defines: they come with it. */
    private static Set<String> defined(List<RenderedObject> objects) {
        return objects.stream()
                .filter(object -> object.key().kind().equals("CustomResourceDefinition"))
                .flatMap(object -> Tree.list(object.tree(), "spec", "versions").stream()
                        .map(version -> Tree.text(object.tree(), "spec", "group") + "/" + Tree.text(version, "name")
                                + " " + Tree.text(object.tree(), "spec", "names", "kind")))
                .collect(Collectors.toSet());
    }

    private static String kindOf(RenderedObject object) {
        return object.apiVersion() + " " + object.key().kind();
    }

    private Optional<ServedKind> served(RenderedObject object) {
        return served(object.apiVersion(), object.key().kind());
    }

    private Optional<ServedKind> served(String apiVersion, String kind) {
        // Clusters remember what they serve, but not what they don't.
        return answer(
                        "kind " + apiVersion + " " + kind,
                        () -> cluster().served(apiVersion, kind).isPresent())
                ? cluster().served(apiVersion, kind)
                : Optional.empty();
    }

    private List<String> rights(List<RenderedObject> objects) {
        var lacking = new LinkedHashSet<String>();
        for (RenderedObject object : objects) {
            served(object)
                    .ifPresent(kind -> WRITES.forEach(
                            verb -> demand(verb, kind, object.key().namespace(), lacking)));
        }
        Set<ResourceKey> wanted = objects.stream().map(RenderedObject::key).collect(Collectors.toSet());
        for (InventoryItem item : there) {
            if (item.created()
                    && !wanted.contains(item.key())
                    && mayBePruned(item.key())
                    && cluster().limits().allow(item.key())) {
                served(item.apiVersion(), item.key().kind())
                        .ifPresent(kind -> demand("delete", kind, item.key().namespace(), lacking));
            }
        }
        // The ledger's entry, and the lock.
        for (String verb : List.of("create", "update")) {
            served("v1", "ConfigMap").ifPresent(kind -> demand(verb, kind, destination.namespace(), lacking));
            served("coordination.k8s.io/v1", "Lease")
                    .ifPresent(kind -> demand(verb, kind, destination.namespace(), lacking));
        }
        return List.copyOf(lacking);
    }

    /** Data and what has run are never pruned by a rollback, and the application's own ConfigMaps by no release. */
    private boolean mayBePruned(ResourceKey key) {
        return !NEVER_PRUNED.contains(key.kind())
                && !(key.kind().equals("ConfigMap") && key.name().startsWith(ownConfigMaps));
    }

    private void demand(String verb, ServedKind kind, String namespace, Set<String> lacking) {
        String group = ResourceKey.groupOf(kind.apiVersion());
        String resource = group.isEmpty() ? kind.plural() : kind.plural() + "." + group;
        String place = namespace.isEmpty() ? "" : " in namespace " + namespace;
        if (!answer("right " + verb + " " + resource + place, () -> cluster().allowed(verb, kind, namespace))) {
            lacking.add("you may not " + verb + " " + resource + place);
        }
    }

    /** What pods take from ConfigMaps and Secrets that the release does not bring along. */
    private List<String> configuration(List<RenderedObject> objects) {
        Set<ResourceKey> brought = objects.stream().map(RenderedObject::key).collect(Collectors.toSet());
        var needed = new LinkedHashSet<ResourceKey>();
        for (RenderedObject object : objects) {
            if (WITH_PODS.contains(object.key().kind())) {
                collect(object.tree(), object.key().namespace(), needed);
            }
        }
        return needed.stream()
                .filter(key -> !brought.contains(key) && !isThere(key))
                .map(key -> key + " is missing, and its pods need it")
                .toList();
    }

    private static void collect(@Nullable Object tree, String namespace, Set<ResourceKey> needed) {
        if (tree instanceof List<?> list) {
            list.forEach(item -> collect(item, namespace, needed));
        } else if (tree instanceof Map<?, ?> map) {
            map.forEach((key, value) -> {
                switch (String.valueOf(key)) {
                    case "configMap", "configMapRef", "configMapKeyRef" ->
                        add("ConfigMap", value, "name", namespace, needed);
                    case "secretRef", "secretKeyRef" -> add("Secret", value, "name", namespace, needed);
                    case "secret" -> {
                        // A volume of its own says secretName, a projected one name.
                        add("Secret", value, "secretName", namespace, needed);
                        add("Secret", value, "name", namespace, needed);
                    }
                    default -> collect(value, namespace, needed);
                }
            });
        }
    }

    private static void add(
            String kind, @Nullable Object reference, String field, String namespace, Set<ResourceKey> needed) {
        String name = Tree.text(reference, field);
        if (!name.isEmpty() && !Tree.isTrue(reference, "optional")) {
            needed.add(new ResourceKey("", kind, namespace, name));
        }
    }

    /** What nobody may look at is taken to be there. */
    private boolean isThere(ResourceKey key) {
        ServedKind kind = served("v1", key.kind()).orElse(null);
        if (kind == null
                || !answer("right get " + kind.plural() + key.namespace(), () -> cluster()
                        .allowed("get", kind, key.namespace()))) {
            return true;
        }
        return answer(
                "object " + key + key.namespace(),
                () -> cluster().get(kind, key).isPresent());
    }

    private boolean answer(String question, Question asked) {
        return Objects.requireNonNull(answers.computeIfAbsent(question, unseen -> asked.answer()));
    }

    private Cluster cluster() {
        return destination.cluster();
    }

    private interface Question {
        boolean answer();
    }
}
