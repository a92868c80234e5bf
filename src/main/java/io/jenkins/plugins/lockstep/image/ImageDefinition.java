package io.jenkins.plugins.lockstep.image;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One image as the project file describes it; paths are relative to the project file and still as they were written.
 *
 * @param name the image's name within the application; the application's own name for the short form {@code image:}
 * @param repository where it is pushed to, without tag and digest
 * @param base see {@link Base#of}
 * @param from a jar to take apart, null where {@code layers} says it all
 * @param layers what {@code layers:} lists, empty where there is none
 * @param entrypoint null where the file does not say
 * @param command null where the file does not say
 * @param environment variables for the process
 * @param user null where the file does not say
 * @param workingDirectory null where the file does not say
 * @param ports TCP ports
 * @param platforms at least one; {@code linux/amd64} where the file does not say
 * @param labels added to Lockstep's own
 */
public record ImageDefinition(
        String name,
        ImageReference repository,
        String base,
        @Nullable String from,
        List<Layer> layers,
        @Nullable List<String> entrypoint,
        @Nullable List<String> command,
        Map<String, String> environment,
        @Nullable String user,
        @Nullable String workingDirectory,
        List<Integer> ports,
        List<String> platforms,
        Map<String, String> labels) {

    /**
     * One entry of {@code layers:}.
     *
     * @param from a file or directory
     * @param to absolute path in the image
     * @param mode permission bits for every file of it, null for 0644, or 0755 where the commit says executable
     */
    public record Layer(String from, String to, @Nullable Integer mode) {}

    /** Returns the same image, kept somewhere else. */
    public ImageDefinition withRepository(ImageReference newRepository) {
        return new ImageDefinition(
                name,
                newRepository,
                base,
                from,
                layers,
                entrypoint,
                command,
                environment,
                user,
                workingDirectory,
                ports,
                platforms,
                labels);
    }
}
