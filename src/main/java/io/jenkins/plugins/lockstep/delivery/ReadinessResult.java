package io.jenkins.plugins.lockstep.delivery;

import io.jenkins.plugins.lockstep.history.Release;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an environment can be rolled back to.
 *
 * @param app the application
 * @param environment the environment
 * @param current the release that runs, null where none was good yet
 * @param previous what a rollback that names nothing goes back to, null for nothing
 * @param targets newest first, of each seal the newest
 * @param more how many older ones were not looked at
 */
public record ReadinessResult(
        String app,
        String environment,
        @Nullable Release current,
        @Nullable Release previous,
        List<Target> targets,
        int more) {

    /**
     * One release to go back to.
     *
     * @param release which
     * @param reasons what a rollback to it would lack; none where it is ready
     * @param notes what a rollback to it would do besides
     */
    public record Target(Release release, List<String> reasons, List<String> notes) {

        /** Tells whether a rollback would find all that it needs. */
        public boolean isReady() {
            return reasons.isEmpty();
        }
    }

    /** Tells whether every target that was looked at is ready. */
    public boolean isReady() {
        return targets.stream().allMatch(Target::isReady);
    }

    /** Returns the result as a JSON document. */
    public Map<String, @Nullable Object> toTree() {
        var list = new ArrayList<Map<String, @Nullable Object>>();
        for (Target target : targets) {
            Release release = target.release();
            var tree = new LinkedHashMap<String, @Nullable Object>();
            tree.put("release", release.number());
            tree.put("revision", release.revision());
            tree.put("at", release.at().toString());
            tree.put("by", release.by());
            Trees.putFirstImage(tree, release);
            tree.put("seal", release.seal());
            tree.put("pinned", release.pinned());
            tree.put("ready", target.isReady());
            tree.put("reasons", target.reasons());
            tree.put("notes", target.notes());
            list.add(tree);
        }
        var tree = new LinkedHashMap<String, @Nullable Object>();
        tree.put("app", app);
        tree.put("environment", environment);
        tree.put("current", current == null ? null : Trees.numberAndRevision(current));
        tree.put("previous", previous == null ? null : Trees.numberAndRevision(previous));
        tree.put("targets", list);
        tree.put("more", more);
        return tree;
    }
}
