package io.jenkins.plugins.lockstep.delivery;

import io.jenkins.plugins.lockstep.history.Hold;
import io.jenkins.plugins.lockstep.history.Release;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What runs in the environments of an application.
 *
 * @param app the application
 * @param environments in the order of the project file
 */
public record StatusResult(String app, List<EnvironmentStatus> environments) {

    /**
     * What runs in one environment.
     *
     * @param environment its name
     * @param namespace where it lives
     * @param current the release that runs, null where none was good yet
     * @param newest the newest attempt, null where there was none
     * @param pods the pods of the released workloads, empty in a directory
     * @param hold what holds the environment or its newest revision, null where nothing does
     */
    public record EnvironmentStatus(
            String environment,
            String namespace,
            @Nullable Release current,
            @Nullable Release newest,
            List<Pod> pods,
            @Nullable Hold hold) {

        public long readyPods() {
            return pods.stream().filter(Pod::ready).count();
        }
    }

    /**
     * One pod.
     *
     * @param name its name
     * @param phase what Kubernetes calls its state
     * @param ready whether it takes requests
     * @param address its IP address, null while it has none
     */
    public record Pod(String name, String phase, boolean ready, @Nullable String address) {}

    /** Returns the result as a JSON document. */
    public Map<String, @Nullable Object> toTree() {
        var list = new ArrayList<Map<String, @Nullable Object>>();
        for (EnvironmentStatus status : environments) {
            var pods = new ArrayList<Map<String, @Nullable Object>>();
            for (Pod pod : status.pods()) {
                var tree = new LinkedHashMap<String, @Nullable Object>();
                tree.put("name", pod.name());
                tree.put("phase", pod.phase());
                tree.put("ready", pod.ready());
                tree.put("address", pod.address());
                pods.add(tree);
            }
            var tree = new LinkedHashMap<String, @Nullable Object>();
            tree.put("environment", status.environment());
            tree.put("namespace", status.namespace());
            tree.put("current", status.current() == null ? null : Trees.historyEntry(status.current()));
            tree.put("newest", status.newest() == null ? null : Trees.historyEntry(status.newest()));
            tree.put("pods", pods);
            tree.put("hold", Trees.hold(status.hold()));
            list.add(tree);
        }
        var tree = new LinkedHashMap<String, @Nullable Object>();
        tree.put("app", app);
        tree.put("environments", list);
        return tree;
    }
}
