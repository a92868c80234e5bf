package io.jenkins.plugins.lockstep.image;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Everything that an image is made of; two equal specs over equal files give one digest.
 *
 * @param base what the layers are put on
 * @param layers bottom first
 * @param entrypoint null to inherit the base's
 * @param command null to inherit the base's
 * @param environment added to the base's
 * @param labels added to the base's
 * @param user null to inherit the base's
 * @param workingDirectory null to inherit the base's
 * @param ports TCP ports
 * @param platforms each as {@code OS/ARCHITECTURE[/VARIANT]}, at least one; the result is an index where there are several
 *     or one has a variant
 * @param created the creation time of image and files: the commit's time, never the clock's
 */
public record ImageSpec(
        Base base,
        List<ImageLayer> layers,
        @Nullable List<String> entrypoint,
        @Nullable List<String> command,
        Map<String, String> environment,
        Map<String, String> labels,
        @Nullable String user,
        @Nullable String workingDirectory,
        List<Integer> ports,
        List<String> platforms,
        Instant created) {

    /** Returns the same image on another base. */
    public ImageSpec withBase(Base newBase) {
        return new ImageSpec(
                newBase,
                layers,
                entrypoint,
                command,
                environment,
                labels,
                user,
                workingDirectory,
                ports,
                platforms,
                created);
    }
}
