package io.jenkins.plugins.lockstep.delivery;

import io.jenkins.plugins.lockstep.revision.GitTestRepository;
import io.jenkins.plugins.lockstep.revision.TestRepository;
import java.nio.file.Path;

class GitBundledProjectStoryTest extends BundledProjectStory {

    @Override
    TestRepository<?> repository(Path directory) {
        return GitTestRepository.init(directory);
    }
}
