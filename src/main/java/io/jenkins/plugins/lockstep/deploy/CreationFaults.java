package io.jenkins.plugins.lockstep.deploy;

import io.jenkins.plugins.lockstep.common.document.Tree;
import io.jenkins.plugins.lockstep.deploy.RolloutState.Failed;
import io.jenkins.plugins.lockstep.deploy.Snapshot.SeenEvent;
import io.jenkins.plugins.lockstep.manifest.ResourceKey;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Judges controllers that can't create their pods: quotas, policies, webhooks (design, section 6). Pure. */
final class CreationFaults {

    private static final Pattern QUOTA = Pattern.compile("exceeded quota: ([^,\\s]+)");
    private static final Pattern NO_ACCOUNT = Pattern.compile("serviceaccount \"([^\"]+)\" not found");
    /** A policy has decided; what only could not be asked may pass. */
    private static final Pattern DENIED = Pattern.compile("denied the request|violates PodSecurity"
            + "|unable to validate against any (?:pod security policy|security context constraint)"
            + "|(?:minimum|maximum) \\S+ usage per|is invalid: ");

    private static final Pattern CONTROLLERS_WORDS = Pattern.compile(
            "^(?:Error creating: |create Pod \\S+ in StatefulSet \\S+ failed error: )", Pattern.CASE_INSENSITIVE);

    private final Graces graces;

    CreationFaults(Graces graces) {
        this.graces = graces;
    }

    /**
     * Judges what creates the pods.
     *
     * @param creator the ReplicaSet of a Deployment, else the workload itself
     */
    @Nullable
    Failed conclusive(ResourceKey owner, LiveObject creator, Snapshot snapshot) {
        if (!lacksPods(creator, snapshot)) {
            return null;
        }
        List<SeenEvent> failures = snapshot.eventsOf(creator).stream()
                .filter(event -> event.reason().equals("FailedCreate") && !event.fromBefore())
                .toList();
        if (failures.isEmpty()) {
            return null;
        }
        String message = CONTROLLERS_WORDS.matcher(failures.get(0).message()).replaceFirst("");
        Duration since = failures.stream()
                .map(SeenEvent::first)
                .min(Comparator.naturalOrder())
                .orElseThrow();
        Matcher account = NO_ACCOUNT.matcher(message);
        if (account.find()) {
            return snapshot.since(since).compareTo(graces.reference()) < 0
                    ? null
                    : noAccount(owner, creator, account.group(1), message);
        }
        Matcher quota = QUOTA.matcher(message);
        if (quota.find()) {
            return isQuiet(since, creator, snapshot) ? quota(owner, creator, quota.group(1), message) : null;
        }
        boolean denied = DENIED.matcher(message).find();
        return denied || snapshot.since(since).compareTo(graces.quota()) >= 0
                ? denied(owner, message, snapshot, creator)
                : null;
    }

    /** Pods that are on their way out still count for a quota. */
    private boolean isQuiet(Duration since, LiveObject creator, Snapshot snapshot) {
        Duration terminating = snapshot.lastTerminating().get(creator.key().namespace());
        Duration quiet = terminating != null && terminating.compareTo(since) > 0 ? terminating : since;
        return snapshot.since(quiet).compareTo(graces.quota()) >= 0;
    }

    private static boolean lacksPods(LiveObject creator, Snapshot snapshot) {
        ResourceKey key = creator.key();
        if (KnownKinds.isJob(key)) {
            return snapshot.podsOf(creator).isEmpty()
                    && !Conditions.isTrue(creator, "Complete")
                    && !Conditions.isTrue(creator, "Failed");
        }
        if (KnownKinds.isDaemonSet(key)) {
            return Tree.integer(0, creator.tree(), "status", "currentNumberScheduled")
                    < Tree.integer(0, creator.tree(), "status", "desiredNumberScheduled");
        }
        return Tree.integer(0, creator.tree(), "status", "replicas")
                < Tree.integer(1, creator.tree(), "spec", "replicas");
    }

    private static Failed quota(ResourceKey owner, LiveObject creator, String name, String message) {
        return new Failed(
                new Verdict(
                        Verdict.Code.QUOTA_EXCEEDED,
                        owner + ": the quota " + name + " of namespace "
                                + creator.key().namespace() + " leaves no room for its pods",
                        List.of(message),
                        "raise the quota, ask for less (replicas, resources), or replace pods one by one (maxSurge: 0)"),
                null);
    }

    private static Failed noAccount(ResourceKey owner, LiveObject creator, String name, String message) {
        return new Failed(
                new Verdict(
                        Verdict.Code.MISSING_CONFIGURATION,
                        owner + ": its pods can't be created: the ServiceAccount " + name + " is missing",
                        List.of(message),
                        "create it: kubectl create serviceaccount " + name + " -n "
                                + creator.key().namespace() + ", or correct serviceAccountName"),
                null);
    }

    private static Failed denied(ResourceKey owner, String message, Snapshot snapshot, LiveObject creator) {
        boolean unanswered = message.contains("failed calling webhook");
        return new Failed(
                new Verdict(
                        Verdict.Code.ADMISSION_DENIED,
                        owner + ": its pods can't be created: " + message,
                        PodFaults.warnings(creator, snapshot),
                        unanswered
                                ? "the admission webhook that it names does not answer: look at its pods"
                                : "change the pod template to what the policy asks for, or ask who owns the policy"),
                null);
    }
}
