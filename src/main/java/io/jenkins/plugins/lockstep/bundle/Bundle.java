package io.jenkins.plugins.lockstep.bundle;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.common.document.NearestWord;
import io.jenkins.plugins.lockstep.history.Release.ReleasedImage;
import io.jenkins.plugins.lockstep.project.Environment;
import io.jenkins.plugins.lockstep.project.Project.Keep;
import io.jenkins.plugins.lockstep.revision.KnownAncestors;
import io.jenkins.plugins.lockstep.revision.RecentCommits;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

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
 * @param commits the newest commits of the revision's history, for people
 * @param contents what it has, whatever was asked for when it was read
 * @param releases what is released, by environment; those that were asked for when it was read
 * @param at when it was planned; null for a bundle that was made without a plan, and is the same whenever it is made
 * @param by who planned; null for a bundle that was made without a plan
 */
public record Bundle(
        String app,
        String vcs,
        KnownAncestors lineage,
        boolean shallow,
        List<ReleasedImage> images,
        Keep keep,
        Map<String, Environment> environments,
        RecentCommits commits,
        Contents contents,
        Map<String, BundledRelease> releases,
        @Nullable Instant at,
        @Nullable String by) {

    /** The newest ancestors that a bundle has, the revision itself among them. */
    public static final int MOST_ANCESTORS = 5000;

    public Bundle {
        images = List.copyOf(images);
        environments = Collections.unmodifiableMap(new LinkedHashMap<>(environments));
        releases = Collections.unmodifiableMap(new LinkedHashMap<>(releases));
    }

    /**
     * What a bundle has.
     *
     * @param released the environments that it has objects for
     * @param problems why it has none for others that were asked for: a sentence by environment
     * @param secrets whether any of its objects is a Secret
     */
    public record Contents(Set<String> released, Map<String, String> problems, boolean secrets) {

        /** Nothing, yet. */
        public static final Contents NONE = new Contents(Set.of(), Map.of(), false);

        public Contents {
            released = Collections.unmodifiableSet(new LinkedHashSet<>(released));
            problems = Collections.unmodifiableMap(new LinkedHashMap<>(problems));
        }

        /** Returns what releases make of it. */
        public static Contents of(Map<String, BundledRelease> releases) {
            return new Contents(
                    releases.keySet(), Map.of(), releases.values().stream().anyMatch(BundledRelease::hasSecrets));
        }

        Contents with(String environment, boolean withSecrets) {
            var all = new LinkedHashSet<>(released);
            all.add(environment);
            return new Contents(all, problems, secrets || withSecrets);
        }

        Contents without(String environment, String why) {
            var all = new LinkedHashMap<>(problems);
            all.put(environment, why);
            return new Contents(released, all, secrets);
        }
    }

    /** Returns the same bundle where it is known what it has. */
    public Bundle with(Contents other) {
        return new Bundle(app, vcs, lineage, shallow, images, keep, environments, commits, other, releases, at, by);
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
     * @throws DeliveryException {@link Problem#BAD_INPUT} where the bundle was made for others, or it could not be rendered
     */
    public BundledRelease release(String environment) {
        BundledRelease release = releases.get(environment);
        if (release == null) {
            String problem = contents.problems().get(environment);
            throw DeliveryException.of(Problem.BAD_INPUT, "the bundle has nothing for '" + environment + "'")
                    .where("the bundle of " + app + ", revision " + revision())
                    .why(problem == null ? "it was made for other environments" : problem)
                    .hint(
                            problem == null
                                    ? "make one: lockstep plan " + environment + " --out FILE"
                                    : "mend that, commit it, and make the bundle of that commit");
        }
        return release;
    }

    /** Says nothing of the objects: there may be Secrets among them. */
    @Override
    public String toString() {
        return "bundle of " + app + " at " + revision() + " for " + contents.released();
    }
}
