package io.jenkins.plugins.lockstep.deploy;

import io.jenkins.plugins.lockstep.common.document.Tree;
import io.jenkins.plugins.lockstep.deploy.RolloutState.ContainerLog;
import io.jenkins.plugins.lockstep.deploy.RolloutState.Failed;
import io.jenkins.plugins.lockstep.deploy.Snapshot.SeenEvent;
import io.jenkins.plugins.lockstep.manifest.ResourceKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Finds what keeps one pod from running, and tells when that is conclusive (design, section 6). Pure. */
final class PodFaults {

    private static final Pattern MISSING_OBJECT = Pattern.compile("(?i)(configmap|secret) \"([^\"]+)\" not found");
    private static final Pattern MISSING_KEY =
            Pattern.compile("(?i)couldn't find key (\\S+) in (configmap|secret) ([^/\\s]+)/(\\S+)");
    private static final Pattern MISSING_KEY_OF_VOLUME =
            Pattern.compile("(?i)for volume \"([^\"]+)\" : .*references non-existent \\w+ key: (\\S+)");
    private static final Pattern RUNTIME_PREFIX = Pattern.compile("^.*?(?=exec: )|: unknown$", Pattern.DOTALL);
    private static final Set<String> NOISE = Set.of("BackOff", "InspectFailed");
    private static final int EVIDENCE_EVENTS = 6;

    private final Graces graces;
    private final Set<ResourceKey> immutable;

    /**
     * Judges by these graces.
     *
     * @param immutable the ConfigMaps and Secrets of the release that can't change: nobody will add what they lack
     */
    PodFaults(Graces graces, Set<ResourceKey> immutable) {
        this.graces = graces;
        this.immutable = Set.copyOf(immutable);
    }

    /**
     * Returns the first conclusive fault of a pod, null where there is none.
     *
     * @param exitsCount false for the pods of a Job, which counts itself
     */
    @Nullable
    Failed conclusive(ResourceKey owner, LiveObject pod, Snapshot snapshot, boolean exitsCount) {
        for (Object status : statuses(pod)) {
            ContainerHistory history = snapshot.containers().get(Snapshot.id(pod, status));
            if (history == null) {
                continue;
            }
            Failed fault = missingConfiguration(owner, pod, status, history, snapshot);
            if (fault == null) {
                fault = pull(owner, pod, status, history, snapshot);
            }
            if (fault == null && exitsCount) {
                fault = exits(owner, pod, status, history, snapshot);
            }
            if (fault != null) {
                return fault;
            }
        }
        return missingMount(owner, pod, snapshot);
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
                            && elapsed(history.runningSince(), snapshot).compareTo(graces.steady()) >= 0);
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
            lines.add("pod " + name(pod) + " is not scheduled: " + Tree.text(scheduled, "message"));
        }
        for (Object status : statuses(pod)) {
            String reason = Tree.text(status, "state", "waiting", "reason");
            String message = Tree.text(status, "state", "waiting", "message");
            if (!reason.isEmpty() && !message.isEmpty()) {
                lines.add("container " + Tree.text(status, "name") + " waits: " + reason + ": " + message);
            }
        }
        lines.addAll(warnings(pod, snapshot));
        return lines;
    }

    /** Returns the log of the container that most likely knows why the pod is not ready, null where none has run. */
    static @Nullable ContainerLog logOfUnready(LiveObject pod) {
        for (Object status : statuses(pod)) {
            boolean ended = ContainerHistory.lastEnd(status) != null;
            boolean running = Tree.at(status, "state", "running") != null;
            if (!Tree.isTrue(status, "ready") && (ended || running) && !isDoneInit(pod, status)) {
                return log(pod, status);
            }
        }
        return null;
    }

    /** Returns {@code  with exit code N} for the container of a pod that ended badly, empty where none did. */
    static String exitOf(LiveObject pod) {
        for (Object status : statuses(pod)) {
            Object end = ContainerHistory.lastEnd(status);
            int code = Tree.integer(0, end, "exitCode");
            if (code != 0) {
                return " with exit code " + code + signal(code);
            }
        }
        return "";
    }

    /** Returns the warnings about an object, each once, without those that say nothing. */
    static List<String> warnings(LiveObject object, Snapshot snapshot) {
        return snapshot.eventsOf(object).stream()
                .filter(event -> !NOISE.contains(event.reason()))
                .filter(event -> !event.message().startsWith("Error: ErrImagePull")
                        && !event.message().startsWith("Error: ImagePullBackOff")
                        && !event.message().contains("cache: timed out waiting for the condition"))
                .sorted((one, other) -> other.last().compareTo(one.last()))
                .map(event -> event.reason() + (event.count() > 1 ? " (" + event.count() + " times)" : "") + ": "
                        + event.message())
                .distinct()
                .limit(EVIDENCE_EVENTS)
                .toList();
    }

    private @Nullable Failed missingConfiguration(
            ResourceKey owner, LiveObject pod, Object status, ContainerHistory history, Snapshot snapshot) {
        if (history.configMissingSince() == null) {
            return null;
        }
        String message = Tree.text(status, "state", "waiting", "message");
        Missing missing = Missing.in(message, pod);
        if (missing == null
                || !(isOfRelease(missing, pod)
                        || elapsed(history.configMissingSince(), snapshot).compareTo(graces.missingConfiguration())
                                >= 0)) {
            return null;
        }
        return missing(owner, pod, missing, "container " + Tree.text(status, "name") + ": " + message);
    }

    /** The event comes again for as long as the volume can't be mounted; one that no longer does has recovered. */
    private @Nullable Failed missingMount(ResourceKey owner, LiveObject pod, Snapshot snapshot) {
        boolean waits = statuses(pod).stream().anyMatch(status -> {
            String reason = Tree.text(status, "state", "waiting", "reason");
            return reason.equals("ContainerCreating") || reason.equals("PodInitializing");
        });
        if (!waits) {
            return null;
        }
        for (SeenEvent event : snapshot.eventsOf(pod)) {
            Missing missing = event.reason().equals("FailedMount") ? Missing.in(event.message(), pod) : null;
            if (missing != null
                    && (isOfRelease(missing, pod)
                            || event.last().minus(event.first()).compareTo(graces.missingConfiguration()) >= 0)) {
                return missing(owner, pod, missing, event.reason() + ": " + event.message());
            }
        }
        return null;
    }

    private boolean isOfRelease(Missing missing, LiveObject pod) {
        return immutable.contains(new ResourceKey("", missing.kind(), pod.key().namespace(), missing.name()));
    }

    private static Failed missing(ResourceKey owner, LiveObject pod, Missing missing, String evidence) {
        String what = missing.key() == null
                ? "the " + missing.kind() + " " + missing.name() + " is missing"
                : "the " + missing.kind() + " " + missing.name() + " has no key " + missing.key();
        String hint = missing.key() == null
                ? "create the " + missing.kind() + " " + missing.name() + " in namespace "
                        + pod.key().namespace() + ", or correct its name in the manifest"
                : "add the key to the " + missing.kind() + ", or correct it in the manifest";
        return new Failed(
                new Verdict(
                        Verdict.Code.MISSING_CONFIGURATION,
                        owner + ": pod " + name(pod) + " can't start: " + what,
                        List.of(evidence),
                        hint),
                null);
    }

    private @Nullable Failed pull(
            ResourceKey owner, LiveObject pod, Object status, ContainerHistory history, Snapshot snapshot) {
        if (history.pullFailingSince() == null) {
            return null;
        }
        String container = Tree.text(status, "name");
        String image = image(pod, container);
        String words = history.pullMessage().isEmpty() ? history.waitingReason() : history.pullMessage();
        int pulls = history.failedPulls();
        int told = 0;
        // What failed before the rollout may have been mended since: it takes another try to know.
        boolean tried = !history.fromBefore() || pulls > 1;
        Duration newest = null;
        for (SeenEvent event : snapshot.eventsOf(pod)) {
            if (event.message().startsWith("Failed to pull image")
                    && event.part().endsWith("{" + container + "}")) {
                told += event.count();
                tried |= event.last().compareTo(event.first()) > 0;
                // The state says only "back-off" most of the time; the event has the registry's words.
                if (newest == null || event.last().compareTo(newest) >= 0) {
                    newest = event.last();
                    words = event.message();
                }
            }
        }
        PullFailure failure =
                PullFailure.of(history.waitingReason().startsWith("ErrImageNever") ? history.waitingReason() : words);
        boolean refused = failure != PullFailure.UNREACHABLE;
        boolean conclusive = failure == PullFailure.UNUSABLE
                || (tried
                        && (refused
                                ? Math.max(pulls, told) >= graces.refusedPulls()
                                : elapsed(history.pullFailingSince(), snapshot).compareTo(graces.registryUnreachable())
                                        >= 0));
        if (!conclusive) {
            return null;
        }
        String registrysWords = words;
        List<String> evidence = Stream.concat(
                        Stream.of(words),
                        warnings(pod, snapshot).stream().filter(line -> !line.endsWith(registrysWords)))
                .toList();
        return new Failed(
                new Verdict(
                        refused ? Verdict.Code.IMAGE_REFUSED : Verdict.Code.REGISTRY_UNREACHABLE,
                        owner + ": " + sentence(failure, image),
                        evidence,
                        hint(failure)),
                null);
    }

    private static String sentence(PullFailure failure, String image) {
        return switch (failure) {
            case ABSENT -> "the registry has no image " + image;
            case FORBIDDEN -> "the registry does not let the node have the image " + image;
            case UNUSABLE -> "the image " + image + " can't be pulled";
            case UNREACHABLE -> "the node can't get the image " + image + " from its registry";
        };
    }

    private static String hint(PullFailure failure) {
        return switch (failure) {
            case ABSENT -> "check that the image was pushed under this name and is still in the registry";
            case FORBIDDEN ->
                "check the pull secret of the pod (imagePullSecrets, or run.pullSecret), and the image's name";
            case UNUSABLE -> "correct the image's name or its imagePullPolicy in the manifest";
            case UNREACHABLE -> "check the registry, and the way from the node to it (name, network, certificate)";
        };
    }

    private @Nullable Failed exits(
            ResourceKey owner, LiveObject pod, Object status, ContainerHistory history, Snapshot snapshot) {
        Object end = ContainerHistory.lastEnd(status);
        if (end == null || isDoneInit(pod, status)) {
            return null;
        }
        int all = ContainerHistory.exits(status);
        int since = history.fromBefore() ? all - history.exitsAtFirst() : all;
        boolean badStart = isBadStart(end);
        int limit = badStart ? graces.failedStarts() : graces.exits();
        boolean down = Tree.at(status, "state", "running") == null || !Tree.isTrue(status, "ready");
        boolean conclusive = (since >= limit && down)
                || (all >= limit && history.waitingReason().equals("CrashLoopBackOff"));
        if (!conclusive) {
            return null;
        }
        String container = "container " + Tree.text(status, "name") + " of pod " + name(pod);
        String endMessage = Tree.text(end, "message").strip();
        boolean outOfMemory = Tree.text(end, "reason").equals("OOMKilled") || endMessage.contains("OOM-killed");
        int code = Tree.integer(0, end, "exitCode");
        String what;
        String hint;
        if (outOfMemory) {
            String limitOfMemory = memoryLimit(pod, Tree.text(status, "name"));
            what = container + " was killed " + times(all) + " for using more memory than it may"
                    + (limitOfMemory.isEmpty() ? "" : " (" + limitOfMemory + ")");
            hint = "raise resources.limits.memory, or make the program need less";
        } else if (badStart) {
            what = container + " can't be started: "
                    + (endMessage.isEmpty()
                            ? "its command was not found (exit code " + code + ")"
                            : RUNTIME_PREFIX.matcher(endMessage).replaceAll(""));
            hint = "correct the command, or put the program into the image";
        } else {
            what = container + " ended " + times(all) + ", the last time with exit code " + code + signal(code);
            hint = livenessFailed(pod, snapshot)
                    ? "its liveness probe fails: look at what the probe answered, and at how long the program takes to"
                            + " start"
                    : code == 0
                            ? "the container of a workload has to go on running: use a Job for a program that ends"
                            : "look at the last lines of its log";
        }
        var evidence = new ArrayList<String>();
        if (!endMessage.isEmpty()) {
            evidence.add("container " + Tree.text(status, "name") + " said at its end: " + endMessage);
        }
        evidence.addAll(warnings(pod, snapshot));
        return new Failed(new Verdict(Verdict.Code.CRASH_LOOP, owner + ": " + what, evidence, hint), log(pod, status));
    }

    private static boolean isBadStart(Object end) {
        String reason = Tree.text(end, "reason");
        int code = Tree.integer(0, end, "exitCode");
        return reason.equals("StartError") || reason.equals("ContainerCannotRun") || code == 127 || code == 126;
    }

    private static boolean livenessFailed(LiveObject pod, Snapshot snapshot) {
        return snapshot.eventsOf(pod).stream().anyMatch(event -> event.message().startsWith("Liveness probe failed"));
    }

    private static String signal(int exitCode) {
        return exitCode == 137 ? " (killed)" : exitCode == 143 ? " (told to end)" : "";
    }

    private static String times(int count) {
        return count == 1 ? "once" : count == 2 ? "twice" : count + " times";
    }

    private static Duration elapsed(Duration since, Snapshot snapshot) {
        return snapshot.now().minus(since);
    }

    private static ContainerLog log(LiveObject pod, Object status) {
        return new ContainerLog(
                pod.key().namespace(),
                pod.key().name(),
                Tree.text(status, "name"),
                Tree.at(status, "state", "running") != null && Tree.integer(0, status, "restartCount") > 0);
    }

    private static boolean isDoneInit(LiveObject pod, Object status) {
        Object ended = Tree.at(status, "state", "terminated");
        return ended != null
                && Tree.integer(1, ended, "exitCode") == 0
                && Tree.find(
                                Tree.list(pod.tree(), "status", "initContainerStatuses"),
                                "name",
                                Tree.text(status, "name"))
                        != null;
    }

    /** Returns the statuses of all containers, those of init containers first. */
    private static List<Object> statuses(LiveObject pod) {
        var statuses = new ArrayList<Object>(Tree.list(pod.tree(), "status", "initContainerStatuses"));
        statuses.addAll(Tree.list(pod.tree(), "status", "containerStatuses"));
        return statuses;
    }

    private static @Nullable Object container(LiveObject pod, String name) {
        Object container = Tree.find(Tree.list(pod.tree(), "spec", "containers"), "name", name);
        return container != null ? container : Tree.find(Tree.list(pod.tree(), "spec", "initContainers"), "name", name);
    }

    private static String image(LiveObject pod, String container) {
        return Tree.text(container(pod, container), "image");
    }

    private static String memoryLimit(LiveObject pod, String container) {
        return Tree.text(container(pod, container), "resources", "limits", "memory");
    }

    private static boolean hasReadinessProbe(LiveObject pod, String container) {
        return Tree.at(container(pod, container), "readinessProbe") != null;
    }

    private static String name(LiveObject pod) {
        return pod.key().name();
    }

    /**
     * A ConfigMap or Secret that is not there.
     *
     * @param key null where the whole object is missing
     */
    private record Missing(String kind, String name, @Nullable String key) {

        static @Nullable Missing in(String message, LiveObject pod) {
            Matcher object = MISSING_OBJECT.matcher(message);
            if (object.find()) {
                return new Missing(kindOf(object.group(1)), object.group(2), null);
            }
            Matcher key = MISSING_KEY.matcher(message);
            if (key.find()) {
                return new Missing(kindOf(key.group(2)), key.group(4), key.group(1));
            }
            Matcher volumeKey = MISSING_KEY_OF_VOLUME.matcher(message);
            return volumeKey.find() ? ofVolume(pod, volumeKey.group(1), volumeKey.group(2)) : null;
        }

        private static @Nullable Missing ofVolume(LiveObject pod, String volumeName, String key) {
            Object volume = Tree.find(Tree.list(pod.tree(), "spec", "volumes"), "name", volumeName);
            String configMap = Tree.text(volume, "configMap", "name");
            String secret = Tree.text(volume, "secret", "secretName");
            return !configMap.isEmpty()
                    ? new Missing("ConfigMap", configMap, key)
                    : !secret.isEmpty() ? new Missing("Secret", secret, key) : null;
        }

        private static String kindOf(String word) {
            return word.equalsIgnoreCase("secret") ? "Secret" : "ConfigMap";
        }
    }
}
