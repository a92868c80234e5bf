package io.jenkins.plugins.lockstep.jenkins.builder;

import hudson.EnvVars;
import hudson.model.EnvironmentContributingAction;
import hudson.model.InvisibleAction;
import hudson.model.Run;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The result of an operation as variables of the later steps of a freestyle build: {@code LOCKSTEP_IMAGE},
 * {@code LOCKSTEP_DIGEST}, {@code LOCKSTEP_REVISION}, {@code LOCKSTEP_RELEASE}; of several images also
 * {@code LOCKSTEP_IMAGE_NAME} and {@code LOCKSTEP_DIGEST_NAME}. What a later operation says replaces what an earlier one said.
 */
public final class ResultVariables extends InvisibleAction implements EnvironmentContributingAction {

    private final TreeMap<String, String> variables;

    private ResultVariables(Map<String, String> variables) {
        this.variables = new TreeMap<>(variables);
    }

    /** Reads them off a result, empty where it has none. */
    static Optional<ResultVariables> of(Map<String, @Nullable Object> result) {
        var variables = new TreeMap<String, String>();
        put(variables, "LOCKSTEP_IMAGE", result.get("image"));
        put(variables, "LOCKSTEP_DIGEST", result.get("digest"));
        put(variables, "LOCKSTEP_REVISION", result.get("revision"));
        if (result.get("release") instanceof Integer number) {
            put(variables, "LOCKSTEP_RELEASE", number);
        }
        if (result.get("images") instanceof List<?> images && images.size() > 1) {
            for (Object each : images) {
                if (each instanceof Map<?, ?> image) {
                    String name = String.valueOf(image.get("name"))
                            .toUpperCase(Locale.ROOT)
                            .replaceAll("[^A-Z0-9]", "_");
                    put(variables, "LOCKSTEP_IMAGE_" + name, image.get("image"));
                    put(variables, "LOCKSTEP_DIGEST_" + name, image.get("digest"));
                }
            }
        }
        return variables.isEmpty() ? Optional.empty() : Optional.of(new ResultVariables(variables));
    }

    private static void put(Map<String, String> variables, String name, @Nullable Object value) {
        if (value != null) {
            variables.put(name, value.toString());
        }
    }

    @Override
    public void buildEnvironment(Run<?, ?> run, EnvVars env) {
        env.putAll(variables);
    }
}
