package io.jenkins.plugins.lockstep.delivery;

import io.jenkins.plugins.lockstep.history.Release;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A release that was pinned, or is no longer.
 *
 * @param release as it is now
 */
public record PinResult(Release release) {

    /** Returns the result as a JSON document. */
    public Map<String, @Nullable Object> toTree() {
        var tree = new LinkedHashMap<String, @Nullable Object>();
        tree.put("app", release.app());
        tree.put("environment", release.environment());
        tree.put("release", Trees.historyEntry(release));
        return tree;
    }
}
