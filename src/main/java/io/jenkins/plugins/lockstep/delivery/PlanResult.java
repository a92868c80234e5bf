package io.jenkins.plugins.lockstep.delivery;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.deploy.Change;
import io.jenkins.plugins.lockstep.deploy.Plan;
import io.jenkins.plugins.lockstep.history.Release;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a deploy would do.
 *
 * @param draft the release that it would make; its number is 0
 * @param plan the changes
 * @param current the release that runs, null where none does
 * @param warnings what the guards have to say although they let it pass
 * @param refusal what a deploy would end with because of a guard, null where all let it pass
 */
public record PlanResult(
        Release draft,
        Plan plan,
        @Nullable Release current,
        List<String> warnings,
        @Nullable DeliveryException refusal) {

    /** Tells whether a deploy would change anything or record a release. */
    public boolean hasChanges() {
        return !plan.isEmpty() || current == null || !current.seal().equals(draft.seal());
    }

    /** Returns the plan as a JSON document. */
    public Map<String, @Nullable Object> toTree() {
        var changes = new ArrayList<Map<String, @Nullable Object>>();
        for (Change change : plan.changes()) {
            var tree = new LinkedHashMap<String, @Nullable Object>();
            tree.put("operation", change.operation().name().toLowerCase(Locale.ROOT));
            tree.put("kind", change.key().kind());
            tree.put("namespace", change.key().namespace());
            tree.put("name", change.key().name());
            tree.put("fields", new ArrayList<>(change.fields()));
            changes.add(tree);
        }
        var tree = new LinkedHashMap<String, @Nullable Object>();
        tree.put("app", draft.app());
        tree.put("environment", draft.environment());
        tree.put("revision", draft.revision());
        tree.put("images", Trees.images(draft));
        tree.put("configMaps", new ArrayList<>(draft.configMaps()));
        tree.put("seal", draft.seal());
        tree.put("current", current == null ? null : Trees.numberAndRevision(current));
        tree.put("hasChanges", hasChanges());
        tree.put("remarks", new ArrayList<>(draft.remarks()));
        tree.put("warnings", new ArrayList<>(warnings));
        tree.put("changes", changes);
        return tree;
    }
}
