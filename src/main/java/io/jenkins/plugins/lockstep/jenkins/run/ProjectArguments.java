package io.jenkins.plugins.lockstep.jenkins.run;

import io.jenkins.plugins.lockstep.delivery.ProjectLocation;
import java.io.Serializable;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Which project, at which revision, as a user configured it.
 *
 * @param directory relative to the workspace, null for the workspace itself
 * @param file the project file relative to the directory, null for {@value ProjectLocation#DEFAULT_FILE}
 * @param revision null for the checked-out commit
 * @param repository the image repository instead of the project file's, null for none
 */
public record ProjectArguments(
        @Nullable String directory, @Nullable String file, @Nullable String revision, @Nullable String repository)
        implements Serializable {

    Path directoryIn(Path workspace) {
        return directory == null ? workspace : NodePath.resolve(workspace, directory);
    }

    ProjectLocation in(Path workspace) {
        return new ProjectLocation(
                directoryIn(workspace),
                NodePath.resolve(Path.of(""), file == null ? ProjectLocation.DEFAULT_FILE : file),
                revision,
                repository);
    }
}
