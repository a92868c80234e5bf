package io.jenkins.plugins.lockstep.revision;

import io.jenkins.plugins.lockstep.revision.git.GitRepositories;
import java.nio.file.Path;

class GitRepositoryContractTest extends RepositoryContract<GitTestRepository> {

    @Override
    GitTestRepository init(Path root) {
        return GitTestRepository.init(root);
    }

    @Override
    RepositorySystem system() {
        return new GitRepositories();
    }
}
