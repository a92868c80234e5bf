package io.jenkins.plugins.lockstep.delivery;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.deploy.Change.Operation;
import io.jenkins.plugins.lockstep.deploy.Plan;
import io.jenkins.plugins.lockstep.deploy.Verdict;
import io.jenkins.plugins.lockstep.history.Release;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How a release of an environment ended.
 *
 * @param release the release, or the current one where nothing had to change
 * @param verdict how the rollout ended
 * @param restored the release that was brought back when this one failed, null where none was
 * @param restoreVerdict how bringing it back ended, null where it was not tried
 * @param plan what was changed
 * @param pruned how many objects were deleted
 * @param seconds how long it took
 */
public record DeployResult(
        Release release,
        Verdict verdict,
        @Nullable Release restored,
        @Nullable Verdict restoreVerdict,
        Plan plan,
        int pruned,
        double seconds) {

    /** Returns the failure that the front end has to report, or empty where all went well. */
    public Optional<DeliveryException> failure() {
        if (verdict.isGood()) {
            return Optional.empty();
        }
        boolean lost = restoreVerdict != null && !restoreVerdict.isGood();
        var why = new ArrayList<>(verdict.evidence());
        why.add(restoreInWords());
        return Optional.of(
                DeliveryException.of(lost ? Problem.RESTORE_FAILED : Problem.ROLLOUT_FAILED, verdict.message())
                        .where(release.app() + " in " + release.environment() + ", release " + release.number())
                        .why(String.join("\n", why))
                        .hint(verdict.hint()));
    }

    /** Returns the kind of {@link #failure()}. */
    public Optional<Problem> problem() {
        return failure().map(DeliveryException::problem);
    }

    /** Says what runs after a failure, in words that can't be overread where somebody must look. */
    public String restoreInWords() {
        if (restored != null) {
            return "release " + restored.number() + " is back, revision " + restored.revision();
        }
        if (restoreVerdict == null) {
            return "nothing was restored: what was applied stays";
        }
        var words = new StringBuilder("THE RESTORE FAILED TOO: ").append(restoreVerdict.message());
        restoreVerdict.evidence().forEach(line -> words.append('\n').append(line));
        return words.toString();
    }

    /** Returns the JSON document of the contract (design, section 3). */
    public Map<String, @Nullable Object> toTree() {
        var tree = new LinkedHashMap<String, @Nullable Object>();
        tree.put("app", release.app());
        tree.put("environment", release.environment());
        tree.put("release", release.number());
        tree.put("revision", release.revision());
        tree.put("images", Trees.images(release));
        Trees.putFirstImage(tree, release);
        tree.put("configMaps", new ArrayList<>(release.configMaps()));
        tree.put("seal", release.seal());
        tree.put("verdict", Trees.verdict(verdict));
        tree.put("remarks", new ArrayList<>(release.remarks()));
        tree.put("restored", restored == null ? null : Trees.numberAndRevision(restored));
        var changes = new LinkedHashMap<String, @Nullable Object>();
        changes.put("created", plan.count(Operation.CREATE));
        changes.put("configured", plan.count(Operation.CONFIGURE));
        changes.put("unchanged", plan.count(Operation.KEEP));
        changes.put("pruned", pruned);
        tree.put("changes", changes);
        tree.put("seconds", seconds);
        return tree;
    }
}
