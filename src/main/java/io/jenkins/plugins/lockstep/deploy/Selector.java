package io.jenkins.plugins.lockstep.deploy;

import io.jenkins.plugins.lockstep.common.document.Tree;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A workload's {@code spec.selector}. */
final class Selector {

    private Selector() {}

    /** Tells whether it selects pods with these labels; a rule that is not known selects nothing. */
    static boolean matches(Object selector, Map<String, @Nullable Object> labels) {
        boolean all = Tree.map(selector, "matchLabels").entrySet().stream()
                .allMatch(label -> String.valueOf(label.getValue()).equals(labels.get(label.getKey())));
        return all
                && Tree.list(selector, "matchExpressions").stream().allMatch(expression -> matches(labels, expression));
    }

    private static boolean matches(Map<String, @Nullable Object> labels, @Nullable Object expression) {
        Object value = labels.get(Tree.text(expression, "key"));
        List<?> values = Tree.list(expression, "values");
        return switch (Tree.text(expression, "operator")) {
            case "In" -> value != null && values.contains(value);
            case "NotIn" -> value == null || !values.contains(value);
            case "Exists" -> value != null;
            case "DoesNotExist" -> value == null;
            default -> false;
        };
    }

    /** Returns it for people: {@code app=cart, tier in (web, api)}. */
    static String words(Object selector) {
        var parts = new ArrayList<String>();
        Tree.map(selector, "matchLabels").forEach((key, value) -> parts.add(key + "=" + value));
        for (Object expression : Tree.list(selector, "matchExpressions")) {
            List<String> values = Tree.list(expression, "values").stream()
                    .map(String::valueOf)
                    .toList();
            parts.add(Tree.text(expression, "key") + " " + Tree.text(expression, "operator")
                    + (values.isEmpty() ? "" : " (" + String.join(", ", values) + ")"));
        }
        return String.join(", ", parts);
    }
}
