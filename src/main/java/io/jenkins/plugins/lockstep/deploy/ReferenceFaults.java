package io.jenkins.plugins.lockstep.deploy;

import io.jenkins.plugins.lockstep.common.document.Tree;
import io.jenkins.plugins.lockstep.deploy.RolloutState.Failed;
import io.jenkins.plugins.lockstep.deploy.Snapshot.SeenEvent;
import io.jenkins.plugins.lockstep.manifest.ResourceKey;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Judges what pods refer to and do not get: configuration and volumes (design, section 6). Pure. */
final class ReferenceFaults {

    private static final Pattern MISSING_OBJECT = Pattern.compile("(?i)(configmap|secret) \"([^\"]+)\" not found");
    private static final Pattern MISSING_KEY =
            Pattern.compile("(?i)couldn't find key (\\S+) in (configmap|secret) ([^/\\s]+)/(\\S+)");
    private static final Pattern MISSING_KEY_OF_VOLUME =
            Pattern.compile("(?i)for volume \"([^\"]+)\" : .*references non-existent \\w+ key: (\\S+)");
    private static final Pattern VOLUME = Pattern.compile("for volume \"([^\"]+)\" : (.*)", Pattern.DOTALL);
    private static final Set<String> MOUNT_REASONS =
            Set.of("FailedMount", "FailedAttachVolume", "FailedMapVolume", "VolumeMountError");
    /** What a node does once all volumes of a pod are there. */
    private static final Set<String> MOUNTED = Set.of("Pulling", "Pulled", "Created");
    /** The kubelet summary that names no cause. */
    private static final String GIVEN_UP = "Unable to attach or mount volumes";
    /** Nodes try again less and less often: where the next try comes late, the last one has to do. */
    private static final Duration LATE_TRY = Duration.ofSeconds(5);

    private final Graces graces;
    private final Set<ResourceKey> immutable;

    /**
     * Judges by these graces.
     *
     * @param immutable the ConfigMaps and Secrets of the release that can't change: nobody will add what they lack
     */
    ReferenceFaults(Graces graces, Set<ResourceKey> immutable) {
        this.graces = graces;
        this.immutable = Set.copyOf(immutable);
    }

    /** Judges a container that can't be created. */
    @Nullable
    Failed ofContainer(ResourceKey owner, LiveObject pod, Object status, ContainerHistory history, Snapshot snapshot) {
        if (history.notCreatedSince() == null) {
            return null;
        }
        String message = Tree.text(status, "state", "waiting", "message");
        Missing missing = Missing.in(message, pod);
        boolean atOnce = missing != null && isOfRelease(missing, pod);
        if (!atOnce && snapshot.since(history.notCreatedSince()).compareTo(graces.reference()) < 0) {
            return null;
        }
        String container = "container " + Tree.text(status, "name");
        return missing != null
                ? missing(owner, pod, missing, container + ": " + message)
                : new Failed(
                        new Verdict(
                                message.contains("subPath")
                                        ? Verdict.Code.VOLUME_NOT_MOUNTED
                                        : Verdict.Code.CONTAINER_NOT_CREATED,
                                owner + ": " + container + " of pod " + Pods.name(pod) + " can't be created: "
                                        + message,
                                PodFaults.warnings(pod, snapshot),
                                message.contains("runAsNonRoot")
                                        ? "give the image a user that is not root (image.user, a number), or set"
                                                + " securityContext.runAsUser"
                                        : "correct what the message names in the container's part of the manifest"),
                        null);
    }

    /** Judges the volumes of a pod; the node says again and again what it can't mount. */
    @Nullable
    Failed ofVolumes(ResourceKey owner, LiveObject pod, Snapshot snapshot) {
        boolean waits = Pods.statuses(pod).stream().anyMatch(status -> {
            String reason = Pods.waitingReason(status);
            return reason.equals("ContainerCreating") || reason.equals("PodInitializing");
        });
        if (!waits) {
            return null;
        }
        Optional<SeenEvent> mounted = snapshot.newest(pod, MOUNTED);
        for (SeenEvent event : snapshot.eventsOf(pod)) {
            boolean open = MOUNT_REASONS.contains(event.reason())
                    && !event.message().startsWith(GIVEN_UP)
                    && !event.message().contains("cache: timed out waiting for the condition")
                    && mounted.filter(later -> later.last().compareTo(event.last()) >= 0)
                            .isEmpty();
            if (!open) {
                continue;
            }
            Missing missing = Missing.in(event.message(), pod);
            boolean atOnce = missing != null && isOfRelease(missing, pod);
            if (atOnce || isOver(missing == null ? graces.mount() : graces.reference(), event, snapshot)) {
                return missing != null
                        ? missing(owner, pod, missing, event.reason() + ": " + event.message())
                        : notMounted(owner, pod, event, snapshot);
            }
        }
        return null;
    }

    private static boolean isOver(Duration grace, SeenEvent event, Snapshot snapshot) {
        if (event.fromBefore()) {
            return false;
        }
        Duration failing = snapshot.since(event.first());
        boolean triedSince = event.last().minus(event.first()).compareTo(grace) >= 0;
        return failing.compareTo(grace) >= 0 && (triedSince || failing.compareTo(grace.plus(LATE_TRY)) >= 0);
    }

    private static Failed notMounted(ResourceKey owner, LiveObject pod, SeenEvent event, Snapshot snapshot) {
        Matcher volume = VOLUME.matcher(event.message());
        String what = volume.find()
                ? "the volume " + volume.group(1) + " can't be mounted: " + volume.group(2)
                : "a volume can't be mounted: " + event.message();
        return new Failed(
                new Verdict(
                        Verdict.Code.VOLUME_NOT_MOUNTED,
                        owner + ": pod " + Pods.name(pod) + " can't start: " + what,
                        PodFaults.warnings(pod, snapshot),
                        event.reason().equals("FailedAttachVolume")
                                ? "look whether another node still holds the volume, and at the storage driver"
                                : "correct the volume in the manifest, or mend what the node finds there"),
                null);
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
                        owner + ": pod " + Pods.name(pod) + " can't start: " + what,
                        List.of(evidence),
                        hint),
                null);
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
