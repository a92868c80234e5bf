package io.jenkins.plugins.lockstep.deploy;

import io.jenkins.plugins.lockstep.common.document.Tree;
import org.jspecify.annotations.Nullable;

/** Reads {@code status.conditions}. */
final class Conditions {

    private Conditions() {}

    static @Nullable Object find(LiveObject object, String type) {
        return Tree.find(Tree.list(object.tree(), "status", "conditions"), "type", type);
    }

    static boolean isTrue(LiveObject object, String type) {
        return "True".equals(Tree.text(find(object, type), "status"));
    }

    /** Returns {@code REASON: MESSAGE} of a condition, as far as it has them. */
    static String words(@Nullable Object condition) {
        String reason = Tree.text(condition, "reason");
        String message = Tree.text(condition, "message");
        return reason.isEmpty() ? message : message.isEmpty() ? reason : reason + ": " + message;
    }
}
