package io.jenkins.plugins.lockstep.bundle;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.common.document.NearestWord;
import io.jenkins.plugins.lockstep.history.Release.ReleasedImage;
import io.jenkins.plugins.lockstep.project.Environment;
import io.jenkins.plugins.lockstep.project.Project.Keep;
import io.jenkins.plugins.lockstep.revision.KnownAncestors;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Everything that deploys of one revision need.
 *
 * @param app the application
 * @param vcs {@code git} or {@code mercurial}
 * @param lineage the revision and its newest ancestors, at most {@link #MOST_ANCESTORS}
 * @param shallow whether the clone lacked history, so that {@code lineage} may end early
 * @param images with their digests, in the order of the project file
 * @param keep how long payloads of releases are kept
 * @param environments every environment of the application by name, as far as a deploy needs it: without configuration
 *     directories, without places in the project file. Also those that are not released, because gates ask about them
 * @param releases what is released, by environment; those that were asked for when it was read
 * @param at when it was made
 * @param by who made it
 */
public record Bundle(
        String app,
        String vcs,
        KnownAncestors lineage,
        boolean shallow,
        List<ReleasedImage> images,
        Keep keep,
        Map<String, Environment> environments,
        Map<String, BundledRelease> releases,
        Instant at,
        String by) {

    /** The newest ancestors that a bundle has, the revision itself among them. */
    public static final int MOST_ANCESTORS = 5000;

    public Bundle {
        images = List.copyOf(images);
        environments = Collections.unmodifiableMap(new LinkedHashMap<>(environments));
        releases = Collections.unmodifiableMap(new LinkedHashMap<>(releases));
    }

    /** Returns the full id of the revision. */
    public String revision() {
        return lineage.revision();
    }

    /**
     * Returns a named environment.
     *
     * @throws DeliveryException {@link Problem#BAD_USAGE} with the nearest name, where the application has none of that name
     */
    public Environment environment(String name) {
        Environment environment = environments.get(name);
        if (environment == null) {
            throw DeliveryException.of(Problem.BAD_USAGE, "no environment is named '" + name + "'")
                    .where("the bundle of " + app + ", revision " + revision())
                    .hint(NearestWord.hint(name, environments.keySet()));
        }
        return environment;
    }

    /**
     * Returns what is released to a named environment.
     *
     * @throws DeliveryException {@link Problem#BAD_INPUT} where the bundle was made for others
     */
    public BundledRelease release(String environment) {
        BundledRelease release = releases.get(environment);
        if (release == null) {
            throw DeliveryException.of(Problem.BAD_INPUT, "the bundle has nothing for '" + environment + "'")
                    .where("the bundle of " + app + ", revision " + revision())
                    .why("it was made for other environments")
                    .hint("make one: lockstep plan " + environment + " --out FILE");
        }
        return release;
    }

    /** Says nothing of the objects: there may be Secrets among them. */
    @Override
    public String toString() {
        return "bundle of " + app + " at " + revision() + " for " + releases.keySet();
    }
}
