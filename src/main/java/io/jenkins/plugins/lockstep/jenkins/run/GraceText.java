package io.jenkins.plugins.lockstep.jenkins.run;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.delivery.RolloutSettings;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Graces as steps and forms write them: {@code scheduling=5m exits=5}, with spaces, commas or lines between them. */
public final class GraceText {

    private GraceText() {}

    /**
     * Parses a text.
     *
     * @throws DeliveryException {@link Problem#BAD_USAGE} where a part has no {@code =}, or names no grace or no value
     */
    public static Map<String, String> parse(@Nullable String text) {
        var graces = new LinkedHashMap<String, String>();
        if (text == null) {
            return graces;
        }
        for (String part : text.strip().split("[\\s,]+", -1)) {
            int sign = part.indexOf('=');
            if (sign < 1) {
                if (part.isEmpty()) {
                    continue;
                }
                throw DeliveryException.of(Problem.BAD_USAGE, "'" + part + "' is no grace")
                        .hint("write NAME=VALUE, for example scheduling=5m");
            }
            graces.put(part.substring(0, sign), part.substring(sign + 1));
        }
        RolloutSettings.requireGraces(graces);
        return graces;
    }
}
