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
 * @param application what {@code from:} names, null where {@code layers} says it all
 * @param layers what {@code layers:} lists, above the application; empty where there is none
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
        @Nullable Application application,
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
     * A Java application to take apart.
     *
     * @param from a jar, a war, or directories of classes and resources; at least one
     * @param dependencies jars, and directories of jars
     * @param main the class to start, null for the one that the application itself says
     * @param root where it goes in the image, absolute; null for the usual place of its form
     * @param modules globs of the file names of jars that the same build makes
     */
    public record Application(
            List<String> from,
            List<String> dependencies,
            @Nullable String main,
            @Nullable String root,
            List<String> modules) {

        public Application {
            from = List.copyOf(from);
            dependencies = List.copyOf(dependencies);
            modules = List.copyOf(modules);
        }

        /** Returns an application that is one file and says everything else itself. */
        public static Application of(String from) {
            return new Application(List.of(from), List.of(), null, null, List.of());
        }
    }

    /**
     * One entry of {@code layers:}.
     *
     * @param from a file or directory
     * @param to absolute path in the image
     * @param mode permission bits for every file of it, null for 0644, or 0755 where the commit says
     *     executable or the file is a program of Linux
     */
    public record Layer(String from, String to, @Nullable Integer mode) {}

    /** Returns the same image, kept somewhere else. */
    public ImageDefinition withRepository(ImageReference newRepository) {
        return new ImageDefinition(
                name,
                newRepository,
                base,
                application,
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
