package io.jenkins.plugins.lockstep.manifest;

import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A field as API servers name it: {@code spec.template.spec.containers[0].image}, or in server-side apply {@code
 * .spec.template.spec.containers[name="web"].image}.
 */
final class FieldPath {

    private static final Pattern STEP = Pattern.compile("\\.?([^.\\[\\]]+)|\\[((?:\"[^\"]*\"|[^\\]\"])*)\\]");
    private static final Pattern KEY = Pattern.compile("([\\w-]+)=(?:\"([^\"]*)\"|([^,\\]]*))");

    private FieldPath() {}

    /**
     * Returns the path in the form that documents know lines by: without a leading dot, items of lists by number. It ends
     * where it leads to nothing that the object has.
     */
    static String inDocument(String field, @Nullable Object object) {
        var path = new StringBuilder();
        Object node = object;
        Matcher step = STEP.matcher(field);
        while (step.find() && node != null) {
            if (step.group(1) != null) {
                path.append(path.length() == 0 ? "" : ".").append(step.group(1));
                node = node instanceof Map<?, ?> map ? map.get(step.group(1)) : null;
            } else if (node instanceof List<?> list) {
                int index = index(list, step.group(2));
                if (index < 0) {
                    return path.toString();
                }
                path.append('[').append(index).append(']');
                node = list.get(index);
            } else {
                // A key with dots, such as a label's.
                path.append('.').append(step.group(2));
                node = node instanceof Map<?, ?> map ? map.get(step.group(2)) : null;
            }
        }
        return path.toString();
    }

    private static int index(List<?> list, String selector) {
        if (selector.matches("[0-9]{1,6}")) {
            int index = Integer.parseInt(selector);
            return index < list.size() ? index : -1;
        }
        for (int i = 0; i < list.size(); i++) {
            if (list.get(i) instanceof Map<?, ?> item && hasKeys(item, selector)) {
                return i;
            }
        }
        return -1;
    }

    private static boolean hasKeys(Map<?, ?> item, String selector) {
        Matcher key = KEY.matcher(selector);
        boolean any = false;
        while (key.find()) {
            String wanted = key.group(2) != null ? key.group(2) : key.group(3);
            Object found = item.get(key.group(1));
            // What the manifest leaves to defaults (a port's protocol) can't be compared.
            if (found != null && !String.valueOf(found).equals(wanted)) {
                return false;
            }
            any |= found != null;
        }
        return any;
    }
}
