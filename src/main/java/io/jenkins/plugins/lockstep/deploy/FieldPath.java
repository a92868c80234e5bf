package io.jenkins.plugins.lockstep.deploy;

import io.jenkins.plugins.lockstep.common.document.Tree;
import java.math.BigDecimal;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds what is at a field path of a plan, for example {@code spec.template.spec.containers[name=web].image}.
 *
 * <p>Keys may hold dots themselves, as those of annotations do: where several keys fit, the longest is taken.
 */
final class FieldPath {

    private FieldPath() {}

    /** Returns the value at the path, null where there is none. */
    static @Nullable Object at(@Nullable Object tree, String path) {
        if (path.isEmpty()) {
            return tree;
        }
        String rest = path.startsWith(".") ? path.substring(1) : path;
        if (tree instanceof Map<?, ?> map) {
            Optional<String> key = map.keySet().stream()
                    .map(String::valueOf)
                    .filter(name -> rest.equals(name) || isWithin(rest, name))
                    .max(Comparator.comparingInt(String::length));
            return key.isEmpty()
                    ? null
                    : at(map.get(key.get()), rest.substring(key.get().length()));
        }
        int end = rest.indexOf(']');
        if (tree instanceof List<?> list && rest.startsWith("[") && end > 0) {
            return at(item(list, rest.substring(1, end)), rest.substring(end + 1));
        }
        return null;
    }

    /** Tells whether {@code path} is a field of what is at {@code outer}. */
    static boolean isWithin(String path, String outer) {
        return path.length() > outer.length()
                && path.startsWith(outer)
                && (path.charAt(outer.length()) == '.' || path.charAt(outer.length()) == '[');
    }

    private static @Nullable Object item(List<?> list, String name) {
        if (!name.isEmpty() && name.chars().allMatch(letter -> letter >= '0' && letter <= '9')) {
            int index = Integer.parseInt(name);
            return index < list.size() ? list.get(index) : null;
        }
        for (Object item : list) {
            if (named(item, name)) {
                return item;
            }
        }
        return null;
    }

    private static boolean named(@Nullable Object item, String name) {
        for (String part : name.split(",", -1)) {
            int equals = part.indexOf('=');
            if (equals < 0) {
                return false;
            }
            String key = part.substring(0, equals);
            Object value = Tree.map(item).get(key);
            if (value == null && key.equals("protocol")) {
                value = "TCP";
            }
            if (!plain(value).equals(part.substring(equals + 1))) {
                return false;
            }
        }
        return true;
    }

    private static String plain(@Nullable Object value) {
        return value instanceof Number
                ? new BigDecimal(value.toString()).stripTrailingZeros().toPlainString()
                : String.valueOf(value);
    }
}
