package io.jenkins.plugins.lockstep.image;

import java.nio.file.Path;
import java.util.Optional;

/**
 * What only the commit knows of files in the work tree, and what is therefore the same on every operating system.
 *
 * <p>Asked with paths as they result from the directory that the assembly was opened with.
 */
@FunctionalInterface
public interface CommittedFiles {

    /** Tells whether the commit marks a file as executable; false for files that it does not have. */
    boolean isExecutable(Path file);

    /** Returns what a file points to that the commit has as a symbolic link; empty for everything else. */
    default Optional<String> link(Path file) {
        return Optional.empty();
    }

    /** Returns the repository's top directory; empty where files of the project's own directory are all there is. */
    default Optional<Path> root() {
        return Optional.empty();
    }
}
