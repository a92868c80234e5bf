package io.jenkins.plugins.lockstep.jenkins.run;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.delivery.DeployResult;
import java.io.Serializable;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What came of an operation, on its way from the machine that ran it: plain trees alone, so that it passes a controller's
 * filter of classes. A rollout that failed has a result and a problem.
 */
final class Outcome implements Serializable {

    private static final long serialVersionUID = 1L;

    private final LinkedHashMap<String, @Nullable Object> result;
    private final LinkedHashMap<String, @Nullable Object> release;
    private final LinkedHashMap<String, @Nullable Object> problem;

    private Outcome(
            LinkedHashMap<String, @Nullable Object> result,
            LinkedHashMap<String, @Nullable Object> release,
            LinkedHashMap<String, @Nullable Object> problem) {
        this.result = result;
        this.release = release;
        this.problem = problem;
    }

    /** Makes the outcome of an operation that released nothing. */
    static Outcome of(Map<String, @Nullable Object> result) {
        return new Outcome(PlainTree.copy(result), new LinkedHashMap<>(), new LinkedHashMap<>());
    }

    /** Returns a copy that also has a problem. */
    Outcome with(DeliveryException failure) {
        return new Outcome(result, release, PlainTree.copy(failure.toTree()));
    }

    /** @param begun whether a release was made, instead of the current one being right already */
    static Outcome of(DeployResult ended, boolean begun) {
        var more = new LinkedHashMap<String, @Nullable Object>();
        more.put("begun", begun);
        more.put("good", ended.verdict().isGood());
        more.put("vcs", ended.release().vcs());
        more.put("rollbackOf", ended.release().rollbackOf());
        var outcome = new Outcome(PlainTree.copy(ended.toTree()), more, new LinkedHashMap<>());
        return ended.failure().map(outcome::with).orElse(outcome);
    }

    static Outcome failed(DeliveryException failure) {
        return new Outcome(new LinkedHashMap<>(), new LinkedHashMap<>(), new LinkedHashMap<>()).with(failure);
    }

    /** Returns the JSON document of the contract, empty where there is none. */
    Map<String, @Nullable Object> result() {
        return result;
    }

    /** Returns what the document does not say of a release, empty where there is none. */
    Map<String, @Nullable Object> release() {
        return release;
    }

    /** Returns the contract's document of a failure, empty where there is none. */
    Map<String, @Nullable Object> problem() {
        return problem;
    }
}
