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
     * The image's content: a jar or war that Lockstep takes apart, or layers.
     *
     * @param from null where there are layers
     * @param layers those that change least first
     * @param entrypoint null where the jar or the base says it
     * @param env variables, in order
     */
    record Content(
            @Nullable String from, List<Layer> layers, @Nullable List<String> entrypoint, Map<String, String> env) {

        static Content ofJar(String from) {
            return new Content(from, List.of(), null, Map.of());
        }

        static Content ofLayers(List<Layer> layers, @Nullable List<String> entrypoint) {
            return new Content(null, List.copyOf(layers), entrypoint, Map.of());
        }

        Content withEnv(Map<String, String> newEnv) {
            return new Content(from, layers, entrypoint, newEnv);
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
