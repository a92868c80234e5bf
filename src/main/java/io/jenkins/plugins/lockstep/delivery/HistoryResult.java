package io.jenkins.plugins.lockstep.delivery;

import io.jenkins.plugins.lockstep.history.Hold;
import io.jenkins.plugins.lockstep.history.Release;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The ledger of an environment.
 *
 * @param app the application
 * @param environment the environment
 * @param releases newest first
 * @param older how many more there are; where they were not read, as many as their numbers say
 * @param hold what holds the environment or its newest revision, null where nothing does
 */
public record HistoryResult(String app, String environment, List<Release> releases, int older, @Nullable Hold hold) {

    /** Returns the JSON document of the contract (design, section 3). */
    public Map<String, @Nullable Object> toTree() {
        var list = new ArrayList<Map<String, @Nullable Object>>();
        releases.forEach(release -> list.add(Trees.historyEntry(release)));
        var tree = new LinkedHashMap<String, @Nullable Object>();
        tree.put("app", app);
        tree.put("environment", environment);
        tree.put("releases", list);
        tree.put("hold", Trees.hold(hold));
        return tree;
    }
}
