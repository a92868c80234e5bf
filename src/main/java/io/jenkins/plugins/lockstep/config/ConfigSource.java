package io.jenkins.plugins.lockstep.config;

import java.util.List;

/**
 * One directory of configuration, as the project file names it.
 *
 * @param from a path relative to the project file
 * @param expand whether {@code .env} and {@code .properties} files are loaded key by key
 * @param allowSecrets globs of files below {@code from} that may look like a private key or a token
 * @param environment the environment that names it, which others may extend
 * @param place {@code FILE:LINE} of the project file, for errors
 */
public record ConfigSource(String from, boolean expand, List<String> allowSecrets, String environment, String place) {

    public ConfigSource {
        allowSecrets = List.copyOf(allowSecrets);
    }
}
