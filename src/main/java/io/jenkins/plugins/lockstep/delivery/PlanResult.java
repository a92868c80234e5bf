package io.jenkins.plugins.lockstep.delivery;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.deploy.Change;
import io.jenkins.plugins.lockstep.deploy.Change.Operation;
import io.jenkins.plugins.lockstep.deploy.ChangeDetail;
import io.jenkins.plugins.lockstep.deploy.FieldChange;
import io.jenkins.plugins.lockstep.deploy.Plan;
import io.jenkins.plugins.lockstep.deploy.Rehearsal;
import io.jenkins.plugins.lockstep.deploy.Spared;
import io.jenkins.plugins.lockstep.history.Release;
import io.jenkins.plugins.lockstep.manifest.ResourceKey;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a deploy would do. What Secrets hold is in it as digests alone.
 *
 * @param draft the release that it would make; its number is 0
 * @param rehearsal the changes, field by field
 * @param current the release that runs, null where none does
 * @param refusals why a deploy would be refused, in the order in which it would find out; empty where it would not
 * @param bundle the file that the plan was saved to, null where it was not
 */
public record PlanResult(
        Release draft,
        Rehearsal rehearsal,
        @Nullable Release current,
        List<DeliveryException> refusals,
        @Nullable Path bundle) {

    public PlanResult {
        refusals = List.copyOf(refusals);
    }

    /** Returns the changes. */
    public Plan plan() {
        return rehearsal.plan();
    }

    /** Tells whether a deploy would change anything or record a release. */
    public boolean hasChanges() {
        return !plan().isEmpty() || current == null || !current.seal().equals(draft.seal());
    }

    /** Returns what a deploy would be refused for first, or empty where it would not. */
    public Optional<DeliveryException> failure() {
        return refusals.stream().findFirst();
    }

    /** Returns the plan as a JSON document. */
    public Map<String, @Nullable Object> toTree() {
        var tree = new LinkedHashMap<String, @Nullable Object>();
        tree.put("app", draft.app());
        tree.put("environment", draft.environment());
        tree.put("revision", draft.revision());
        tree.put("images", Trees.images(draft));
        tree.put("configMaps", new ArrayList<>(draft.configMaps()));
        tree.put("seal", draft.seal());
        tree.put("current", current == null ? null : Trees.numberAndRevision(current));
        tree.put("hasChanges", hasChanges());
        tree.put("counts", counts());
        tree.put("changes", rehearsal.details().stream().map(PlanResult::tree).toList());
        tree.put("retained", plan().spared().stream().map(PlanResult::tree).toList());
        tree.put("refusals", refusals.stream().map(DeliveryException::toTree).toList());
        tree.put("bundle", bundle == null ? null : bundle.toString());
        return tree;
    }

    private Map<String, @Nullable Object> counts() {
        var counts = new LinkedHashMap<String, @Nullable Object>();
        counts.put("created", plan().count(Operation.CREATE));
        counts.put("configured", plan().count(Operation.CONFIGURE));
        counts.put("unchanged", plan().count(Operation.KEEP));
        counts.put("pruned", plan().count(Operation.PRUNE));
        return counts;
    }

    private static Map<String, @Nullable Object> tree(ChangeDetail detail) {
        Change change = detail.change();
        var tree = new LinkedHashMap<String, @Nullable Object>();
        tree.put("operation", change.operation().name().toLowerCase(Locale.ROOT));
        put(tree, change.key());
        tree.put("place", change.desired() == null ? null : change.desired().place());
        tree.put("fields", detail.fields().stream().map(PlanResult::tree).toList());
        tree.put("notes", new ArrayList<>(detail.notes()));
        return tree;
    }

    private static Map<String, @Nullable Object> tree(FieldChange field) {
        var tree = new LinkedHashMap<String, @Nullable Object>();
        tree.put("path", field.path());
        tree.put("from", field.from());
        tree.put("to", field.to());
        return tree;
    }

    private static Map<String, @Nullable Object> tree(Spared spared) {
        var tree = new LinkedHashMap<String, @Nullable Object>();
        put(tree, spared.key());
        tree.put("why", spared.reason().words());
        return tree;
    }

    private static void put(Map<String, @Nullable Object> tree, ResourceKey key) {
        tree.put("kind", key.kind());
        tree.put("namespace", key.namespace());
        tree.put("name", key.name());
    }
}
