package io.jenkins.plugins.lockstep.deploy;

import io.jenkins.plugins.lockstep.common.document.Tree;
import io.jenkins.plugins.lockstep.manifest.ResourceKey;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the cluster at one moment.
 *
 * @param number grows with each change
 * @param now the time of the clock that only goes forward
 * @param objects the objects of the plan
 * @param replicaSets by the UID of their owner
 * @param pods by the UID of their owner; those being deleted are left out
 * @param events by the UID of the object that they are about: warnings, and those that tell of progress
 * @param containers by {@link #id}
 * @param podHistories by the pod's UID
 * @param claims the claims of the namespaces, where they are watched
 * @param lastTerminating when a pod of a namespace was last seen to be on its way out, by namespace
 * @param notReadyNodes names of nodes that do not work, where nodes are watched
 */
record Snapshot(
        long number,
        Duration now,
        Map<ResourceKey, LiveObject> objects,
        Map<String, List<LiveObject>> replicaSets,
        Map<String, List<LiveObject>> pods,
        Map<String, List<SeenEvent>> events,
        Map<String, ContainerHistory> containers,
        Map<String, PodHistory> podHistories,
        Map<ResourceKey, SeenClaim> claims,
        Map<String, Duration> lastTerminating,
        Set<String> notReadyNodes) {

    /** What is seen before anything is looked at. */
    static final Snapshot NOTHING = new Snapshot(
            0, Duration.ZERO, Map.of(), Map.of(), Map.of(), Map.of(), Map.of(), Map.of(), Map.of(), Map.of(), Set.of());

    /**
     * A claim on a volume.
     *
     * @param pendingSince since when it was seen to have none, null where it has one
     */
    record SeenClaim(LiveObject claim, @Nullable Duration pendingSince) {}

    /**
     * An event with the times at which it was seen.
     *
     * @param fromBefore whether it was there before the rollout began, and has not come again since
     * @param last when it was seen to come again; the same as {@code first} where it was not
     */
    record SeenEvent(LiveObject event, boolean fromBefore, Duration first, Duration last) {

        boolean isWarning() {
            return !Tree.text(event.tree(), "type").equals("Normal");
        }

        String reason() {
            return Tree.text(event.tree(), "reason");
        }

        String message() {
            return Tree.text(event.tree(), "message").strip();
        }

        /** Returns what part of the object it is about, for example {@code spec.containers{app}}. */
        String part() {
            return Tree.text(event.tree(), "involvedObject", "fieldPath");
        }

        int count() {
            int series = Tree.integer(0, event.tree(), "series", "count");
            return Math.max(1, Math.max(series, Tree.integer(0, event.tree(), "count")));
        }
    }

    /** Returns what a container is known by: {@code POD_UID/NAME}. */
    static String id(LiveObject pod, Object containerStatus) {
        return pod.uid() + "/" + Tree.text(containerStatus, "name");
    }

    /** Returns the UID of the controller that owns an object, empty where there is none. */
    static String ownerOf(LiveObject object) {
        for (Object owner : Tree.list(object.tree(), "metadata", "ownerReferences")) {
            if (Tree.isTrue(owner, "controller")) {
                return Tree.text(owner, "uid");
            }
        }
        return "";
    }

    @Nullable
    LiveObject object(ResourceKey key) {
        return objects.get(key);
    }

    List<LiveObject> replicaSetsOf(LiveObject owner) {
        return replicaSets.getOrDefault(owner.uid(), List.of());
    }

    List<LiveObject> podsOf(LiveObject owner) {
        return pods.getOrDefault(owner.uid(), List.of());
    }

    /** Returns the events about an object, the newest first. */
    List<SeenEvent> eventsOf(LiveObject object) {
        return events.getOrDefault(object.uid(), List.of()).stream()
                .sorted((one, other) -> other.last().compareTo(one.last()))
                .toList();
    }

    /** Returns the newest event with one of these reasons. */
    Optional<SeenEvent> newest(LiveObject object, Set<String> reasons) {
        return eventsOf(object).stream()
                .filter(event -> reasons.contains(event.reason()))
                .findFirst();
    }

    Duration since(Duration moment) {
        return now.minus(moment);
    }
}
