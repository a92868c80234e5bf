package io.jenkins.plugins.lockstep.project;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.common.document.NearestWord;
import io.jenkins.plugins.lockstep.image.ImageDefinition;
import io.jenkins.plugins.lockstep.manifest.RunOptions;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A project file, read and checked.
 *
 * @param file the file's path as messages name it
 * @param app the application's name, a DNS label
 * @param images in the order of the file, by name; at least one
 * @param manifests null where a Deployment and a Service are to be rendered
 * @param run options of the rendered Deployment
 * @param environments by name, the abstract ones left out, every {@code extends} applied
 * @param abstractEnvironments the names of those that only others extend
 * @param allowChanges globs of tracked paths that may differ from the commit
 * @param source the value of the image label {@code source}, null to take the origin URL
 * @param version the value of the image label {@code version}, null to take the revision
 * @param inputs which files of the repository are the project's
 * @param keep how long payloads of releases are kept
 */
public record Project(
        String file,
        String app,
        Map<String, ImageDefinition> images,
        @Nullable Manifests manifests,
        RunOptions run,
        Map<String, Environment> environments,
        List<String> abstractEnvironments,
        List<String> allowChanges,
        @Nullable String source,
        @Nullable String version,
        ProjectInputs inputs,
        Keep keep) {

    /**
     * How long the payload of a release is kept that nothing else keeps (design, section 5, rule 11): as long as one of
     * the two says so.
     *
     * @param releases that many of the newest; at least 1, default 50
     * @param days those that began within so many days; at least 1, default 180
     */
    public record Keep(int releases, int days) {

        /** Fifty releases, 180 days. */
        public static final Keep DEFAULT = new Keep(50, 180);
    }

    /**
     * Where manifests come from.
     *
     * @param from a file or directory relative to the project file
     * @param generated true for a build output, read from the work tree; false for files of the commit
     */
    public record Manifests(String from, boolean generated) {}

    /**
     * Returns a named environment.
     *
     * @throws DeliveryException {@link Problem#BAD_USAGE} with the nearest name, where the file has none of that name
     */
    public Environment environment(String name) {
        Environment environment = environments.get(name);
        if (environment == null && abstractEnvironments.contains(name)) {
            List<String> extending = extending(name);
            throw DeliveryException.of(Problem.BAD_USAGE, "the environment '" + name + "' is abstract")
                    .where(file)
                    .why("nothing ever runs there: it is only for others to extend")
                    .hint(
                            extending.isEmpty()
                                    ? "no environment extends it; remove `abstract: true` to release there"
                                    : "name one that extends it: " + String.join(", ", extending));
        }
        if (environment == null) {
            throw DeliveryException.of(Problem.BAD_USAGE, "no environment is named '" + name + "'")
                    .where(file)
                    .hint(NearestWord.hint(name, environments.keySet()));
        }
        return environment;
    }

    private List<String> extending(String name) {
        return environments.values().stream()
                .filter(environment -> environment.pieces().contains(name))
                .map(Environment::name)
                .toList();
    }

    /** Returns the same project with other images. */
    public Project withImages(Map<String, ImageDefinition> newImages) {
        return new Project(
                file,
                app,
                newImages,
                manifests,
                run,
                environments,
                abstractEnvironments,
                allowChanges,
                source,
                version,
                inputs,
                keep);
    }
}
