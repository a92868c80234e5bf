package io.jenkins.plugins.lockstep.delivery;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.image.ImageReference;
import io.jenkins.plugins.lockstep.project.Environment;
import io.jenkins.plugins.lockstep.project.Project.Keep;
import io.jenkins.plugins.lockstep.revision.Lineage;
import io.jenkins.plugins.lockstep.revision.RepositoryFinder;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What an operation that renders nothing needs to know of a project. */
interface KnownProject extends AutoCloseable {

    /** Opens a project where it is known. */
    static KnownProject open(RepositoryFinder finder, ProjectSource source) {
        return source instanceof ProjectLocation location
                ? new CheckedOutProject(OpenProject.open(finder, location), location)
                : ProjectOfBundle.read(((BundledProject) source).bundle());
    }

    /** Returns the application's name. */
    String app();

    /** Returns all environments by name, in the order of the project file. */
    Map<String, Environment> environments();

    /**
     * Returns a named environment.
     *
     * @throws DeliveryException {@link Problem#BAD_USAGE} with the nearest name, where there is none of that name
     */
    Environment environment(String name);

    /** Returns how long payloads of releases are kept. */
    Keep keep();

    /** Returns where the project's images are, without tags. */
    Set<ImageReference> repositories();

    /** Knows what descends from what. */
    Lineage lineage();

    /**
     * Makes a full id of what a user typed.
     *
     * @throws DeliveryException {@link Problem#BAD_INPUT} where it names nothing here, or is ambiguous
     */
    String resolve(String expression);

    /** Returns when a commit was made; empty where it is not known here. */
    Optional<Instant> committedAt(String revision);

    /** Returns where its commits are, null where no repository is at hand. */
    @Nullable
    ProjectLocation location();

    @Override
    void close();
}
