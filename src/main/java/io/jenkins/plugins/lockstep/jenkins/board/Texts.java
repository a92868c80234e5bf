package io.jenkins.plugins.lockstep.jenkins.board;

import io.jenkins.plugins.lockstep.common.document.Tree;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads what records hold besides what {@link Tree} reads. */
final class Texts {

    private Texts() {}

    static @Nullable String orNull(@Nullable Object tree, String key) {
        return Tree.at(tree, key) instanceof String text ? text : null;
    }

    static List<String> list(@Nullable Object tree, String key) {
        return Tree.list(tree, key).stream().map(String::valueOf).toList();
    }

    static Instant instant(@Nullable Object tree, String key) {
        return Instant.parse(Tree.text(tree, key));
    }
}
