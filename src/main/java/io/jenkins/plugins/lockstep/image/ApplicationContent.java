package io.jenkins.plugins.lockstep.image;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an application gives to its image.
 *
 * @param layers bottom first: what changes most is on top
 * @param entrypoint null to inherit the base's
 * @param workingDirectory null to inherit the base's
 */
record ApplicationContent(
        List<ImageLayer> layers, @Nullable List<String> entrypoint, @Nullable String workingDirectory) {

    /** Where Spring Boot looks for {@code config/application.properties}: {@code /config} is where configuration is mounted. */
    static final String WORKING_DIRECTORY = "/";
}
