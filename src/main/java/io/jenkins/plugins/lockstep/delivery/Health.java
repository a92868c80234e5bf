package io.jenkins.plugins.lockstep.delivery;

import io.jenkins.plugins.lockstep.common.document.Tree;
import io.jenkins.plugins.lockstep.deploy.LiveObject;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How well what was released runs at one moment.
 *
 * @param state in one word
 * @param ready how many of the wanted pods are ready
 * @param wanted how many pods are wanted
 * @param reason what the first pod says that is not ready; null where there is none or it says nothing
 */
public record Health(State state, int ready, int wanted, @Nullable String reason) {

    private static final Set<String> WORKLOADS = Set.of("Deployment", "StatefulSet", "DaemonSet");

    /** In one word. */
    public enum State {
        /** Every wanted pod is ready; also where none is wanted. */
        READY,
        /** Some of the wanted pods are not ready, and every workload has some that are. */
        DEGRADED,
        /** A workload that wants pods has none that is ready, or is not there at all. */
        FAILING,
        /** Nothing runs here: no release was good yet, or the target runs no pods. */
        NOTHING,
        /** It can't be told. */
        UNKNOWN;

        /** Returns the stable word for machines. */
        public String word() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    static final Health NOTHING = new Health(State.NOTHING, 0, 0, null);
    static final Health UNKNOWN = new Health(State.UNKNOWN, 0, 0, null);

    /**
     * Reads the health of workloads.
     *
     * @param live the released objects that are there
     * @param missing whether one with pods is not
     * @param pods theirs
     */
    static Health of(List<LiveObject> live, boolean missing, List<StatusResult.Pod> pods) {
        int ready = 0;
        int wanted = 0;
        boolean failing = missing;
        for (LiveObject object : live) {
            if (!object.key().group().equals("apps")
                    || !WORKLOADS.contains(object.key().kind())) {
                continue;
            }
            boolean onNodes = object.key().kind().equals("DaemonSet");
            int wants = onNodes
                    ? Tree.integer(0, object.tree(), "status", "desiredNumberScheduled")
                    : Tree.integer(1, object.tree(), "spec", "replicas");
            int has = Tree.integer(0, object.tree(), "status", onNodes ? "numberReady" : "readyReplicas");
            wanted += wants;
            ready += Math.min(wants, has);
            failing |= wants > 0 && has == 0;
        }
        State state = failing ? State.FAILING : ready < wanted ? State.DEGRADED : State.READY;
        String reason = state == State.READY
                ? null
                : pods.stream()
                        .filter(pod -> !pod.ready() && pod.reason() != null)
                        .map(pod -> "pod " + pod.name() + ": " + pod.reason())
                        .findFirst()
                        .orElse(null);
        return new Health(state, ready, wanted, reason);
    }

    /** Returns it in a few words, for example {@code degraded 2/3}. */
    public String words() {
        return switch (state) {
            case NOTHING, UNKNOWN -> "-";
            default -> state.word() + " " + ready + "/" + wanted;
        };
    }
}
