package io.jenkins.plugins.lockstep.delivery;

import io.jenkins.plugins.lockstep.deploy.Cluster;
import io.jenkins.plugins.lockstep.deploy.InventoryItem;
import io.jenkins.plugins.lockstep.deploy.LiveObject;
import io.jenkins.plugins.lockstep.deploy.ServedKind;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What runs, and what may start something again: the image digests and the names that each such object mentions.
 *
 * <p>A name counts wherever it stands, in a field of any meaning: to keep too much costs a few bytes.
 */
final class LiveReferences {

    private static final List<List<String>> RUNNING = List.of(
            List.of("v1", "Pod"),
            List.of("v1", "ReplicationController"),
            List.of("apps/v1", "ReplicaSet"),
            List.of("apps/v1", "Deployment"),
            List.of("apps/v1", "StatefulSet"),
            List.of("apps/v1", "DaemonSet"),
            List.of("apps/v1", "ControllerRevision"),
            List.of("batch/v1", "Job"),
            List.of("batch/v1", "CronJob"),
            List.of("batch/v1beta1", "CronJob"));

    private static final Pattern WORD = Pattern.compile("sha256:[0-9a-f]{64}|[a-z0-9][-a-z0-9.]*");

    private final Cluster cluster;

    LiveReferences(Cluster cluster) {
        this.cluster = cluster;
    }

    /**
     * Looks at everything that runs in some namespaces; each kind is listed once a namespace.
     *
     * @param namespaces where
     * @param inventory what the environment holds: kinds of its own may run something, too
     * @param names what to look for besides digests
     * @return one set for each object that mentions anything, equal ones once
     */
    Set<Set<String>> find(Set<String> namespaces, List<InventoryItem> inventory, Set<String> names) {
        var found = new LinkedHashSet<Set<String>>();
        for (ServedKind kind : kinds(inventory)) {
            for (String namespace : kind.namespaced() ? namespaces : Set.of("")) {
                for (LiveObject object : cluster.list(kind, namespace, null)) {
                    var mentioned = new HashSet<String>();
                    collect(object.tree(), names, mentioned);
                    if (!mentioned.isEmpty()) {
                        found.add(mentioned);
                    }
                }
            }
        }
        return found;
    }

    private Set<ServedKind> kinds(List<InventoryItem> inventory) {
        Stream<List<String>> own = inventory.stream()
                .filter(item -> !item.key().group().isEmpty())
                .map(item -> List.of(item.apiVersion(), item.key().kind()));
        var kinds = new LinkedHashSet<ServedKind>();
        Stream.concat(RUNNING.stream(), own)
                .distinct()
                .map(kind -> cluster.served(kind.get(0), kind.get(1)))
                .flatMap(Optional::stream)
                .forEach(kinds::add);
        return kinds;
    }

    private static void collect(@Nullable Object tree, Set<String> names, Set<String> mentioned) {
        if (tree instanceof Map<?, ?> map) {
            map.forEach((key, value) -> {
                // Field paths may have a name in them that was given up long ago.
                if (!"managedFields".equals(key)) {
                    collect(value, names, mentioned);
                }
            });
        } else if (tree instanceof List<?> list) {
            list.forEach(item -> collect(item, names, mentioned));
        } else if (tree instanceof String text) {
            Matcher word = WORD.matcher(text);
            while (word.find()) {
                if (word.group().startsWith("sha256:") || names.contains(word.group())) {
                    mentioned.add(word.group());
                }
            }
        }
    }
}
