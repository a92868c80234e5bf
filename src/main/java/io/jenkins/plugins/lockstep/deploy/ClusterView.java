package io.jenkins.plugins.lockstep.deploy;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.document.Tree;
import io.jenkins.plugins.lockstep.deploy.Cluster.WatchEvent;
import io.jenkins.plugins.lockstep.deploy.Snapshot.SeenClaim;
import io.jenkins.plugins.lockstep.deploy.Snapshot.SeenEvent;
import io.jenkins.plugins.lockstep.manifest.ResourceKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Keeps up with a cluster by watching it, one watch for each kind and namespace, and remembers when it saw what.
 *
 * <p>Thread-safe: watches write, the rollout reads.
 */
final class ClusterView implements AutoCloseable {

    /** Events that are no warnings, but tell whether something goes on. */
    private static final Set<String> NEWS = Set.of(
            "NotTriggerScaleUp",
            "TriggeredScaleUp",
            "Provisioning",
            "ProvisioningSucceeded",
            "ExternalProvisioning",
            "WaitForFirstConsumer",
            "FailedBinding",
            "SuccessfulAttachVolume",
            "Pulling",
            "Pulled",
            "Created",
            "Killing");

    private final Cluster cluster;
    private final Set<ResourceKey> wanted;
    private final Supplier<Duration> clock;

    private final Map<String, Cluster.Watch> watches = new LinkedHashMap<>();
    private final Map<ServedKind, DeliveryException> failures = new LinkedHashMap<>();
    private final List<String> syncing = new ArrayList<>();
    private final Map<ResourceKey, LiveObject> objects = new HashMap<>();
    private final Map<String, LiveObject> replicaSets = new LinkedHashMap<>();
    private final Map<String, LiveObject> pods = new LinkedHashMap<>();
    private final Map<String, SeenEvent> events = new LinkedHashMap<>();
    private final Map<String, ContainerHistory> containers = new HashMap<>();
    private final Map<String, PodHistory> podHistories = new HashMap<>();
    private final Map<ResourceKey, SeenClaim> claims = new HashMap<>();
    private final Map<String, Duration> lastTerminating = new HashMap<>();
    private final Map<String, LiveObject> nodes = new HashMap<>();
    private boolean begun;
    private boolean closed;
    private long number;

    /**
     * Makes a view that sees nothing yet.
     *
     * @param wanted the objects of the plan; of other kinds than pods, replica sets and events, no others are kept
     * @param clock only goes forward
     */
    ClusterView(Cluster cluster, Set<ResourceKey> wanted, Supplier<Duration> clock) {
        this.cluster = cluster;
        this.wanted = wanted;
        this.clock = clock;
    }

    /** Starts to watch a kind, if it is not watched yet. */
    void watch(ServedKind kind, String namespace, @Nullable String fieldSelector) {
        String watch = kind.kind() + "." + ResourceKey.groupOf(kind.apiVersion()) + "/" + namespace;
        synchronized (this) {
            if (closed || watches.containsKey(watch)) {
                return;
            }
            syncing.add(watch);
            watches.put(watch, () -> {});
        }
        Cluster.Watch started =
                cluster.watch(kind, namespace, null, fieldSelector, event -> accept(watch, kind, event));
        synchronized (this) {
            if (!closed) {
                watches.put(watch, started);
                return;
            }
        }
        started.close();
    }

    /**
     * Waits until every watch has told what is there, and takes all pods that come later for new ones.
     *
     * @return false where that took longer than {@code longest}
     */
    synchronized boolean begin(Duration longest) throws InterruptedException {
        long until = System.nanoTime() + longest.toNanos();
        while (!syncing.isEmpty()) {
            long left = TimeUnit.NANOSECONDS.toMillis(until - System.nanoTime());
            if (left <= 0) {
                return false;
            }
            wait(left);
        }
        begun = true;
        return true;
    }

    /** Returns the failures so far, by what was watched. */
    synchronized Map<ServedKind, DeliveryException> failures() {
        return new LinkedHashMap<>(failures);
    }

    /** Waits until there is something newer than a snapshot, or for {@code longest}. */
    synchronized void await(Snapshot seen, Duration longest) throws InterruptedException {
        long until = System.nanoTime() + longest.toNanos();
        while (number == seen.number()) {
            long left = TimeUnit.NANOSECONDS.toMillis(until - System.nanoTime());
            if (left <= 0) {
                return;
            }
            wait(left);
        }
    }

    synchronized Snapshot snapshot() {
        var podsByOwner = new HashMap<String, List<LiveObject>>();
        for (LiveObject pod : pods.values()) {
            if (pod.isBeingDeleted()) {
                lastTerminating.put(pod.key().namespace(), clock.get());
            } else {
                podsByOwner
                        .computeIfAbsent(Snapshot.ownerOf(pod), unseen -> new ArrayList<>())
                        .add(pod);
            }
        }
        var replicaSetsByOwner = new HashMap<String, List<LiveObject>>();
        replicaSets.values().forEach(replicaSet -> replicaSetsByOwner
                .computeIfAbsent(Snapshot.ownerOf(replicaSet), unseen -> new ArrayList<>())
                .add(replicaSet));
        var eventsByObject = new HashMap<String, List<SeenEvent>>();
        events.values().forEach(event -> eventsByObject
                .computeIfAbsent(Tree.text(event.event().tree(), "involvedObject", "uid"), unseen -> new ArrayList<>())
                .add(event));
        return new Snapshot(
                number,
                clock.get(),
                Map.copyOf(objects),
                replicaSetsByOwner,
                podsByOwner,
                eventsByObject,
                Map.copyOf(containers),
                Map.copyOf(podHistories),
                Map.copyOf(claims),
                Map.copyOf(lastTerminating),
                nodes.values().stream()
                        .filter(node -> !Conditions.isTrue(node, "Ready"))
                        .map(node -> node.key().name())
                        .collect(Collectors.toUnmodifiableSet()));
    }

    @Override
    public void close() {
        List<Cluster.Watch> open;
        synchronized (this) {
            closed = true;
            open = List.copyOf(watches.values());
            notifyAll();
        }
        open.forEach(Cluster.Watch::close);
    }

    /** Takes in what a watch saw. */
    synchronized void accept(String watch, ServedKind kind, WatchEvent event) {
        number++;
        LiveObject object = event.object();
        if (event.failure() != null) {
            failures.put(kind, event.failure());
            syncing.remove(watch);
        } else if (object == null) {
            syncing.remove(watch);
        } else if (event.type() == WatchEvent.Type.DELETED) {
            if (kind.kind().equals("Pod")) {
                lastTerminating.put(object.key().namespace(), clock.get());
            }
            forget(kind.kind(), object);
        } else {
            remember(kind.kind(), object);
        }
        notifyAll();
    }

    private void remember(String kind, LiveObject object) {
        if (wanted.contains(object.key())) {
            objects.put(object.key(), object);
        }
        switch (kind) {
            case "Pod" -> {
                pods.put(object.uid(), object);
                PodHistory history = podHistories.get(object.uid());
                podHistories.put(
                        object.uid(),
                        history == null
                                ? PodHistory.first(object, !begun, clock.get())
                                : history.next(object, clock.get()));
                follow(object, "initContainerStatuses");
                follow(object, "containerStatuses");
            }
            case "ReplicaSet" -> replicaSets.put(object.uid(), object);
            case "PersistentVolumeClaim" -> rememberClaim(object);
            case "Node" -> nodes.put(object.uid(), object);
            case "Event" -> rememberEvent(object);
            default -> {}
        }
    }

    private void rememberClaim(LiveObject claim) {
        SeenClaim seen = claims.get(claim.key());
        Duration since = seen != null && seen.claim().uid().equals(claim.uid()) ? seen.pendingSince() : null;
        boolean pending = Tree.text(claim.tree(), "status", "phase").equals("Pending");
        claims.put(claim.key(), new SeenClaim(claim, !pending ? null : since == null ? clock.get() : since));
    }

    private void rememberEvent(LiveObject event) {
        Duration now = clock.get();
        SeenEvent seen = events.get(event.uid());
        boolean again = seen != null && !seen.event().resourceVersion().equals(event.resourceVersion());
        SeenEvent next = seen == null
                ? new SeenEvent(event, !begun, now, now)
                : new SeenEvent(event, seen.fromBefore() && !again, seen.first(), again ? now : seen.last());
        if (next.isWarning() || NEWS.contains(next.reason())) {
            events.put(event.uid(), next);
        }
    }

    private void follow(LiveObject pod, String statuses) {
        for (Object status : Tree.list(pod.tree(), "status", statuses)) {
            if (status != null) {
                ContainerHistory history = containers.get(Snapshot.id(pod, status));
                containers.put(
                        Snapshot.id(pod, status),
                        history == null
                                ? ContainerHistory.first(status, !begun, clock.get())
                                : history.next(status, clock.get()));
            }
        }
    }

    private void forget(String kind, LiveObject object) {
        LiveObject known = objects.get(object.key());
        if (known != null && known.uid().equals(object.uid())) {
            // A Job with a time to live may go before anybody looked: that it completed is what counts.
            if (KnownKinds.isJob(object.key()) && Conditions.isTrue(object, "Complete")) {
                objects.put(object.key(), object);
            } else {
                objects.remove(object.key());
            }
        }
        if (kind.equals("Pod")) {
            pods.remove(object.uid());
            podHistories.remove(object.uid());
            containers.keySet().removeIf(id -> id.startsWith(object.uid() + "/"));
        } else if (kind.equals("ReplicaSet")) {
            replicaSets.remove(object.uid());
        } else if (kind.equals("PersistentVolumeClaim")) {
            claims.remove(object.key());
        } else if (kind.equals("Node")) {
            nodes.remove(object.uid());
        } else if (kind.equals("Event")) {
            events.remove(object.uid());
        }
    }
}
