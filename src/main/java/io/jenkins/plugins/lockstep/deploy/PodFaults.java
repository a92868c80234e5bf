package io.jenkins.plugins.lockstep.deploy;

import io.jenkins.plugins.lockstep.common.document.Tree;
import io.jenkins.plugins.lockstep.deploy.RolloutState.Failed;
import io.jenkins.plugins.lockstep.manifest.ResourceKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds what keeps one pod from running, and tells when that is conclusive (design, section 6). Pure. */
final class PodFaults {

    private static final Set<String> NOISE = Set.of("BackOff", "InspectFailed");
    private static final int EVIDENCE_EVENTS = 6;

    private final Graces graces;
    private final PlacementFaults placement;
    private final ReferenceFaults references;
    private final PullFaults pulls;
    private final ExitFaults exits;

    /**
     * Judges by these graces.
     *
     * @param immutable the ConfigMaps and Secrets of the release that can't change: nobody will add what they lack
     */
    PodFaults(Graces graces, Set<ResourceKey> immutable) {
        this.graces = graces;
        this.placement = new PlacementFaults(graces);
        this.references = new ReferenceFaults(graces, immutable);
        this.pulls = new PullFaults(graces);
        this.exits = new ExitFaults(graces);
    }

    /**
     * Returns the first conclusive fault of a pod, null where there is none.
     *
     * @param exitsCount false for the pods of a Job, which counts itself
     */
    @Nullable
    Failed conclusive(ResourceKey owner, LiveObject pod, Snapshot snapshot, boolean exitsCount) {
        Failed unplaced = placement.conclusive(owner, pod, snapshot);
        if (unplaced != null) {
            return unplaced;
        }
        for (Object status : Pods.statuses(pod)) {
            ContainerHistory history = snapshot.containers().get(Snapshot.id(pod, status));
            if (history == null) {
                continue;
            }
            Failed fault = references.ofContainer(owner, pod, status, history, snapshot);
            if (fault == null) {
                fault = pulls.conclusive(owner, pod, status, history, snapshot);
            }
            if (fault == null && exitsCount) {
                fault = exits.conclusive(owner, pod, status, history, snapshot);
            }
            if (fault != null) {
                return fault;
            }
        }
        return references.ofVolumes(owner, pod, snapshot);
    }

    /**
     * Tells whether every container has run long enough to believe that it will go on: one with a readiness probe
     * says so itself.
     */
    boolean isSteady(LiveObject pod, Snapshot snapshot) {
        for (Object status : Tree.list(pod.tree(), "status", "containerStatuses")) {
            if (status == null || hasReadinessProbe(pod, Tree.text(status, "name"))) {
                continue;
            }
            ContainerHistory history = snapshot.containers().get(Snapshot.id(pod, status));
            boolean proven = history == null
                    || (history.fromBefore() && ContainerHistory.exits(status) == 0)
                    || (history.runningSince() != null
                            && snapshot.since(history.runningSince()).compareTo(graces.steady()) >= 0);
            if (!proven) {
                return false;
            }
        }
        return true;
    }

    /** Returns what can be said of a pod that is not ready: how its containers wait, and its warnings. */
    List<String> evidence(LiveObject pod, Snapshot snapshot) {
        var lines = new ArrayList<String>();
        Object scheduled = Conditions.find(pod, "PodScheduled");
        if ("False".equals(Tree.text(scheduled, "status"))) {
            lines.add("not scheduled: " + Tree.text(scheduled, "message"));
        }
        for (Object status : Pods.statuses(pod)) {
            String reason = Tree.text(status, "state", "waiting", "reason");
            String message = Tree.text(status, "state", "waiting", "message");
            if (!reason.isEmpty() && !message.isEmpty()) {
                lines.add("container " + Tree.text(status, "name") + " waits: " + reason + ": " + message);
            }
        }
        lines.addAll(warnings(pod, snapshot));
        return lines;
    }

    /** Returns the warnings about an object, each once, without those that say nothing. */
    static List<String> warnings(LiveObject object, Snapshot snapshot) {
        return snapshot.eventsOf(object).stream()
                .filter(event -> event.isWarning() && !NOISE.contains(event.reason()))
                .filter(event -> !event.message().startsWith("Error: ErrImagePull")
                        && !event.message().startsWith("Error: ImagePullBackOff")
                        && !event.message().contains("cache: timed out waiting for the condition"))
                .map(event -> event.reason() + (event.count() > 1 ? " (" + event.count() + " times)" : "") + ": "
                        + event.message())
                .distinct()
                .limit(EVIDENCE_EVENTS)
                .toList();
    }

    private static boolean hasReadinessProbe(LiveObject pod, String container) {
        return Tree.at(Pods.container(pod, container), "readinessProbe") != null;
    }
}
