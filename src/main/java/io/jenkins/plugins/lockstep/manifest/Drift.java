package io.jenkins.plugins.lockstep.manifest;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

public final class Drift {

    private Drift() {}

    /** Returns the paths of the fields of {@code rendered} that {@code live} does not have with the same value. */
    public static List<String> between(Map<String, @Nullable Object> rendered, Map<String, @Nullable Object> live) {
        return List.of();
    }
}
