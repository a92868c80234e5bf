package io.jenkins.plugins.lockstep.bench;

import io.jenkins.plugins.lockstep.TestBed;
import io.jenkins.plugins.lockstep.common.document.Tree;
import io.jenkins.plugins.lockstep.kube.RawWatch;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Looks at the pods of one revision by a watch of its own, and notes when a condition holds for the first time. */
final class PodSeen implements AutoCloseable {

    /** How long the watch may lag behind the engine's. */
    private static final long PATIENCE_MILLIS = 10_000;

    /** What is waited for. */
    @FunctionalInterface
    interface Condition {
        boolean holds(PodSeen seen);
    }

    private final String revision;
    private final Condition condition;
    private final Set<String> exits = new HashSet<>();
    private final Map<String, Integer> reasons = new HashMap<>();
    private String reason = "";
    private boolean ready;
    private @Nullable Long since;
    private final RawWatch pods;
    private final RawWatch events;
    private int failedPulls;

    PodSeen(String namespace, String revision, Condition condition) {
        this.revision = revision;
        this.condition = condition;
        String place = "api/v1/namespaces/" + namespace;
        this.pods = new RawWatch(TestBed.kubeconfig(), place + "/pods", this::look);
        this.events = new RawWatch(TestBed.kubeconfig(), place + "/events", this::lookAtEvent);
    }

    /** Returns how often a container was seen to have ended. */
    int exits() {
        return exits.size();
    }

    /** Returns how often an image was asked for in vain. */
    int failedPulls() {
        return failedPulls;
    }

    boolean isReady() {
        return ready;
    }

    /** Returns how often a reason was given anew. */
    int times(String given) {
        return reasons.getOrDefault(given, 0);
    }

    /** Returns how long the condition has held at a moment; negative where the watch saw it later. */
    synchronized double secondsSince(long nanos) throws InterruptedException {
        long until = System.currentTimeMillis() + PATIENCE_MILLIS;
        while (since == null && System.currentTimeMillis() < until) {
            wait(PATIENCE_MILLIS);
        }
        if (since == null) {
            throw new IllegalStateException("the API never showed it: " + reasons + ", exits " + exits);
        }
        return (nanos - since) / 1e9;
    }

    private synchronized void look(Map<String, Object> pod) {
        if (!revision.equals(Tree.text(pod, "metadata", "annotations", "bench-revision"))) {
            return;
        }
        long now = System.nanoTime();
        for (Object status : Tree.list(pod, "status", "containerStatuses")) {
            for (String state : List.of("state", "lastState")) {
                String id = Tree.text(status, state, "terminated", "containerID");
                if (!id.isEmpty()) {
                    exits.add(id);
                }
            }
            told(Tree.text(status, "state", "waiting", "reason"));
        }
        for (Object one : Tree.list(pod, "status", "conditions")) {
            boolean holds = Tree.text(one, "status").equals("True");
            ready |= holds && Tree.text(one, "type").equals("Ready");
            if (!holds && Tree.text(one, "type").equals("PodScheduled")) {
                told(Tree.text(one, "reason"));
            }
        }
        note(now);
    }

    private synchronized void lookAtEvent(Map<String, Object> event) {
        long now = System.nanoTime();
        if (Tree.text(event, "message").startsWith("Failed to pull image")) {
            failedPulls = Math.max(failedPulls, Tree.integer(1, event, "count"));
        }
        note(now);
    }

    private void note(long now) {
        if (since == null && condition.holds(this)) {
            since = now;
            notifyAll();
        }
    }

    private void told(String given) {
        if (!given.equals(reason)) {
            reason = given;
            reasons.merge(given, 1, Integer::sum);
        }
    }

    @Override
    public void close() {
        pods.close();
        events.close();
    }
}
