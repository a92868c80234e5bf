package io.jenkins.plugins.lockstep.scaffold;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What was recognised: how an image is made of a project.
 *
 * @param kind as people call it, for example {@code Spring Boot (Maven)}
 * @param name the application's name as its own files tell it, not yet one that Kubernetes takes
 * @param base a base image that fits
 * @param content what goes into the image
 * @param ports TCP ports, empty where nobody knows
 * @param build the commands that make what the image is made of, in their order; none where it is there already
 * @param notes what the user should know or change, each one sentence
 */
record Application(
        String kind,
        String name,
        String base,
        Content content,
        List<Integer> ports,
        List<String> build,
        List<String> notes) {

    /**
     * The image's content: an application that Lockstep takes apart, or layers.
     *
     * @param from a jar, a war or directories of classes; null where there are layers
     * @param dependencies a directory of jars, null where {@code from} brings all that it needs
     * @param main the class that starts, null where {@code from} tells
     * @param layers those that change least first
     * @param entrypoint null where the jar or the base says it
     * @param env variables, in order
     */
    record Content(
            @Nullable String from,
            @Nullable String dependencies,
            @Nullable String main,
            List<Layer> layers,
            @Nullable List<String> entrypoint,
            Map<String, String> env) {

        /** A jar or war that says by itself what it needs and how it starts. */
        static Content ofArchive(String from) {
            return new Content(from, null, null, List.of(), null, Map.of());
        }

        static Content ofClasses(String from, @Nullable String dependencies, String main) {
            return new Content(from, dependencies, main, List.of(), null, Map.of());
        }

        static Content ofLayers(List<Layer> layers, @Nullable List<String> entrypoint) {
            return new Content(null, null, null, List.copyOf(layers), entrypoint, Map.of());
        }

        Content withEnv(Map<String, String> newEnv) {
            return new Content(from, dependencies, main, layers, entrypoint, newEnv);
        }
    }

    /**
     * One layer.
     *
     * @param from a path relative to the project
     * @param to a path in the image
     * @param mode octal digits, null for the usual ones
     * @param what it is, for the comment behind it
     */
    record Layer(String from, String to, @Nullable String mode, String what) {

        Layer(String from, String to, String what) {
            this(from, to, null, what);
        }
    }
}
