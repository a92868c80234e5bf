package io.jenkins.plugins.lockstep.revision.git;

import io.jenkins.plugins.lockstep.revision.Repository;
import io.jenkins.plugins.lockstep.revision.RepositorySystem;
import io.jenkins.plugins.lockstep.revision.Vcs;
import java.io.IOException;
import java.nio.file.Path;
import org.eclipse.jgit.errors.ConfigInvalidException;
import org.eclipse.jgit.util.FS;
import org.eclipse.jgit.util.SystemReader;

/**
 * Finds Git repositories. Has no state: any number of threads may use one.
 *
 * <p>A bare repository opens too; it has no {@link Repository#root()} and no uncommitted changes to ask for.
 */
public final class GitRepositories implements RepositorySystem {

    private final boolean staying;

    /** For a process that ends soon. */
    public GitRepositories() {
        this(false);
    }

    /**
     * Where a home directory is new, JGit first finds out how exact the file system's times are, which takes three seconds.
     *
     * @param staying whether this process goes on when an operation has ended: then this is found out meanwhile, and until
     *     it is known, times count as exact to two seconds; it holds for the whole process
     */
    public GitRepositories(boolean staying) {
        this.staying = staying;
    }

    /**
     * Reads the configuration of this machine and of this user, for which JGit starts {@code git} twice; it is kept for all
     * repositories of this process.
     */
    public static void warmUp() {
        try {
            SystemReader.getInstance().getUserConfig();
        } catch (ConfigInvalidException | IOException e) {
            // Whoever opens a repository says so.
        }
    }

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
        if (staying) {
            FS.FileStoreAttributes.setBackground(true);
        }
        return GitRepository.open(GitLayout.around(directory));
    }
}
