package io.jenkins.plugins.lockstep.delivery;

import io.jenkins.plugins.lockstep.MercurialTest;
import io.jenkins.plugins.lockstep.revision.HgTestRepository;
import io.jenkins.plugins.lockstep.revision.TestRepository;
import java.nio.file.Path;

/** The same story from a Mercurial repository. */
@MercurialTest
class MercurialBundledProjectStoryTest extends BundledProjectStory {

    @Override
    TestRepository<?> repository(Path directory) {
        return HgTestRepository.init(directory);
    }
}
