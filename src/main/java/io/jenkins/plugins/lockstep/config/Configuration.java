package io.jenkins.plugins.lockstep.config;

import java.util.SortedMap;

/**
 * The configuration of one environment at one revision.
 *
 * @param files content by key; each becomes a file at {@code /config} in the rendered Deployment
 * @param variables value by name, from the files that were loaded key by key
 */
public record Configuration(SortedMap<String, byte[]> files, SortedMap<String, String> variables) {

    public boolean isEmpty() {
        return files.isEmpty() && variables.isEmpty();
    }
}
