package io.jenkins.plugins.lockstep.deploy;

import io.jenkins.plugins.lockstep.common.document.Tree;
import io.jenkins.plugins.lockstep.deploy.RolloutState.ContainerLog;
import io.jenkins.plugins.lockstep.deploy.RolloutState.Done;
import io.jenkins.plugins.lockstep.deploy.RolloutState.Failed;
import io.jenkins.plugins.lockstep.deploy.RolloutState.Progressing;
import io.jenkins.plugins.lockstep.manifest.ResourceKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Judges one object by one look at the cluster: ready, on its way, or failed for good (design, section 6). Pure; only
 * pods of the new revision count.
 */
final class RolloutJudge {

    private static final String REVISION_ANNOTATION = "deployment.kubernetes.io/revision";
    private static final String TEMPLATE_GENERATION = "deprecated.daemonset.template.generation";
    private static final int DEADLINE_PODS = 3;
    private static final int BACKOFF_LIMIT = 6;

    /** How long a pod that only is not ready keeps a StatefulSet from going on before it counts as stuck. */
    private static final Duration STUCK = Duration.ofMinutes(1);

    private final PodFaults faults;
    private final CreationFaults creation;

    RolloutJudge(Graces graces, Set<ResourceKey> immutable) {
        this.faults = new PodFaults(graces, immutable);
        this.creation = new CreationFaults(graces);
    }

    /** Judges an object; never {@link Failed} for want of time, which is {@link #late}. */
    RolloutState judge(Expected expected, Snapshot snapshot) {
        LiveObject live = snapshot.object(expected.key());
        if (live == null || !expected.isSeen(live)) {
            return new Progressing("waiting for the cluster to show it");
        }
        if (isPaused(live)) {
            return status(live, snapshot);
        }
        boolean job = KnownKinds.isJob(expected.key());
        Failed notCreated = creation.conclusive(
                expected.key(), newReplicaSet(live, snapshot).orElse(live), snapshot);
        if (notCreated != null) {
            return notCreated;
        }
        for (LiveObject pod : newPods(live, snapshot)) {
            Failed fault = faults.conclusive(expected.key(), pod, snapshot, !job);
            if (fault != null) {
                return fault;
            }
        }
        return job ? job(live, snapshot) : steady(status(live, snapshot), live, snapshot);
    }

    /** Tells whether an object alone says that it is ready; a DaemonSet's does not, since nodes may be down. */
    static boolean isReadyByItsStatus(LiveObject live) {
        return !KnownKinds.isDaemonSet(live.key()) && status(live, Snapshot.NOTHING) instanceof Done;
    }

    /** Returns what a first look says of an object that is not ready, null where it is, or does not say. */
    @Nullable
    String unready(Expected expected, Snapshot snapshot) {
        RolloutState state = judge(expected, snapshot);
        LiveObject live = snapshot.object(expected.key());
        // Whether what runs stays up can't be seen at one look.
        if (live == null || state instanceof Done || status(live, snapshot) instanceof Done) {
            return null;
        }
        String seen = newPods(live, snapshot).stream()
                .filter(pod -> !Conditions.isTrue(pod, "Ready"))
                .flatMap(pod -> faults.evidence(pod, snapshot).stream().map(line -> Pods.name(pod) + ": " + line))
                .findFirst()
                .map(line -> "; pod " + line)
                .orElse("");
        return state instanceof Failed ? state.words() : expected.key() + " is not ready: " + state.words() + seen;
    }

    /** Returns the verdict on an object that was not ready when the time was up. */
    Failed late(Expected expected, RolloutState state, Snapshot snapshot, Duration timeout) {
        var evidence = new ArrayList<String>();
        ContainerLog log = null;
        String probe = null;
        LiveObject live = snapshot.object(expected.key());
        if (live != null) {
            List<LiveObject> unready = newPods(live, snapshot).stream()
                    .filter(pod -> !Conditions.isTrue(pod, "Ready"))
                    .limit(DEADLINE_PODS)
                    .toList();
            for (LiveObject pod : unready) {
                faults.evidence(pod, snapshot)
                        .forEach(line -> evidence.add("pod " + pod.key().name() + ": " + line));
                log = log == null ? Pods.logOfUnready(pod) : log;
                probe = probe == null ? probeAnswer(pod, snapshot) : probe;
            }
            newReplicaSet(live, snapshot)
                    .ifPresent(replicaSet -> evidence.addAll(PodFaults.warnings(replicaSet, snapshot)));
            evidence.addAll(PodFaults.warnings(live, snapshot));
            Object progressing = Conditions.find(live, "Progressing");
            if ("False".equals(Tree.text(progressing, "status"))) {
                evidence.add(Conditions.words(progressing));
            }
        }
        String message = expected.key() + " was not ready after " + words(timeout) + ": " + state.words()
                + (probe == null ? "" : "; " + probe);
        return new Failed(
                new Verdict(
                        probe == null ? Verdict.Code.DEADLINE : Verdict.Code.NOT_READY,
                        message,
                        evidence,
                        probe == null
                                ? "allow more time with --timeout, or look at what the pods wait for"
                                : "look at what the readiness probe asks and what the program answers, or allow more"
                                        + " time with --timeout"),
                log);
    }

    /**
     * Returns the pods that keep a StatefulSet from going on: of another revision than it wants, and broken. The
     * controller waits until they are ready before it replaces them (kubernetes issue 67250).
     *
     * @param back whether an earlier release comes back: then a pod that was ready once, but does not run now, goes too
     */
    static List<LiveObject> stuckPods(Expected expected, Snapshot snapshot, boolean back) {
        LiveObject live = snapshot.object(expected.key());
        if (live == null
                || !KnownKinds.isStatefulSet(live.key())
                || !expected.isSeen(live)
                || !isObserved(live)
                || isOnDelete(live)) {
            return List.of();
        }
        String revision = Tree.text(live.tree(), "status", "updateRevision");
        int partition = partition(live);
        return snapshot.podsOf(live).stream()
                .filter(pod -> !revision.isEmpty() && !revision.equals(label(pod, "controller-revision-hash")))
                .filter(pod -> ordinal(pod) >= partition)
                .filter(pod -> !Conditions.isTrue(pod, "Ready"))
                .filter(pod -> isBroken(pod, snapshot) && (neverWasReady(pod) || (back && !runs(pod))))
                .toList();
    }

    /**
     * Tells whether a pod that is not ready shows why, or has had its time. One that only is about to start is left
     * alone: the members of a cluster must go one by one.
     */
    private static boolean isBroken(LiveObject pod, Snapshot snapshot) {
        PodHistory history = snapshot.podHistories().get(pod.uid());
        boolean hadItsTime =
                history != null && snapshot.since(history.seenSince()).compareTo(STUCK) >= 0;
        boolean ended = Pods.statuses(pod).stream()
                .anyMatch(status -> !Pods.isDoneInit(pod, status) && ContainerHistory.lastEnd(status) != null);
        boolean waits = Pods.statuses(pod).stream()
                .map(Pods::waitingReason)
                .anyMatch(reason ->
                        !reason.isEmpty() && !reason.equals("ContainerCreating") && !reason.equals("PodInitializing"));
        return hadItsTime || ended || waits || PodHistory.isUnscheduled(pod);
    }

    /** What never became ready is unready since it was set up; the times have the same form, so text will do. */
    private static boolean neverWasReady(LiveObject pod) {
        return since(pod, "Ready").compareTo(since(pod, "Initialized")) <= 0;
    }

    private static boolean runs(LiveObject pod) {
        return Tree.list(pod.tree(), "status", "containerStatuses").stream()
                .allMatch(status -> Tree.at(status, "state", "running") != null);
    }

    private static int ordinal(LiveObject pod) {
        String digits = pod.key().name().replaceFirst("^.*-(?=[0-9]{1,9}$)", "");
        return digits.matches("[0-9]{1,9}") ? Integer.parseInt(digits) : Integer.MAX_VALUE;
    }

    private static String since(LiveObject pod, String condition) {
        return Tree.text(Conditions.find(pod, condition), "lastTransitionTime");
    }

    private RolloutState steady(RolloutState state, LiveObject live, Snapshot snapshot) {
        boolean proven = !(state instanceof Done)
                || newPods(live, snapshot).stream().allMatch(pod -> isFinished(pod) || faults.isSteady(pod, snapshot));
        return proven ? state : new Progressing(state.words() + ", watching whether they stay up");
    }

    private static RolloutState status(LiveObject live, Snapshot snapshot) {
        ResourceKey key = live.key();
        return switch (key.group() + "/" + key.kind()) {
            case "apps/Deployment" -> deployment(live, snapshot);
            case "apps/StatefulSet" -> statefulSet(live);
            case "apps/DaemonSet" -> daemonSet(live, snapshot);
            case "apps/ReplicaSet", "/ReplicationController" -> replicas(live);
            case "/Pod" -> pod(live);
            case "apiextensions.k8s.io/CustomResourceDefinition" -> definition(live);
            default -> conditions(live);
        };
    }

    private static RolloutState deployment(LiveObject live, Snapshot snapshot) {
        int wanted = wanted(live);
        if (isPaused(live)) {
            return new Done("is paused: nothing rolls until it is resumed (kubectl rollout resume)");
        }
        if (!isObserved(live)) {
            return new Progressing("waiting for its controller");
        }
        int updated = count(live, "updatedReplicas");
        int all = count(live, "replicas");
        int available = count(live, "availableReplicas");
        if (updated < wanted) {
            return new Progressing(updated + " of " + pods(wanted) + " started");
        }
        if (available < updated) {
            return new Progressing(Math.max(0, available - (all - updated)) + " of " + pods(wanted) + " ready");
        }
        if (all > updated) {
            // Which pods are available the counts do not say: those of before may be all of them.
            int certain = Math.max(0, available - (all - updated));
            int ready = Math.max(certain, Math.min(wanted, readyPods(live, snapshot)));
            return new Progressing(
                    ready < wanted
                            ? ready + " of " + pods(wanted) + " ready, " + pods(all - updated)
                                    + " of before still there"
                            : pods(wanted) + " ready, " + pods(all - updated) + " of before still ending");
        }
        return ready(wanted);
    }

    private static int readyPods(LiveObject live, Snapshot snapshot) {
        return (int) newPods(live, snapshot).stream()
                .filter(pod -> Conditions.isTrue(pod, "Ready"))
                .count();
    }

    private static RolloutState statefulSet(LiveObject live) {
        int wanted = wanted(live);
        if (isOnDelete(live)) {
            return new Done("updates its pods only when they are deleted (updateStrategy OnDelete): not waiting");
        }
        if (!isObserved(live)) {
            return new Progressing("waiting for its controller");
        }
        int partition = partition(live);
        int toUpdate = Math.max(0, wanted - partition);
        boolean finished = Tree.text(live.tree(), "status", "updateRevision")
                .equals(Tree.text(live.tree(), "status", "currentRevision"));
        int updated = finished ? toUpdate : count(live, "updatedReplicas");
        if (updated < toUpdate) {
            return new Progressing(updated + " of " + pods(toUpdate) + " updated");
        }
        int ready = count(live, "readyReplicas");
        if (ready < wanted) {
            return new Progressing(ready + " of " + pods(wanted) + " ready");
        }
        if (count(live, "replicas") > wanted) {
            return new Progressing(pods(count(live, "replicas") - wanted) + " too many, still ending");
        }
        if (partition > 0 && !finished) {
            return new Done(pods(toUpdate) + " of " + wanted + " updated (partition " + partition + ")");
        }
        return finished ? ready(wanted) : new Progressing("all pods updated, waiting for its controller");
    }

    private static RolloutState daemonSet(LiveObject live, Snapshot snapshot) {
        if (isOnDelete(live)) {
            return new Done("updates its pods only when they are deleted (updateStrategy OnDelete): not waiting");
        }
        if (!isObserved(live)) {
            return new Progressing("waiting for its controller");
        }
        Set<String> down = nodesDown(live, snapshot);
        String left = down.isEmpty() ? "" : "; not waiting for nodes that are not ready: " + String.join(", ", down);
        int wanted = count(live, "desiredNumberScheduled") - down.size();
        int updated = count(live, "updatedNumberScheduled");
        int available = count(live, "numberAvailable");
        if (down.isEmpty() && updated < wanted) {
            return new Progressing(updated + " of " + pods(wanted) + " started");
        }
        // Where nodes are down, the counts hold pods on them, too; the pods themselves tell.
        int ready = down.isEmpty()
                ? available
                : (int) newPods(live, snapshot).stream()
                        .filter(pod -> !down.contains(node(pod)) && Conditions.isTrue(pod, "Ready"))
                        .count();
        return ready < wanted
                ? new Progressing(ready + " of " + pods(wanted) + " ready" + left)
                : new Done(ready(wanted).words() + left);
    }

    /** Returns the nodes that shall run a pod of the set and can't: they do not work. */
    private static Set<String> nodesDown(LiveObject live, Snapshot snapshot) {
        return snapshot.podsOf(live).stream()
                .map(RolloutJudge::node)
                .filter(snapshot.notReadyNodes()::contains)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String node(LiveObject pod) {
        String node = Tree.text(pod.tree(), "spec", "nodeName");
        if (!node.isEmpty()) {
            return node;
        }
        // One that waits for its node says so by affinity.
        Object terms = Tree.at(
                pod.tree(),
                "spec",
                "affinity",
                "nodeAffinity",
                "requiredDuringSchedulingIgnoredDuringExecution",
                "nodeSelectorTerms");
        for (Object term : terms instanceof List<?> list ? list : List.of()) {
            Object field = Tree.find(Tree.list(term, "matchFields"), "key", "metadata.name");
            for (Object value : Tree.list(field, "values")) {
                return String.valueOf(value);
            }
        }
        return "";
    }

    private static RolloutState replicas(LiveObject live) {
        int wanted = wanted(live);
        int ready = count(live, "readyReplicas");
        return isObserved(live) && ready >= wanted && count(live, "replicas") <= wanted
                ? ready(wanted)
                : new Progressing(ready + " of " + pods(wanted) + " ready");
    }

    private static RolloutState pod(LiveObject live) {
        if (Tree.text(live.tree(), "status", "phase").equals("Failed")) {
            String message = Tree.text(live.tree(), "status", "message");
            int code = Pods.exitCodeOf(live);
            return new Failed(
                    new Verdict(
                            Verdict.Code.POD_FAILED,
                            live.key() + " failed" + Pods.exitOf(live) + (message.isEmpty() ? "" : ": " + message),
                            List.of(),
                            code == 0 ? "nobody starts a bare pod again: use a Deployment" : ExitCode.hint(code)),
                    Pods.logOfUnready(live));
        }
        return Conditions.isTrue(live, "Ready")
                        || Tree.text(live.tree(), "status", "phase").equals("Succeeded")
                ? new Done("ready")
                : new Progressing("not ready yet");
    }

    private static RolloutState job(LiveObject live, Snapshot snapshot) {
        if (Conditions.isTrue(live, "Complete")) {
            return new Done("complete");
        }
        int failed = count(live, "failed");
        if (!Conditions.isTrue(live, "Failed")) {
            if (Tree.isTrue(live.tree(), "spec", "suspend")) {
                return new Done("is suspended: not waiting");
            }
            String attempt = failed == 0
                    ? ""
                    : ", " + failed + " of " + (1 + Tree.integer(BACKOFF_LIMIT, live.tree(), "spec", "backoffLimit"))
                            + " attempts failed";
            return new Progressing((count(live, "active") > 0 ? "running" : "waiting for its pod") + attempt);
        }
        LiveObject last = lastPod(live, snapshot);
        Object condition = Conditions.find(live, "Failed");
        boolean late = Tree.text(condition, "reason").equals("DeadlineExceeded");
        int code = last == null || late ? 0 : Pods.exitCodeOf(last);
        return new Failed(
                new Verdict(
                        Verdict.Code.JOB_FAILED,
                        live.key() + " failed"
                                + (failed > 1 ? " " + failed + " times" : "")
                                + (code == 0 ? "" : " with exit code " + code + ExitCode.inBrackets(code))
                                + ": " + Conditions.words(condition),
                        last == null ? List.of() : PodFaults.warnings(last, snapshot),
                        late
                                ? "it took longer than its activeDeadlineSeconds: raise them, or make it quicker; the"
                                        + " next deploy runs the Job again"
                                : (code == 0 ? "look at the last lines of its log" : ExitCode.hint(code))
                                        + "; the next deploy runs the Job again"),
                last == null ? null : Pods.logOfUnready(last),
                // A Job fails after its pod, but the watches of both are not in step.
                !late && last != null && code == 0 && !isFinished(last));
    }

    private static @Nullable LiveObject lastPod(LiveObject job, Snapshot snapshot) {
        return snapshot.podsOf(job).stream()
                .max(Comparator.comparing((LiveObject pod) -> Tree.text(pod.tree(), "metadata", "creationTimestamp")))
                .orElse(null);
    }

    private static RolloutState definition(LiveObject live) {
        return Conditions.isTrue(live, "Established")
                ? new Done("established")
                : new Progressing("not established yet");
    }

    /** Any other kind is ready when it says so; one that never says anything of the kind is not waited for. */
    private static RolloutState conditions(LiveObject live) {
        Object condition = Conditions.find(live, "Ready");
        if (condition == null) {
            condition = Conditions.find(live, "Available");
        }
        if (condition == null) {
            return new Done("is there");
        }
        String status = Tree.text(condition, "status");
        int observed = Tree.integer(Integer.MAX_VALUE, condition, "observedGeneration");
        boolean current = isObserved(live) && observed >= Tree.integer(0, live.tree(), "metadata", "generation");
        return current && status.equals("True")
                ? new Done("ready")
                : new Progressing("not ready"
                        + (Conditions.words(condition).isEmpty() ? "" : ": " + Conditions.words(condition)));
    }

    private static List<LiveObject> newPods(LiveObject live, Snapshot snapshot) {
        ResourceKey key = live.key();
        if (KnownKinds.isPod(key)) {
            return List.of(live);
        }
        List<LiveObject> pods = podsOfPresentTemplate(live, snapshot);
        // A pod that was evicted, or whose node went down, stays for a while and counts for its controller no more.
        return KnownKinds.isJob(key)
                ? pods
                : pods.stream().filter(pod -> !isFinished(pod)).toList();
    }

    private static boolean isFinished(LiveObject pod) {
        String phase = Tree.text(pod.tree(), "status", "phase");
        return phase.equals("Failed") || phase.equals("Succeeded");
    }

    private static List<LiveObject> podsOfPresentTemplate(LiveObject live, Snapshot snapshot) {
        ResourceKey key = live.key();
        if (KnownKinds.isDeployment(key)) {
            return newReplicaSet(live, snapshot).map(snapshot::podsOf).orElse(List.of());
        }
        if (KnownKinds.isStatefulSet(key)) {
            return isObserved(live)
                    ? labelled(
                            snapshot.podsOf(live),
                            "controller-revision-hash",
                            Tree.text(live.tree(), "status", "updateRevision"))
                    : List.of();
        }
        if (KnownKinds.isDaemonSet(key)) {
            String generation = live.annotation(TEMPLATE_GENERATION);
            return generation == null
                    ? snapshot.podsOf(live)
                    : labelled(snapshot.podsOf(live), "pod-template-generation", generation);
        }
        return snapshot.podsOf(live);
    }

    /**
     * Returns the ReplicaSet of a Deployment's present template. The watches of both are not in step, so it has to be
     * the one that the Deployment itself names.
     */
    private static Optional<LiveObject> newReplicaSet(LiveObject deployment, Snapshot snapshot) {
        String revision = deployment.annotation(REVISION_ANNOTATION);
        if (revision == null || !KnownKinds.isDeployment(deployment.key()) || !isObserved(deployment)) {
            return Optional.empty();
        }
        return snapshot.replicaSetsOf(deployment).stream()
                .filter(replicaSet -> revision.equals(replicaSet.annotation(REVISION_ANNOTATION)))
                .findFirst();
    }

    private static List<LiveObject> labelled(List<LiveObject> pods, String label, String value) {
        return pods.stream().filter(pod -> value.equals(label(pod, label))).toList();
    }

    private static String label(LiveObject object, String name) {
        return Tree.text(object.tree(), "metadata", "labels", name);
    }

    /** Tells whether the status is about the present specification; kinds that don't say so are believed. */
    private static boolean isObserved(LiveObject live) {
        int generation = Tree.integer(0, live.tree(), "metadata", "generation");
        Integer observed = Tree.integer(live.tree(), "status", "observedGeneration");
        boolean mustSay = live.key().group().equals("apps");
        return observed == null ? !mustSay : observed >= generation;
    }

    private static @Nullable String probeAnswer(LiveObject pod, Snapshot snapshot) {
        return snapshot.eventsOf(pod).stream()
                .filter(event -> event.reason().equals("Unhealthy"))
                .max(Comparator.comparing(Snapshot.SeenEvent::last))
                .map(event -> event.message().replaceAll("\\s+", " "))
                .orElse(null);
    }

    private static boolean isPaused(LiveObject live) {
        return KnownKinds.isDeployment(live.key()) && Tree.isTrue(live.tree(), "spec", "paused");
    }

    private static boolean isOnDelete(LiveObject live) {
        return Tree.text(live.tree(), "spec", "updateStrategy", "type").equals("OnDelete");
    }

    private static int partition(LiveObject live) {
        return Tree.integer(0, live.tree(), "spec", "updateStrategy", "rollingUpdate", "partition");
    }

    private static int wanted(LiveObject live) {
        return Tree.integer(1, live.tree(), "spec", "replicas");
    }

    private static int count(LiveObject live, String field) {
        return Tree.integer(0, live.tree(), "status", field);
    }

    private static Done ready(int pods) {
        return new Done(pods == 0 ? "has no pods, as wanted" : pods(pods) + " ready");
    }

    private static String pods(int count) {
        return count == 1 ? "1 pod" : count + " pods";
    }

    private static String words(Duration time) {
        return time.toSeconds() % 60 == 0 && time.toMinutes() > 0 ? time.toMinutes() + " min" : time.toSeconds() + " s";
    }
}
