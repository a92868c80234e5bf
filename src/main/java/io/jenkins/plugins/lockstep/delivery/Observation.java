package io.jenkins.plugins.lockstep.delivery;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.common.document.Tree;
import io.jenkins.plugins.lockstep.delivery.StatusResult.EnvironmentStatus;
import io.jenkins.plugins.lockstep.delivery.StatusResult.Pod;
import io.jenkins.plugins.lockstep.deploy.Cluster;
import io.jenkins.plugins.lockstep.deploy.DriftCheck;
import io.jenkins.plugins.lockstep.deploy.InventoryItem;
import io.jenkins.plugins.lockstep.deploy.LiveObject;
import io.jenkins.plugins.lockstep.deploy.ServedKind;
import io.jenkins.plugins.lockstep.history.Hold;
import io.jenkins.plugins.lockstep.history.HoldNotes;
import io.jenkins.plugins.lockstep.history.Holds;
import io.jenkins.plugins.lockstep.history.Release;
import io.jenkins.plugins.lockstep.history.ReleaseLog;
import io.jenkins.plugins.lockstep.manifest.RenderedObject;
import io.jenkins.plugins.lockstep.project.Environment;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Looks without touching: the ledger, and what runs. */
final class Observation {

    private final Connections connections;
    private final Clock clock;

    Observation(Connections connections, Clock clock) {
        this.connections = connections;
        this.clock = clock;
    }

    /** @param most how many releases at most, the newest; 0 for all */
    HistoryResult history(ProjectSource source, String environmentName, Target target, int most) {
        try (KnownProject project = KnownProject.open(connections.repositories(), source.atHead())) {
            Environment environment = project.environment(environmentName);
            try (Destination destination = connections.destination(target, project.app(), environment)) {
                destination.requireNamespace();
                ReleaseLog log = ReleaseLog.of(destination.ledger());
                List<Release> releases =
                        most > 0 ? log.newestFirst().limit(most).toList() : log.releases();
                int older = most > 0 ? log.size() - releases.size() : 0;
                return new HistoryResult(project.app(), environment.name(), releases, older, hold(log, destination));
            }
        }
    }

    /**
     * Reports on one environment, or on all where {@code environmentName} is null: then one that can't be looked at does not
     * hide the others.
     *
     * @throws DeliveryException where none can be looked at
     */
    StatusResult status(ProjectSource source, @Nullable String environmentName, Target target) {
        try (KnownProject project = KnownProject.open(connections.repositories(), source)) {
            List<Environment> environments = environmentName == null
                    ? List.copyOf(project.environments().values())
                    : List.of(project.environment(environmentName));
            var statuses = new ArrayList<EnvironmentStatus>();
            for (Environment environment : environments) {
                try (Destination destination = connections.destination(target, project.app(), environment)) {
                    statuses.add(status(environment, destination));
                } catch (DeliveryException e) {
                    if (e.problem() == Problem.INTERRUPTED || environments.size() == 1) {
                        throw e;
                    }
                    statuses.add(EnvironmentStatus.unknown(environment.name(), e));
                }
            }
            return new StatusResult(project.app(), List.copyOf(statuses));
        }
    }

    private EnvironmentStatus status(Environment environment, Destination destination) {
        destination.requireNamespace();
        ReleaseLog log = ReleaseLog.of(destination.ledger());
        try (var questions = new Questions()) {
            return status(environment, destination, log, questions);
        }
    }

    /** Asks at once what needs no other answer: the time that an API server takes is mostly the way there and back. */
    private EnvironmentStatus status(
            Environment environment, Destination destination, ReleaseLog log, Questions questions) {
        Cluster cluster = destination.cluster();
        Release current = log.current().orElse(null);
        Supplier<HoldNotes> notes = questions.ask(() -> destination.ledger().holdNotes());
        Supplier<List<RenderedObject>> objects = current == null
                ? List::of
                : questions.ask(() -> destination.ledger().objects(current.number()));
        Supplier<Boolean> hasPods =
                log.newestEnded().isEmpty() ? () -> false : questions.ask(() -> servesPods(cluster));
        List<InventoryItem> inventory = destination.inventory(log);
        Supplier<List<Pod>> found = hasPods.get() ? questions.ask(() -> pods(inventory, cluster, questions)) : List::of;
        DriftCheck.Reading reading = null;
        DeliveryException failure = null;
        if (current != null) {
            try {
                reading = Verification.reading(destination, environment, inventory, current, objects.get());
            } catch (DeliveryException e) {
                if (e.problem() == Problem.INTERRUPTED) {
                    throw e;
                }
                failure = e;
            }
        }
        List<Pod> pods = found.get();
        return new EnvironmentStatus(
                environment.name(),
                destination.namespace(),
                current,
                log.newest().orElse(null),
                current == null ? null : Duration.between(current.at(), clock.instant()),
                pods,
                health(current, reading, pods, cluster),
                reading == null ? (current == null ? List.of() : null) : reading.drift(),
                new Holds(log, notes.get()).shown().orElse(null),
                failure);
    }

    private static @Nullable Hold hold(ReleaseLog log, Destination destination) {
        return new Holds(log, destination.ledger().holdNotes()).shown().orElse(null);
    }

    private static Health health(
            @Nullable Release current, DriftCheck.@Nullable Reading reading, List<Pod> pods, Cluster cluster) {
        if (current == null || !cluster.runsPods()) {
            return Health.NOTHING;
        }
        return reading == null ? Health.UNKNOWN : Health.of(reading.live(), reading.lacksWorkload(), pods);
    }

    /** Lets the cluster learn what it serves before two ask for it at once. */
    private static boolean servesPods(Cluster cluster) {
        return cluster.runsPods()
                && cluster.served("apps/v1", "ReplicaSet").isPresent()
                && cluster.served("v1", "Pod").isPresent();
    }

    /** The pods that the released objects own, directly or through a ReplicaSet. */
    private static List<Pod> pods(List<InventoryItem> inventory, Cluster cluster, Questions questions) {
        Set<String> owners = new HashSet<>();
        Set<String> namespaces = new HashSet<>();
        for (InventoryItem item : inventory) {
            owners.add(item.uid());
            if (!item.key().namespace().isEmpty()) {
                namespaces.add(item.key().namespace());
            }
        }
        var pods = new ArrayList<Pod>();
        for (String namespace : namespaces) {
            var there = questions.ask(() -> list(cluster, "v1", "Pod", namespace));
            for (LiveObject replicaSet : list(cluster, "apps/v1", "ReplicaSet", namespace)) {
                if (isOwned(replicaSet, owners)) {
                    owners.add(replicaSet.uid());
                }
            }
            for (LiveObject pod : there.get()) {
                // One that is being deleted may answer for a while, but is no longer part of what runs; nor is a Job's
                // that has done its work.
                boolean runs = !pod.isBeingDeleted()
                        && !Tree.text(pod.tree(), "status", "phase").equals("Succeeded");
                if (runs && isOwned(pod, owners)) {
                    pods.add(pod(pod));
                }
            }
        }
        return List.copyOf(pods);
    }

    private static List<LiveObject> list(Cluster cluster, String apiVersion, String kind, String namespace) {
        Optional<ServedKind> served = cluster.served(apiVersion, kind);
        return served.isEmpty() ? List.of() : cluster.list(served.get(), namespace, null);
    }

    private static boolean isOwned(LiveObject object, Set<String> owners) {
        return Tree.list(object.tree(), "metadata", "ownerReferences").stream()
                .anyMatch(reference -> owners.contains(Tree.text(reference, "uid")));
    }

    private static Pod pod(LiveObject pod) {
        Object ready = Tree.find(Tree.list(pod.tree(), "status", "conditions"), "type", "Ready");
        String address = Tree.text(pod.tree(), "status", "podIP");
        return new Pod(
                pod.key().name(),
                Tree.text(pod.tree(), "status", "phase"),
                "True".equals(Tree.text(ready, "status")),
                address.isEmpty() ? null : address,
                "True".equals(Tree.text(ready, "status")) ? null : reason(pod));
    }

    /** What keeps a pod from being ready, in Kubernetes' own words: its containers know best. */
    private static @Nullable String reason(LiveObject pod) {
        for (String statuses : List.of("initContainerStatuses", "containerStatuses")) {
            for (Object status : Tree.list(pod.tree(), "status", statuses)) {
                for (String state : List.of("waiting", "terminated")) {
                    String reason = Tree.text(status, "state", state, "reason");
                    if (!reason.isEmpty() && !reason.equals("Completed")) {
                        String message = Tree.text(status, "state", state, "message");
                        return reason + (message.isEmpty() ? "" : ": " + message.strip());
                    }
                }
            }
        }
        for (Object condition : Tree.list(pod.tree(), "status", "conditions")) {
            String message = Tree.text(condition, "message");
            if ("False".equals(Tree.text(condition, "status")) && !message.isEmpty()) {
                return Tree.text(condition, "reason") + ": " + message;
            }
        }
        return null;
    }
}
