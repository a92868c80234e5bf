package io.jenkins.plugins.lockstep.deploy;

import io.jenkins.plugins.lockstep.common.document.Tree;
import io.jenkins.plugins.lockstep.deploy.RolloutState.Failed;
import io.jenkins.plugins.lockstep.deploy.Snapshot.SeenEvent;
import io.jenkins.plugins.lockstep.manifest.ResourceKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Judges containers that end when they should not (design, section 6). Pure. */
final class ExitFaults {

    private static final Pattern RUNTIME_PREFIX = Pattern.compile("^.*?(?=exec: )|: unknown$", Pattern.DOTALL);
    private static final Pattern PROBE_FAILED = Pattern.compile("^(Liveness|Startup) probe (?:failed|errored)");
    private static final Pattern KILLED_FOR_PROBE = Pattern.compile("failed (?:liveness|startup) probe");
    private static final Pattern OTHER_PLATFORM = Pattern.compile("exec format error");

    /** 128 and the signal's number, SIGKILL. */
    private static final int KILLED = 137;

    private final Graces graces;

    ExitFaults(Graces graces) {
        this.graces = graces;
    }

    @Nullable
    Failed conclusive(ResourceKey owner, LiveObject pod, Object status, ContainerHistory history, Snapshot snapshot) {
        Object end = ContainerHistory.lastEnd(status);
        if (end == null || Pods.isDoneInit(pod, status) || !isConclusive(status, history, end)) {
            return null;
        }
        String name = Tree.text(status, "name");
        String endMessage = Tree.text(end, "message").strip();
        var evidence = new ArrayList<String>();
        if (!endMessage.isEmpty()) {
            evidence.add("container " + name + " said at its end: " + endMessage);
        }
        evidence.addAll(PodFaults.warnings(pod, snapshot));
        Cause cause = cause(pod, status, end, history, snapshot);
        return new Failed(
                new Verdict(
                        cause.code(),
                        owner + ": " + (Pods.isInit(pod, name) ? "init container " : "container ") + name + " of pod "
                                + Pods.name(pod) + " " + cause.what(),
                        evidence,
                        cause.hint()),
                Pods.log(pod, status));
    }

    private boolean isConclusive(Object status, ContainerHistory history, Object end) {
        int all = ContainerHistory.exits(status);
        int since = history.fromBefore() ? all - history.exitsAtFirst() : all;
        int limit = isBadStart(end) ? graces.failedStarts() : graces.exits();
        boolean down = !Pods.isRunning(status) || !Tree.isTrue(status, "ready");
        // What crashed before the rollout may have been mended since: another exit tells.
        return down && (since >= limit || (history.crashingAtFirst() && since >= 1 && all >= limit));
    }

    private static Cause cause(LiveObject pod, Object status, Object end, ContainerHistory history, Snapshot snapshot) {
        int times = ContainerHistory.exits(status);
        int code = Tree.integer(0, end, "exitCode");
        String name = Tree.text(status, "name");
        String message = Tree.text(end, "message").strip();
        // A node does not always know in time why an instance was killed; of one before it may have.
        if (ContainerHistory.isOutOfMemory(end) || (code == KILLED && history.outOfMemory())) {
            String limit = Tree.text(Pods.container(pod, name), "resources", "limits", "memory");
            return new Cause(
                    Verdict.Code.OUT_OF_MEMORY,
                    "was killed " + times(times) + " for using more memory than it may"
                            + (limit.isEmpty() ? "" : " (" + limit + ")"),
                    limit.isEmpty()
                            ? "the node ran out of memory: set resources.requests.memory to what the program needs"
                            : "raise resources.limits.memory above " + limit + ", or make the program need less");
        }
        if (isBadStart(end)) {
            return new Cause(
                    Verdict.Code.COMMAND_NOT_FOUND,
                    "can't be started: "
                            + (message.isEmpty()
                                    ? "its command was not found (exit code " + code + ")"
                                    : RUNTIME_PREFIX.matcher(message).replaceAll("")),
                    OTHER_PLATFORM.matcher(message).find()
                            ? "the program is for another platform: build the image for the node's (image.platforms)"
                            : code == 126
                                    ? ExitCode.hint(code)
                                    : "correct the command, or put the program into the image");
        }
        Optional<String> probe = probe(pod, name, snapshot);
        if (probe.isPresent()) {
            String kind = probe.get().startsWith("Startup") ? "startup" : "liveness";
            return new Cause(
                    Verdict.Code.LIVENESS_FAILED,
                    "was restarted " + times(times) + " because its " + kind + " probe fails: "
                            + probe.get().replaceAll("\\s+", " "),
                    "look at what the probe asks and what the program answers; where the program only starts slowly,"
                            + (kind.equals("startup")
                                    ? " raise the startupProbe's failureThreshold"
                                    : " give it a startupProbe"));
        }
        String ended = "ended " + times(times) + ", the last time with exit code " + code + ExitCode.inBrackets(code);
        return Pods.isInit(pod, name)
                ? new Cause(
                        Verdict.Code.INIT_FAILED,
                        ended + ", so the others never start",
                        "mend what " + name + " does: " + (code == 0 ? "look at its log" : ExitCode.hint(code)))
                : new Cause(Verdict.Code.CRASH_LOOP, ended, ExitCode.hint(code));
    }

    private static boolean isBadStart(Object end) {
        String reason = Tree.text(end, "reason");
        return reason.equals("StartError")
                || reason.equals("ContainerCannotRun")
                || ExitCode.isBadStart(Tree.integer(0, end, "exitCode"));
    }

    /** Returns what the probe said that the kubelet restarts the container for; empty where it ended by itself. */
    private static Optional<String> probe(LiveObject pod, String container, Snapshot snapshot) {
        List<SeenEvent> events = snapshot.eventsOf(pod).stream()
                .filter(event -> event.part().endsWith("{" + container + "}"))
                .toList();
        boolean killed = events.stream()
                .anyMatch(event -> event.reason().equals("Killing")
                        && KILLED_FOR_PROBE.matcher(event.message()).find());
        return !killed
                ? Optional.empty()
                : events.stream()
                        .map(SeenEvent::message)
                        .filter(message -> PROBE_FAILED.matcher(message).find())
                        .findFirst();
    }

    private static String times(int count) {
        return count == 1 ? "once" : count == 2 ? "twice" : count + " times";
    }

    /** Why a container ends, in the rest of a sentence about it, and what to do. */
    private record Cause(Verdict.Code code, String what, String hint) {}
}
