package io.jenkins.plugins.lockstep.project;

import io.jenkins.plugins.lockstep.common.RepositoryPath;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/** The directory that a project file's paths are relative to; remembers which ones the file names. Used by one thread. */
final class ProjectDirectory {

    private final String path;
    private final SortedSet<String> named = new TreeSet<>();

    /**
     * @param path a repository path
     */
    ProjectDirectory(String path) {
        this.path = path;
    }

    /** Returns the repository path of what the file names; empty where it leaves the repository. */
    Optional<String> resolve(String written) {
        return RepositoryPath.resolve(path, written);
    }

    void remember(String repositoryPath) {
        named.add(repositoryPath);
    }

    /** Returns the repository paths of everything that the file has named so far. */
    SortedSet<String> named() {
        return new TreeSet<>(named);
    }
}
