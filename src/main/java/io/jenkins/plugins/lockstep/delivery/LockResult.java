package io.jenkins.plugins.lockstep.delivery;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * What the base images of a project are now.
 *
 * @param app the application
 * @param file the lock file
 * @param bases digests by base and platform: what the lock file is to say
 * @param changed whether it said something else, or was not there
 * @param written whether it was written
 * @param seconds how long it took
 */
public record LockResult(
        String app,
        Path file,
        SortedMap<String, SortedMap<String, String>> bases,
        boolean changed,
        boolean written,
        double seconds) {

    /** Returns the JSON document: {@code bases} has digests by base and platform. */
    public Map<String, @Nullable Object> toTree() {
        var byBase = new LinkedHashMap<String, @Nullable Object>();
        bases.forEach((base, digests) -> byBase.put(base, new LinkedHashMap<>(digests)));
        var tree = new LinkedHashMap<String, @Nullable Object>();
        tree.put("app", app);
        tree.put("file", file.toString());
        tree.put("changed", changed);
        tree.put("written", written);
        tree.put("bases", byBase);
        tree.put("seconds", seconds);
        return tree;
    }
}
