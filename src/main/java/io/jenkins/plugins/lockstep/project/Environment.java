package io.jenkins.plugins.lockstep.project;

import io.jenkins.plugins.lockstep.config.ConfigSource;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One environment of the application.
 *
 * @param name as the project file says
 * @param config directories, lowest layer first
 * @param namespace null to take the target's
 * @param cluster the kubeconfig context, or the name of a cluster that Jenkins knows; null for the current one
 * @param replicas bounds, null where there are none
 * @param after the environment in which a revision has to run before it may come here, null where there is none
 * @param history which revisions may follow which
 * @param hold what ends a hold
 * @param pieces the environments that were combined, lowest first, this one last
 * @param settings what was set, by key, each with its place
 */
public record Environment(
        String name,
        List<ConfigSource> config,
        @Nullable String namespace,
        @Nullable String cluster,
        @Nullable ReplicaBounds replicas,
        @Nullable String after,
        HistoryRule history,
        HoldRule hold,
        List<String> pieces,
        Map<String, Setting> settings) {

    public Environment {
        config = List.copyOf(config);
        pieces = List.copyOf(pieces);
        settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
    }

    /**
     * Returns the settings of an environment that was written down elsewhere than in a project file.
     *
     * @param name the environment
     * @param graces by name, as {@link #graces()} gave them
     */
    public static Map<String, Setting> settingsOf(String name, Map<String, String> graces) {
        var settings = new LinkedHashMap<String, Setting>();
        graces.forEach((grace, value) -> {
            String key = GracesReader.PREFIX + grace;
            settings.put(key, new Setting(key, value, name, "", List.of()));
        });
        return settings;
    }

    /** Returns the graces that the file sets for this environment: by name, as the user wrote them. */
    public Map<String, String> graces() {
        var graces = new LinkedHashMap<String, String>();
        settings.forEach((key, setting) -> {
            if (key.startsWith(GracesReader.PREFIX)) {
                graces.put(key.substring(GracesReader.PREFIX.length()), String.valueOf(setting.value()));
            }
        });
        return graces;
    }

    /**
     * Bounds of a workload's replica count.
     *
     * @param min at least 0
     * @param max at least {@code min}
     * @param cpu the average use of the requested CPU that an autoscaler aims at, in percent; null for none
     */
    public record ReplicaBounds(int min, int max, @Nullable Integer cpu) {}

    /** Which revisions may follow which (design, section 5, rule 12). */
    public enum HistoryRule {
        /** Any; the default. */
        ANY,
        /** Only descendants of what runs. */
        FORWARD
    }

    /** What ends a hold (design, section 5, rule 13). */
    public enum HoldRule {
        /** Someone lifts it, or deploys with {@code --fixes}; the default. */
        UNTIL_LIFTED,
        /** A descendant of the held revision ends it, too. */
        UNTIL_DESCENDANT
    }
}
