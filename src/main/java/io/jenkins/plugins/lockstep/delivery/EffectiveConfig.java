package io.jenkins.plugins.lockstep.delivery;

import io.jenkins.plugins.lockstep.common.Sha256;
import io.jenkins.plugins.lockstep.config.Configuration;
import io.jenkins.plugins.lockstep.config.Provenance;
import io.jenkins.plugins.lockstep.project.Environment;
import io.jenkins.plugins.lockstep.project.Setting;
import io.jenkins.plugins.lockstep.revision.Revision;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What an environment comes to once everything that it extends is combined, and where each part comes from.
 *
 * @param app the application
 * @param file the project file, as a path in the repository
 * @param revision whose configuration it is
 * @param environment the environment, with its settings
 * @param configMap the content-named name of its ConfigMap, null where it has no configuration
 * @param entries the keys of the ConfigMap, sorted
 */
public record EffectiveConfig(
        String app,
        String file,
        Revision revision,
        Environment environment,
        @Nullable String configMap,
        List<Entry> entries) {

    /**
     * One key of the ConfigMap.
     *
     * @param key the key
     * @param text the value, null where it is not UTF-8 text
     * @param size of the value, in bytes
     * @param digest {@code sha256:} of the value
     * @param provenance where the value comes from
     */
    public record Entry(String key, @Nullable String text, int size, String digest, Provenance provenance) {

        static Entry of(String key, byte[] content, @Nullable String text, Provenance provenance) {
            return new Entry(key, text, content.length, "sha256:" + Sha256.hex(content), provenance);
        }
    }

    /** Lists what a configuration holds, key by key. */
    static List<Entry> entries(Configuration configuration) {
        var entries = new TreeMap<String, Entry>();
        configuration.variables().forEach((name, value) -> {
            byte[] content = value.getBytes(StandardCharsets.UTF_8);
            entries.put(name, Entry.of(name, content, value, provenance(configuration, name)));
        });
        configuration.files().forEach((path, content) -> {
            String key = Configuration.key(path);
            String text = Configuration.text(content).orElse(null);
            entries.put(key, Entry.of(key, content, text, provenance(configuration, key)));
        });
        return List.copyOf(entries.values());
    }

    private static Provenance provenance(Configuration configuration, String key) {
        return Objects.requireNonNull(configuration.provenance().get(key), key);
    }

    /** Returns everything as a JSON document. */
    public Map<String, @Nullable Object> toTree() {
        var tree = new LinkedHashMap<String, @Nullable Object>();
        tree.put("app", app);
        tree.put("environment", environment.name());
        tree.put("revision", revision.id());
        tree.put("file", file);
        tree.put("combines", new ArrayList<>(environment.pieces()));
        var settings = new ArrayList<Map<String, @Nullable Object>>();
        for (Setting setting : environment.settings().values()) {
            Map<String, @Nullable Object> one = tree(setting);
            one.put(
                    "overrides",
                    new ArrayList<>(setting.overridden().stream()
                            .map(EffectiveConfig::tree)
                            .toList()));
            settings.add(one);
        }
        tree.put("settings", settings);
        tree.put("configMap", configMap);
        var keys = new ArrayList<Map<String, @Nullable Object>>();
        entries.forEach(entry -> keys.add(tree(entry)));
        tree.put("keys", keys);
        return tree;
    }

    private static Map<String, @Nullable Object> tree(Setting setting) {
        var tree = new LinkedHashMap<String, @Nullable Object>();
        tree.put("key", setting.key());
        tree.put("value", setting.value());
        tree.put("environment", setting.environment());
        tree.put("place", setting.place());
        return tree;
    }

    private static Map<String, @Nullable Object> tree(Entry entry) {
        var tree = new LinkedHashMap<String, @Nullable Object>();
        tree.put("key", entry.key());
        tree.put("value", entry.text());
        tree.put("binary", entry.text() == null);
        tree.put("size", entry.size());
        tree.put("digest", entry.digest());
        tree.putAll(tree(entry.provenance().origin()));
        tree.put(
                "overrides",
                new ArrayList<>(entry.provenance().overridden().stream()
                        .map(EffectiveConfig::tree)
                        .toList()));
        return tree;
    }

    private static Map<String, @Nullable Object> tree(Provenance.Origin origin) {
        var tree = new LinkedHashMap<String, @Nullable Object>();
        tree.put("environment", origin.source().environment());
        tree.put("file", origin.file());
        tree.put("line", origin.line() == 0 ? null : origin.line());
        tree.put("directory", origin.source().from());
        tree.put("place", origin.source().place());
        return tree;
    }
}
