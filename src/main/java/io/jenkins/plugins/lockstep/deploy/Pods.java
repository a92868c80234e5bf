package io.jenkins.plugins.lockstep.deploy;

import io.jenkins.plugins.lockstep.common.document.Tree;
import io.jenkins.plugins.lockstep.deploy.RolloutState.ContainerLog;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads what pods say of their containers. */
final class Pods {

    private Pods() {}

    static String name(LiveObject pod) {
        return pod.key().name();
    }

    /** Returns the statuses of all containers, those of init containers first. */
    static List<Object> statuses(LiveObject pod) {
        var statuses = new ArrayList<Object>(Tree.list(pod.tree(), "status", "initContainerStatuses"));
        statuses.addAll(Tree.list(pod.tree(), "status", "containerStatuses"));
        return statuses;
    }

    static @Nullable Object container(LiveObject pod, String name) {
        Object container = Tree.find(Tree.list(pod.tree(), "spec", "containers"), "name", name);
        return container != null ? container : Tree.find(Tree.list(pod.tree(), "spec", "initContainers"), "name", name);
    }

    static String image(LiveObject pod, String container) {
        return Tree.text(container(pod, container), "image");
    }

    static boolean isInit(LiveObject pod, String container) {
        return Tree.find(Tree.list(pod.tree(), "spec", "initContainers"), "name", container) != null;
    }

    static boolean isDoneInit(LiveObject pod, Object status) {
        Object ended = Tree.at(status, "state", "terminated");
        return ended != null && Tree.integer(1, ended, "exitCode") == 0 && isInit(pod, Tree.text(status, "name"));
    }

    static boolean isRunning(Object status) {
        return Tree.at(status, "state", "running") != null;
    }

    static String waitingReason(Object status) {
        return Tree.text(status, "state", "waiting", "reason");
    }

    /** Returns the log of a container: of the instance that ended last, also where the next one runs already. */
    static ContainerLog log(LiveObject pod, Object status) {
        return new ContainerLog(
                pod.key().namespace(),
                pod.key().name(),
                Tree.text(status, "name"),
                isRunning(status) && Tree.integer(0, status, "restartCount") > 0);
    }

    /** Returns the log of the container that most likely knows why the pod is not ready, null where none has run. */
    static @Nullable ContainerLog logOfUnready(LiveObject pod) {
        for (Object status : statuses(pod)) {
            boolean ended = ContainerHistory.lastEnd(status) != null;
            if (!Tree.isTrue(status, "ready") && (ended || isRunning(status)) && !isDoneInit(pod, status)) {
                return log(pod, status);
            }
        }
        return null;
    }

    /** Returns {@code  with exit code N} for the container of a pod that ended badly, empty where none did. */
    static String exitOf(LiveObject pod) {
        int code = exitCodeOf(pod);
        return code == 0 ? "" : " with exit code " + code + ExitCode.inBrackets(code);
    }

    /** Returns the exit code of the container of a pod that ended badly, 0 where none did. */
    static int exitCodeOf(LiveObject pod) {
        for (Object status : statuses(pod)) {
            int code = Tree.integer(0, ContainerHistory.lastEnd(status), "exitCode");
            if (code != 0) {
                return code;
            }
        }
        return 0;
    }
}
