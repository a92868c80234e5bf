package io.jenkins.plugins.lockstep.revision.git;

import io.jenkins.plugins.lockstep.revision.Repository;
import io.jenkins.plugins.lockstep.revision.RepositorySystem;
import io.jenkins.plugins.lockstep.revision.Vcs;
import java.nio.file.Path;

/**
 * Finds Git repositories. Has no state: any number of threads may use one.
 *
 * <p>A bare repository opens too; it has no {@link Repository#root()} and no uncommitted changes to ask for.
 */
public final class GitRepositories implements RepositorySystem {

    @Override
    public Vcs vcs() {
        return Vcs.GIT;
    }

    @Override
    public String marker() {
        return ".git";
    }

    @Override
    public boolean isAt(Path directory) {
        return GitLayout.isAt(directory);
    }

    @Override
    public Repository open(Path directory) {
        return GitRepository.open(GitLayout.around(directory));
    }
}
