package io.jenkins.plugins.lockstep.delivery;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which projects of one repository.
 *
 * @param directory a directory of the work tree; where {@code paths} is empty, every project at or below it is meant
 * @param fileName what a project file is called, for example {@code lockstep.yaml}
 * @param paths project files, or directories that hold one, relative to {@code directory}; empty for all
 * @param changedSince leaves out every project none of whose files changed since then, null to leave out none
 * @param revision what the user typed, null for the checked-out commit
 */
public record ProjectQuery(
        Path directory, String fileName, List<Path> paths, @Nullable String changedSince, @Nullable String revision) {

    public ProjectQuery {
        paths = List.copyOf(paths);
    }
}
