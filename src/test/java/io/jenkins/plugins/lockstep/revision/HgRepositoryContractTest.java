package io.jenkins.plugins.lockstep.revision;

import io.jenkins.plugins.lockstep.MercurialTest;
import io.jenkins.plugins.lockstep.revision.hg.HgRepositories;
import java.nio.file.Path;
import java.util.List;

@MercurialTest
class HgRepositoryContractTest extends RepositoryContract<HgTestRepository> {

    @Override
    HgTestRepository init(Path root) {
        return HgTestRepository.init(root);
    }

    @Override
    RepositorySystem system() {
        return new HgRepositories(System.getenv(), List.of());
    }
}
