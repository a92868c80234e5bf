package io.jenkins.plugins.lockstep.delivery;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Which project, at which revision.
 *
 * @param directory a directory of the work tree; {@code file} is relative to it
 * @param file the project file
 * @param revision what the user typed, null for the checked-out commit
 * @param repository an image repository to use instead of the project file's, null for none; only for projects with one
 *     image
 */
public record ProjectLocation(Path directory, Path file, @Nullable String revision, @Nullable String repository)
        implements ProjectSource {

    /** The name that a project file has unless told otherwise. */
    public static final String DEFAULT_FILE = "lockstep.yaml";

    /** Returns the same project at the checked-out commit. */
    @Override
    public ProjectLocation atHead() {
        return at(null);
    }

    /** Returns the same project at another revision, null for the checked-out commit. */
    ProjectLocation at(@Nullable String newRevision) {
        return new ProjectLocation(directory, file, newRevision, repository);
    }
}
