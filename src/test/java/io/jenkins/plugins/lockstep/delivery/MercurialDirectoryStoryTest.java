package io.jenkins.plugins.lockstep.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.lockstep.MercurialTest;
import io.jenkins.plugins.lockstep.common.Progress;
import io.jenkins.plugins.lockstep.revision.HgTestRepository;
import io.jenkins.plugins.lockstep.revision.TestRepository;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same story from a Mercurial repository. */
@MercurialTest
class MercurialDirectoryStoryTest extends DirectoryStoryTest {

    @Override
    TestRepository<?> repository(Path directory) {
        return HgTestRepository.init(directory);
    }

    @Test
    void theReportNamesTheSystem(@TempDir Path temporary) throws Exception {
        var project = SampleProject.in(
                HgTestRepository.init(temporary.resolve("cart")), "registry.example.com/shop/cart", "scratch");
        String revision = project.repository().commit("first");
        Files.writeString(
                project.repository().root().resolve(".hg/hgrc"),
                "[paths]\ndefault = https://jane:secret@hg.example.com/shop/cart\n");
        var target = new Target.Directory(temporary.resolve("target"));
        Delivery delivery =
                new DeliveryFactory(Map.of("HOME", temporary.resolve("home").toString())).delivery();

        BuildResult built = delivery.build(project.location(), target, Progress.NONE);

        assertThat(built.toTree()).containsEntry("vcs", "mercurial").containsEntry("revision", revision);
    }
}
