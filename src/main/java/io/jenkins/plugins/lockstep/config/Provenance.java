package io.jenkins.plugins.lockstep.config;

import java.util.ArrayList;
import java.util.List;

/**
 * Where the value of a key comes from, and what it took the place of.
 *
 * @param origin where the value stands
 * @param overridden the values of earlier directories that it replaces, the latest first: those of the same key, and those
 *     that the file of the same path gave, however it was loaded
 */
public record Provenance(Origin origin, List<Origin> overridden) {

    public Provenance {
        overridden = List.copyOf(overridden);
    }

    /**
     * One place in the repository.
     *
     * @param file a repository path
     * @param line from 1, or 0 where the whole file is the value
     * @param source the directory of configuration that holds the file
     */
    public record Origin(String file, int line, ConfigSource source) {

        /** Returns {@code FILE:LINE}, or {@code FILE} where the whole file is the value. */
        public String place() {
            return line == 0 ? file : file + ":" + line;
        }
    }

    static Provenance of(Origin origin) {
        return new Provenance(origin, List.of());
    }

    /** Returns this provenance, with what the value replaces. */
    Provenance over(Provenance earlier) {
        var losers = new ArrayList<>(overridden);
        losers.add(earlier.origin);
        losers.addAll(earlier.overridden);
        return new Provenance(origin, losers.stream().distinct().toList());
    }
}
