package io.jenkins.plugins.lockstep.deploy;

import io.jenkins.plugins.lockstep.common.document.Tree;
import io.jenkins.plugins.lockstep.manifest.ResourceKey;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the cluster at one moment.
 *
 * @param number grows with each change
 * @param now the time of the clock that only goes forward
 * @param objects the objects of the plan
 * @param replicaSets by the UID of their owner
 * @param pods by the UID of their owner; those being deleted are left out
 * @param events warnings by the UID of the object that they are about
 * @param containers by {@link #id}
 */
record Snapshot(
        long number,
        Duration now,
        Map<ResourceKey, LiveObject> objects,
        Map<String, List<LiveObject>> replicaSets,
        Map<String, List<LiveObject>> pods,
        Map<String, List<SeenEvent>> events,
        Map<String, ContainerHistory> containers) {

    /**
     * A warning with the times at which it was seen.
     *
     * @param last when it was seen to come again; the same as {@code first} where it was not
     */
    record SeenEvent(LiveObject event, Duration first, Duration last) {

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

    List<SeenEvent> eventsOf(LiveObject object) {
        return events.getOrDefault(object.uid(), List.of());
    }
}
