package io.jenkins.plugins.lockstep.jenkins.config;

import java.util.Locale;
import java.util.Set;

/** What registries are called. */
final class RegistryNames {

    /** What the engine asks for where an image names no registry. */
    static final String DOCKER_HUB = "registry-1.docker.io";

    private static final Set<String> HUB_ALIASES =
            Set.of("docker.io", "index.docker.io", "registry.hub.docker.com", DOCKER_HUB);

    private RegistryNames() {}

    /** Returns what the engine asks for where people write {@code typed}. */
    static String asked(String typed) {
        String name = typed.trim().toLowerCase(Locale.ROOT);
        return HUB_ALIASES.contains(name) ? DOCKER_HUB : name;
    }
}
