package io.jenkins.plugins.lockstep.deploy;

import io.jenkins.plugins.lockstep.common.document.Tree;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What was seen of one container over time, and a single look at its status can't tell. Times are of a clock that only
 * goes forward, counted from any moment.
 *
 * @param fromBefore whether its pod was there before the rollout began
 * @param exitsAtFirst how often it had ended when first seen
 * @param crashingAtFirst whether it was in a crash loop already when first seen
 * @param instance what tells the running instance from the one before, empty while none runs
 * @param runningSince since when this instance was seen to run, null while none runs
 * @param waitingReason the reason of its {@code waiting} state, empty where it has none
 * @param failedPulls pulls of its image that were seen to fail in a row
 * @param pullMessage why the last of them failed, empty where it was not seen
 * @param pullFailingSince since when its image can't be pulled, null where it can
 * @param notCreatedSince since when it can't be created, mostly for want of configuration, null where it can
 * @param outOfMemory whether an instance was seen to be killed for using too much memory
 */
record ContainerHistory(
        boolean fromBefore,
        int exitsAtFirst,
        boolean crashingAtFirst,
        String instance,
        @Nullable Duration runningSince,
        String waitingReason,
        int failedPulls,
        String pullMessage,
        @Nullable Duration pullFailingSince,
        @Nullable Duration notCreatedSince,
        boolean outOfMemory) {

    static final Set<String> PULL_REASONS =
            Set.of("ErrImagePull", "ImagePullBackOff", "InvalidImageName", "ErrImageNeverPull", "ImageInspectError");
    static final Set<String> CREATE_REASONS = Set.of("CreateContainerConfigError", "CreateContainerError");
    static final String CRASH_REASON = "CrashLoopBackOff";

    private static final String PULL_FAILED = "ErrImagePull";

    /** Starts with the status in which a container was first seen. */
    static ContainerHistory first(Object status, boolean fromBefore, Duration now) {
        boolean crashing = Tree.text(status, "state", "waiting", "reason").equals(CRASH_REASON);
        return new ContainerHistory(fromBefore, exits(status), crashing, "", null, "", 0, "", null, null, false)
                .next(status, now);
    }

    /** Goes on with a later status. */
    ContainerHistory next(Object status, Duration now) {
        Object running = Tree.at(status, "state", "running");
        String newInstance =
                running == null ? "" : Tree.text(status, "containerID") + " " + Tree.text(running, "startedAt");
        Duration newRunningSince = running == null ? null : newInstance.equals(instance) ? runningSince : now;
        String reason = Tree.text(status, "state", "waiting", "reason");
        String message = Tree.text(status, "state", "waiting", "message");
        boolean created = !CREATE_REASONS.contains(reason);
        Duration newNotCreatedSince = created ? null : notCreatedSince == null ? now : notCreatedSince;
        boolean newOutOfMemory = outOfMemory || isOutOfMemory(lastEnd(status));
        if (!PULL_REASONS.contains(reason)) {
            return new ContainerHistory(
                    fromBefore,
                    exitsAtFirst,
                    crashingAtFirst,
                    newInstance,
                    newRunningSince,
                    reason,
                    0,
                    "",
                    null,
                    newNotCreatedSince,
                    newOutOfMemory);
        }
        boolean anotherPull = reason.equals(PULL_FAILED) && !waitingReason.equals(PULL_FAILED);
        boolean explained = !reason.equals("ImagePullBackOff") || message.contains(PULL_FAILED + ":");
        return new ContainerHistory(
                fromBefore,
                exitsAtFirst,
                crashingAtFirst,
                newInstance,
                newRunningSince,
                reason,
                Math.max(1, failedPulls + (anotherPull ? 1 : 0)),
                explained && !message.isEmpty() ? message : pullMessage,
                pullFailingSince == null ? now : pullFailingSince,
                newNotCreatedSince,
                newOutOfMemory);
    }

    /** Returns how often a container ended; an init container that did its work did not. */
    static int exits(Object status) {
        int restarts = Tree.integer(0, status, "restartCount");
        return restarts + (lastEnd(status) != null && Tree.at(status, "state", "running") == null ? 1 : 0);
    }

    /** Tells whether a node says of an instance that it used too much memory. */
    static boolean isOutOfMemory(@Nullable Object end) {
        return Tree.text(end, "reason").equals("OOMKilled")
                || Tree.text(end, "message").contains("OOM-killed");
    }

    /** Returns the {@code terminated} state of the instance that ended last, null where none did or all was well. */
    static @Nullable Object lastEnd(Object status) {
        Object ended = Tree.at(status, "state", "terminated");
        if (ended == null) {
            ended = Tree.at(status, "lastState", "terminated");
        }
        return ended;
    }
}
