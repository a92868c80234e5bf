package io.jenkins.plugins.lockstep.deploy;

import io.jenkins.plugins.lockstep.common.document.Tree;
import io.jenkins.plugins.lockstep.manifest.ResourceKey;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a manifest's annotations ask of a deploy. */
final class Wish {

    private static final Set<String> WISHES = Set.of("lockstep.io/prune", "lockstep.io/run", "lockstep.io/on-rollback");

    private Wish() {}

    /** Tells whether people write the annotation; all others of that prefix are Lockstep's own. */
    static boolean isWish(String annotation) {
        return WISHES.contains(annotation);
    }

    /** {@code lockstep.io/prune: never}. */
    static boolean isNeverPruned(Map<String, @Nullable Object> tree) {
        return asks(tree, "lockstep.io/prune", "never");
    }

    /** {@code lockstep.io/run: before} on a Job: it has to be complete before the workloads are applied. */
    static boolean runsBefore(ResourceKey key, Map<String, @Nullable Object> tree) {
        return KnownKinds.isJob(key) && asks(tree, "lockstep.io/run", "before");
    }

    /** {@code lockstep.io/on-rollback: run} on a Job. */
    static boolean runsOnRollback(Map<String, @Nullable Object> tree) {
        return asks(tree, "lockstep.io/on-rollback", "run");
    }

    private static boolean asks(Map<String, @Nullable Object> tree, String annotation, String value) {
        return value.equals(Tree.text(tree, "metadata", "annotations", annotation));
    }
}
