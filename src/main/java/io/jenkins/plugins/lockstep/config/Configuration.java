package io.jenkins.plugins.lockstep.config;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The configuration of one environment at one revision.
 *
 * @param files content by path below the configuration's directory ({@code app.yaml}, {@code tls/ca.pem}); the arrays
 *     are not to be changed
 * @param variables value by name, from the files that were loaded key by key
 * @param provenance where each value comes from, by its key in the ConfigMap
 */
public record Configuration(
        SortedMap<String, byte[]> files,
        SortedMap<String, String> variables,
        SortedMap<String, Provenance> provenance) {

    public static final Configuration EMPTY = new Configuration(new TreeMap<>(), new TreeMap<>(), new TreeMap<>());

    public Configuration {
        files = Collections.unmodifiableSortedMap(new TreeMap<>(files));
        variables = Collections.unmodifiableSortedMap(new TreeMap<>(variables));
        provenance = Collections.unmodifiableSortedMap(new TreeMap<>(provenance));
    }

    public boolean isEmpty() {
        return files.isEmpty() && variables.isEmpty();
    }

    /**
     * Returns the ConfigMap key of a file: its path, a sub-directory's {@code /} written as a dot, because a key can't
     * hold a slash.
     */
    public static String key(String path) {
        return path.replace('/', '.');
    }

    /** Returns a file's content as text; empty where it is not UTF-8. */
    public static Optional<String> text(byte[] content) {
        try {
            return Optional.of(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(content))
                    .toString());
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }

    /** Returns every key of the ConfigMap: those of the files, and the variables' names. */
    public SortedSet<String> keys() {
        var keys = new TreeSet<>(variables.keySet());
        files.keySet().forEach(path -> keys.add(key(path)));
        return keys;
    }
}
