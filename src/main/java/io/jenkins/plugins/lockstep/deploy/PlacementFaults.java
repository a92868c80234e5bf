package io.jenkins.plugins.lockstep.deploy;

import io.jenkins.plugins.lockstep.common.document.Tree;
import io.jenkins.plugins.lockstep.deploy.RolloutState.Failed;
import io.jenkins.plugins.lockstep.deploy.Snapshot.SeenClaim;
import io.jenkins.plugins.lockstep.deploy.Snapshot.SeenEvent;
import io.jenkins.plugins.lockstep.manifest.ResourceKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Judges pods that get no node, for want of room or of a volume (design, section 6). Pure. */
final class PlacementFaults {

    private static final String NO_SCALE_UP = "NotTriggerScaleUp";
    private static final String SCALE_UP = "TriggeredScaleUp";
    private static final Set<String> AUTOSCALER = Set.of(NO_SCALE_UP, SCALE_UP);
    /** Signs that somebody makes the volume; that Kubernetes waits for a driver is none: nobody may answer to its name. */
    private static final Set<String> PROVISIONING = Set.of("Provisioning", "ProvisioningSucceeded");

    private static final Set<String> CLAIM_NEWS =
            Set.of("ExternalProvisioning", "WaitForFirstConsumer", "FailedBinding", "ProvisioningFailed");
    private static final Pattern NO_CLAIM = Pattern.compile("persistentvolumeclaim \"([^\"]+)\" not found");

    private final Graces graces;

    PlacementFaults(Graces graces) {
        this.graces = graces;
    }

    @Nullable
    Failed conclusive(ResourceKey owner, LiveObject pod, Snapshot snapshot) {
        PodHistory history = snapshot.podHistories().get(pod.uid());
        if (history == null || history.unscheduledSince() == null) {
            return null;
        }
        String message =
                Tree.text(Conditions.find(pod, "PodScheduled"), "message").strip();
        Duration waits = snapshot.since(history.unscheduledSince());
        Matcher noClaim = NO_CLAIM.matcher(message);
        if (noClaim.find()) {
            return waits.compareTo(graces.reference()) < 0 ? null : noClaim(owner, pod, noClaim.group(1), message);
        }
        List<SeenClaim> pending = pendingClaims(pod, message, snapshot);
        if (!pending.isEmpty()) {
            return pending.stream()
                    .filter(claim -> isOver(claim, snapshot))
                    .findFirst()
                    .map(claim -> pending(owner, pod, claim, snapshot))
                    .orElse(null);
        }
        Optional<SeenEvent> autoscaler =
                snapshot.newest(pod, AUTOSCALER).filter(event -> !(history.fromBefore() && event.fromBefore()));
        boolean scalesUp =
                autoscaler.filter(event -> event.reason().equals(SCALE_UP)).isPresent();
        boolean refuses =
                autoscaler.filter(event -> event.reason().equals(NO_SCALE_UP)).isPresent();
        return refuses || (!scalesUp && waits.compareTo(graces.scheduling()) >= 0)
                ? unschedulable(owner, pod, message, refuses, snapshot)
                : null;
    }

    private static Failed unschedulable(
            ResourceKey owner, LiveObject pod, String message, boolean refused, Snapshot snapshot) {
        var evidence = new ArrayList<String>();
        snapshot.newest(pod, AUTOSCALER).ifPresent(event -> evidence.add(event.reason() + ": " + event.message()));
        evidence.addAll(PodFaults.warnings(pod, snapshot));
        return new Failed(
                new Verdict(
                        Verdict.Code.UNSCHEDULABLE,
                        owner + ": no node takes pod " + Pods.name(pod) + ": " + withoutStop(message)
                                + (refused ? "; and the autoscaler adds none" : ""),
                        evidence,
                        hint(message)),
                null);
    }

    private static String hint(String message) {
        if (message.contains("volume node affinity conflict")) {
            return "the pod's volume is tied to nodes that have no room: make room there, or move the volume";
        }
        if (message.contains("Insufficient ")) {
            return "ask for less (resources.requests), free some, or add a node";
        }
        if (message.contains("node selector") || message.contains("node affinity") || message.contains("affinity")) {
            return "correct nodeSelector, affinity or anti-affinity in the manifest, or label a node to match";
        }
        if (message.contains("taint")) {
            return "add a toleration for the taint that it names, or make nodes ready that have none";
        }
        if (message.contains("free ports")) {
            return "another pod holds that hostPort on every node: use a Service instead, or a rolling update with"
                    + " maxSurge: 0";
        }
        return "look at what the message counts against each node (kubectl describe nodes)";
    }

    private static Failed noClaim(ResourceKey owner, LiveObject pod, String claim, String message) {
        return new Failed(
                new Verdict(
                        Verdict.Code.MISSING_CONFIGURATION,
                        owner + ": pod " + Pods.name(pod) + " can't start: the PersistentVolumeClaim " + claim
                                + " is missing",
                        List.of(message),
                        "create the PersistentVolumeClaim " + claim + " in namespace "
                                + pod.key().namespace() + ", or correct its name in the manifest"),
                null);
    }

    /** Returns the pod's claims without a volume; those that wait for the pod to get a node are not what it waits for. */
    private static List<SeenClaim> pendingClaims(LiveObject pod, String message, Snapshot snapshot) {
        var pending = new ArrayList<SeenClaim>();
        for (Object volume : Tree.list(pod.tree(), "spec", "volumes")) {
            String name = Tree.text(volume, "persistentVolumeClaim", "claimName");
            SeenClaim claim = snapshot.claims()
                    .get(new ResourceKey("", "PersistentVolumeClaim", pod.key().namespace(), name));
            if (claim == null || claim.pendingSince() == null) {
                continue;
            }
            boolean waitsForPod = snapshot.newest(claim.claim(), CLAIM_NEWS)
                    .filter(event -> event.reason().equals("WaitForFirstConsumer"))
                    .isPresent();
            boolean named = message.contains("PersistentVolumeClaim") || message.contains("persistent volume");
            if (!waitsForPod || named) {
                pending.add(claim);
            }
        }
        return pending;
    }

    private boolean isOver(SeenClaim claim, Snapshot snapshot) {
        Duration since = claim.pendingSince();
        if (since == null) {
            return false;
        }
        Duration last = snapshot.newest(claim.claim(), PROVISIONING)
                .map(SeenEvent::last)
                .filter(made -> made.compareTo(since) > 0)
                .orElse(since);
        return snapshot.since(last).compareTo(graces.volumeClaim()) >= 0;
    }

    private static Failed pending(ResourceKey owner, LiveObject pod, SeenClaim seen, Snapshot snapshot) {
        LiveObject claim = seen.claim();
        String storageClass = Tree.text(claim.tree(), "spec", "storageClassName");
        var evidence = new ArrayList<String>();
        snapshot.newest(claim, CLAIM_NEWS).ifPresent(event -> evidence.add(event.reason() + ": " + event.message()));
        evidence.addAll(PodFaults.warnings(pod, snapshot));
        boolean external =
                snapshot.newest(claim, Set.of("ExternalProvisioning")).isPresent();
        return new Failed(
                new Verdict(
                        Verdict.Code.VOLUME_PENDING,
                        owner + ": pod " + Pods.name(pod) + " waits for a volume that nobody makes: the claim "
                                + claim.key().name()
                                + (storageClass.isEmpty()
                                        ? " has no storage class"
                                        : " asks for storage class " + storageClass),
                        evidence,
                        storageClass.isEmpty()
                                ? "name a storageClassName (kubectl get storageclass), or make a PersistentVolume that"
                                        + " fits the claim"
                                : external
                                        ? "look whether the storage driver of that class runs"
                                        : "check the class's name (kubectl get storageclass), or make a"
                                                + " PersistentVolume that fits the claim"),
                null);
    }

    private static String withoutStop(String message) {
        return message.endsWith(".") ? message.substring(0, message.length() - 1) : message;
    }
}
