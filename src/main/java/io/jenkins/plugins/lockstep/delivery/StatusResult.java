package io.jenkins.plugins.lockstep.delivery;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.deploy.DriftCheck.Drifted;
import io.jenkins.plugins.lockstep.history.Release;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
     * @param namespace where it lives; empty where it can't be told
     * @param current the release that runs, null where none was good yet
     * @param newest the newest attempt, null where there was none
     * @param age how long ago the current release began, null where there is none
     * @param pods the pods of the released workloads, empty in a directory
     * @param health how well they run
     * @param drift where live objects differ from the current release; null where that can't be told
     * @param failure why the environment, or its drift, can't be looked at; null where it can
     */
    public record EnvironmentStatus(
            String environment,
            String namespace,
            @Nullable Release current,
            @Nullable Release newest,
            @Nullable Duration age,
            List<Pod> pods,
            Health health,
            @Nullable List<Drifted> drift,
            @Nullable DeliveryException failure) {

        static EnvironmentStatus unknown(String environment, DeliveryException failure) {
            return new EnvironmentStatus(environment, "", null, null, null, List.of(), Health.UNKNOWN, null, failure);
        }

        public long readyPods() {
            return pods.stream().filter(Pod::ready).count();
        }

        /** Tells whether anything is known of it at all. */
        public boolean isReached() {
            return !namespace.isEmpty();
        }
    }

    /**
     * One pod.
     *
     * @param name its name
     * @param phase what Kubernetes calls its state
     * @param ready whether it takes requests
     * @param address its IP address, null while it has none
     * @param reason why it is not ready, in Kubernetes' words; null where it is, or says nothing
     */
    public record Pod(String name, String phase, boolean ready, @Nullable String address, @Nullable String reason) {}

    /** Returns the first failure to look at an environment. */
    public Optional<DeliveryException> failure() {
        return environments.stream()
                .filter(status -> !status.isReached())
                .flatMap(status -> Optional.ofNullable(status.failure()).stream())
                .findFirst();
    }

    /** Returns the result as a JSON document. */
    public Map<String, @Nullable Object> toTree() {
        var tree = new LinkedHashMap<String, @Nullable Object>();
        tree.put("app", app);
        tree.put("environments", environments.stream().map(StatusResult::tree).toList());
        return tree;
    }

    private static Map<String, @Nullable Object> tree(EnvironmentStatus status) {
        Duration age = status.age();
        var tree = new LinkedHashMap<String, @Nullable Object>();
        tree.put("environment", status.environment());
        tree.put("namespace", status.isReached() ? status.namespace() : null);
        tree.put("current", status.current() == null ? null : Trees.historyEntry(status.current()));
        tree.put("newest", status.newest() == null ? null : Trees.historyEntry(status.newest()));
        tree.put("ageSeconds", age == null ? null : age.toSeconds());
        tree.put("health", tree(status.health()));
        tree.put("pods", status.pods().stream().map(StatusResult::tree).toList());
        tree.put("drift", status.drift() == null ? null : VerifyResult.trees(status.drift()));
        tree.put("error", status.failure() == null ? null : tree(status.failure()));
        return tree;
    }

    private static Map<String, @Nullable Object> tree(Health health) {
        var tree = new LinkedHashMap<String, @Nullable Object>();
        tree.put("state", health.state().word());
        tree.put("ready", health.ready());
        tree.put("wanted", health.wanted());
        tree.put("reason", health.reason());
        return tree;
    }

    private static Map<String, @Nullable Object> tree(Pod pod) {
        var tree = new LinkedHashMap<String, @Nullable Object>();
        tree.put("name", pod.name());
        tree.put("phase", pod.phase());
        tree.put("ready", pod.ready());
        tree.put("address", pod.address());
        tree.put("reason", pod.reason());
        return tree;
    }

    private static Map<String, @Nullable Object> tree(DeliveryException failure) {
        var tree = new LinkedHashMap<String, @Nullable Object>();
        tree.put("code", failure.problem().code());
        tree.put("exit", failure.problem().exitCode());
        tree.put("what", failure.what());
        tree.put("where", failure.where());
        tree.put("why", failure.why());
        tree.put("hint", failure.hint());
        return tree;
    }
}
