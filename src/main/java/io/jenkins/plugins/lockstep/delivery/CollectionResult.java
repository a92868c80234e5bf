package io.jenkins.plugins.lockstep.delivery;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What was collected and what was kept, and why.
 *
 * @param app the application
 * @param dryRun whether nothing was deleted
 * @param decisions one for each thing that was looked at
 */
public record CollectionResult(String app, boolean dryRun, List<Decision> decisions) {

    public CollectionResult {
        decisions = List.copyOf(decisions);
    }

    /** What can be collected. */
    public enum Sort {
        /** What a release rendered: that its entry in the ledger says where its objects are. */
        PAYLOAD,
        /** A piece of the ledger with rendered objects. */
        CHUNK,
        /** An immutable ConfigMap of the application. */
        CONFIGMAP,
        /** An immutable Secret of the application. */
        SECRET,
        /** An image, by the tag that names its revision. */
        IMAGE;

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * What becomes of one thing.
     *
     * @param environment where it is, null for an image
     * @param sort what it is
     * @param name which
     * @param kept whether it stays
     * @param reason why
     */
    public record Decision(@Nullable String environment, Sort sort, String name, boolean kept, String reason) {}

    /** Returns how many things of a sort stay, or go. */
    public long count(Sort sort, boolean kept) {
        return decisions.stream()
                .filter(decision -> decision.sort() == sort && decision.kept() == kept)
                .count();
    }

    /** Returns the result as a JSON document. */
    public Map<String, @Nullable Object> toTree() {
        var list = new ArrayList<Map<String, @Nullable Object>>();
        for (Decision decision : decisions) {
            var tree = new LinkedHashMap<String, @Nullable Object>();
            tree.put("environment", decision.environment());
            tree.put("sort", decision.sort().word());
            tree.put("name", decision.name());
            tree.put("kept", decision.kept());
            tree.put("reason", decision.reason());
            list.add(tree);
        }
        var tree = new LinkedHashMap<String, @Nullable Object>();
        tree.put("app", app);
        tree.put("dryRun", dryRun);
        tree.put("kept", decisions.stream().filter(Decision::kept).count());
        tree.put(
                "deleted",
                decisions.stream().filter(decision -> !decision.kept()).count());
        tree.put("decisions", list);
        return tree;
    }
}
