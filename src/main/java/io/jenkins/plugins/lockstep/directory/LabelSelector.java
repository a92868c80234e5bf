package io.jenkins.plugins.lockstep.directory;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The API's syntax for choosing objects by their labels. */
final class LabelSelector {

    private static final Pattern REQUIREMENT = Pattern.compile("(?<absent>!)?\\s*(?<key>[\\w./-]+)\\s*"
            + "(?:(?<operator>==?|!=)\\s*(?<value>[\\w.-]*)|(?<set>in|notin)\\s*\\((?<values>[^)]*)\\))?");

    /** Commas between requirements, not those within parentheses. */
    private static final Pattern COMMA = Pattern.compile(",(?![^(]*\\))");

    private LabelSelector() {}

    /**
     * Parses a selector.
     *
     * @param text null for one that takes everything
     * @throws DeliveryException {@link Problem#CLUSTER_REJECTED} where it is none
     */
    static Predicate<Map<?, ?>> parse(@Nullable String text) {
        Predicate<Map<?, ?>> all = labels -> true;
        if (text == null || text.isBlank()) {
            return all;
        }
        for (String part : COMMA.splitAsStream(text).toList()) {
            Matcher requirement = REQUIREMENT.matcher(part.strip());
            if (!requirement.matches()) {
                throw DeliveryException.of(Problem.CLUSTER_REJECTED, "'" + text + "' is no label selector");
            }
            all = all.and(predicate(requirement));
        }
        return all;
    }

    private static Predicate<Map<?, ?>> predicate(Matcher requirement) {
        String key = requirement.group("key");
        String operator = requirement.group("operator");
        if (operator != null) {
            String value = requirement.group("value");
            return operator.equals("!=")
                    ? labels -> !value.equals(labels.get(key))
                    : labels -> value.equals(labels.get(key));
        }
        String set = requirement.group("set");
        if (set != null) {
            List<String> values = COMMA.splitAsStream(requirement.group("values"))
                    .map(String::strip)
                    .toList();
            return set.equals("in")
                    ? labels -> labels.get(key) != null && values.contains(labels.get(key))
                    : labels -> labels.get(key) == null || !values.contains(labels.get(key));
        }
        boolean absent = requirement.group("absent") != null;
        return labels -> labels.containsKey(key) != absent;
    }
}
