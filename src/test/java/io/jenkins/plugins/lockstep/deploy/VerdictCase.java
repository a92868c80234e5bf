package io.jenkins.plugins.lockstep.deploy;

import io.jenkins.plugins.lockstep.common.document.Tree;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** One fault that is provoked on purpose: what is rolled out, when its condition holds, and what the verdict has to be. */
final class VerdictCase {

    /** Does something to the cluster in the middle of a case. */
    interface Action {
        void run(VerdictBench bench) throws Exception;
    }

    final String cause;
    final String conclusive;
    final Verdict.Code code;
    final List<String> words = new ArrayList<>();
    final Map<String, String> graces = new HashMap<>();
    String yaml = "";
    String before = "";
    Duration timeout = Duration.ofMinutes(8);
    Action setup = bench -> {};
    boolean restricted;

    /** Looks at what the independent watch saw; true once the condition holds. */
    @Nullable
    Predicate<Map<String, Object>> condition;

    /** How long after that the verdict is due. */
    Duration grace = Duration.ZERO;

    @Nullable
    Predicate<Map<String, Object>> trigger;

    Action action = bench -> {};

    VerdictCase(Verdict.Code code, String cause, String conclusive) {
        this.code = code;
        this.cause = cause;
        this.conclusive = conclusive;
    }

    VerdictCase of(String manifest) {
        yaml = manifest;
        return this;
    }

    VerdictCase after(String manifest) {
        before = manifest;
        return this;
    }

    VerdictCase set(Action preparation) {
        setup = preparation;
        return this;
    }

    VerdictCase with(String grace, String value) {
        graces.put(grace, value);
        return this;
    }

    VerdictCase within(Duration time) {
        timeout = time;
        return this;
    }

    VerdictCase as(boolean someoneWithFewRights) {
        restricted = someoneWithFewRights;
        return this;
    }

    VerdictCase holds(Predicate<Map<String, Object>> when, Duration then) {
        condition = when;
        grace = then;
        return this;
    }

    VerdictCase holds(Predicate<Map<String, Object>> when) {
        return holds(when, Duration.ZERO);
    }

    VerdictCase when(Predicate<Map<String, Object>> when, Action then) {
        trigger = when;
        action = then;
        return this;
    }

    VerdictCase says(String... some) {
        words.addAll(List.of(some));
        return this;
    }

    boolean recovers() {
        return code == Verdict.Code.RUNNING;
    }

    // ---- what an independent watch can see

    /** A pod has a container that ended so often. */
    static Predicate<Map<String, Object>> exits(int wanted) {
        return object -> anyContainer(object, status -> {
            boolean running = Tree.at(status, "state", "running") != null;
            boolean ended = Tree.at(status, "state", "terminated") != null
                    || Tree.at(status, "lastState", "terminated") != null;
            return Tree.integer(0, status, "restartCount") + (ended && !running ? 1 : 0) >= wanted;
        });
    }

    /** A pod has a container that waits for a reason. */
    static Predicate<Map<String, Object>> waits(String reason) {
        return object -> anyContainer(object, status -> Tree.text(status, "state", "waiting", "reason")
                .equals(reason));
    }

    /** A pod has a container whose image can't be pulled; which of the two states is shown is chance. */
    static Predicate<Map<String, Object>> pullFails() {
        return waits("ErrImagePull").or(waits("ImagePullBackOff"));
    }

    static Predicate<Map<String, Object>> unscheduled() {
        return object -> is(object, "Pod") && hasCondition(object, "PodScheduled", "False");
    }

    static Predicate<Map<String, Object>> jobFailed() {
        return object -> is(object, "Job") && hasCondition(object, "Failed", "True");
    }

    static Predicate<Map<String, Object>> podFailed() {
        return object ->
                is(object, "Pod") && Tree.text(object, "status", "phase").equals("Failed");
    }

    static Predicate<Map<String, Object>> claimPending() {
        return object -> is(object, "PersistentVolumeClaim")
                && Tree.text(object, "status", "phase").equals("Pending");
    }

    /** Events with the reason, and these words in their message, were told so often. */
    static Predicate<Map<String, Object>> told(String reason, String words, int times) {
        BiFunction<Map<String, Integer>, Map<String, Object>, Integer> count = (counts, event) -> {
            counts.put(Tree.text(event, "metadata", "uid"), Math.max(1, Tree.integer(1, event, "count")));
            return counts.values().stream().mapToInt(Integer::intValue).sum();
        };
        var counts = new HashMap<String, Integer>();
        return object -> is(object, "Event")
                && Tree.text(object, "reason").equals(reason)
                && Tree.text(object, "message").contains(words)
                && count.apply(counts, object) >= times;
    }

    /** A pull has failed so often, by the states of a pod's container or by the events, whichever comes first. */
    static Predicate<Map<String, Object>> pulls(int times) {
        var told = told("Failed", "Failed to pull image", times);
        Predicate<Map<String, Object>> failing = waits("ErrImagePull");
        boolean[] before = {false};
        int[] pulls = {0};
        return object -> {
            if (is(object, "Pod")) {
                boolean now = failing.test(object);
                pulls[0] += now && !before[0] ? 1 : 0;
                before[0] = now;
            }
            return pulls[0] >= times || told.test(object);
        };
    }

    private static boolean anyContainer(Map<String, Object> object, Predicate<Object> test) {
        var statuses = new ArrayList<Object>(Tree.list(object, "status", "initContainerStatuses"));
        statuses.addAll(Tree.list(object, "status", "containerStatuses"));
        return is(object, "Pod") && statuses.stream().anyMatch(test);
    }

    private static boolean hasCondition(Map<String, Object> object, String type, String status) {
        return Tree.text(Tree.find(Tree.list(object, "status", "conditions"), "type", type), "status")
                .equals(status);
    }

    private static boolean is(Map<String, Object> object, String kind) {
        return Tree.text(object, "kind").equals(kind);
    }
}
