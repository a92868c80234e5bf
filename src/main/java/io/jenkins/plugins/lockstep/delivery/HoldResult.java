package io.jenkins.plugins.lockstep.delivery;

import io.jenkins.plugins.lockstep.history.Hold;
import io.jenkins.plugins.lockstep.history.HoldDocument;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What holds an environment after someone held it, or lifted what held it.
 *
 * @param app the application
 * @param environment the environment
 * @param hold what holds it now, null where nothing does
 * @param lifted what was lifted, newest first
 */
public record HoldResult(String app, String environment, @Nullable Hold hold, List<Hold> lifted) {

    public HoldResult {
        lifted = List.copyOf(lifted);
    }

    /** Returns the result as a JSON document. */
    public Map<String, @Nullable Object> toTree() {
        var list = new ArrayList<Map<String, @Nullable Object>>();
        lifted.forEach(one -> list.add(HoldDocument.of(one)));
        var tree = new LinkedHashMap<String, @Nullable Object>();
        tree.put("app", app);
        tree.put("environment", environment);
        tree.put("hold", Trees.hold(hold));
        tree.put("lifted", list);
        return tree;
    }

    /** Says who held, when and why. */
    public static String inWords(Hold hold) {
        return HoldGuard.inWords(hold);
    }
}
