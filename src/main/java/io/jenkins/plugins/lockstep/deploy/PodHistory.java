package io.jenkins.plugins.lockstep.deploy;

import io.jenkins.plugins.lockstep.common.document.Tree;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What was seen of one pod over time. Times are those of {@link ContainerHistory}.
 *
 * @param fromBefore whether it was there before the rollout began
 * @param seenSince since when it is known
 * @param unscheduledSince since when no node takes it, null where one does or nobody has tried
 */
record PodHistory(boolean fromBefore, Duration seenSince, @Nullable Duration unscheduledSince) {

    /** Starts with the pod as it was first seen. */
    static PodHistory first(LiveObject pod, boolean fromBefore, Duration now) {
        return new PodHistory(fromBefore, now, null).next(pod, now);
    }

    /** Goes on with the pod as it is later. */
    PodHistory next(LiveObject pod, Duration now) {
        boolean unscheduled = isUnscheduled(pod);
        return new PodHistory(
                fromBefore, seenSince, !unscheduled ? null : unscheduledSince == null ? now : unscheduledSince);
    }

    static boolean isUnscheduled(LiveObject pod) {
        return "False".equals(Tree.text(Conditions.find(pod, "PodScheduled"), "status"));
    }
}
