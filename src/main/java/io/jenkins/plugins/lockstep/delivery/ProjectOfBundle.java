package io.jenkins.plugins.lockstep.delivery;

import io.jenkins.plugins.lockstep.bundle.Bundle;
import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.history.Release.ReleasedImage;
import io.jenkins.plugins.lockstep.image.ImageReference;
import io.jenkins.plugins.lockstep.project.Environment;
import io.jenkins.plugins.lockstep.project.Project.Keep;
import io.jenkins.plugins.lockstep.revision.Lineage;
import io.jenkins.plugins.lockstep.revision.Revision;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A project as a bundle tells it.
 *
 * @param bundle without objects
 */
record ProjectOfBundle(Bundle bundle) implements KnownProject {

    private static final Pattern ID_PREFIX = Pattern.compile("[0-9a-f]{4,40}");

    static ProjectOfBundle read(BundleSource source) {
        return new ProjectOfBundle(BundleFiles.readWithoutObjects(source));
    }

    @Override
    public String app() {
        return bundle.app();
    }

    @Override
    public Map<String, Environment> environments() {
        return bundle.environments();
    }

    @Override
    public Environment environment(String name) {
        return bundle.environment(name);
    }

    @Override
    public Keep keep() {
        return bundle.keep();
    }

    @Override
    public Set<ImageReference> repositories() {
        return bundle.images().stream()
                .map(ReleasedImage::reference)
                .map(image -> image.withDigest(null).withTag(null))
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    @Override
    public Lineage lineage() {
        return bundle.lineage();
    }

    @Override
    public String resolve(String expression) {
        return resolve(expression, bundle);
    }

    /** Finds a revision among the ancestors that a bundle carries: by its id, since it carries no names. */
    static String resolve(String expression, Bundle bundle) {
        String typed = expression.toLowerCase(Locale.ROOT);
        if (Revision.isFullId(typed)) {
            return typed;
        }
        List<String> matching = ID_PREFIX.matcher(typed).matches()
                ? bundle.lineage().ids().stream()
                        .filter(id -> id.startsWith(typed))
                        .toList()
                : List.of();
        if (matching.size() == 1) {
            return matching.get(0);
        }
        throw DeliveryException.of(
                        Problem.BAD_INPUT,
                        matching.isEmpty()
                                ? "'" + expression + "' names no revision that is known here"
                                : "'" + expression + "' is ambiguous")
                .where("the bundle of " + bundle.app() + ", revision " + bundle.revision())
                .why("no repository is at hand: branches, tags and names are not known")
                .hint("name a revision by its full or short id, or a release as #7");
    }

    @Override
    public Optional<Instant> committedAt(String revision) {
        return Optional.empty();
    }

    @Override
    public @Nullable ProjectLocation location() {
        return null;
    }

    @Override
    public void close() {
        // nothing is open
    }
}
