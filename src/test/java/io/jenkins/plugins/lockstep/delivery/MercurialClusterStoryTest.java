package io.jenkins.plugins.lockstep.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.lockstep.ClusterTest;
import io.jenkins.plugins.lockstep.MercurialTest;
import io.jenkins.plugins.lockstep.TestBed;
import io.jenkins.plugins.lockstep.common.Progress;
import io.jenkins.plugins.lockstep.history.Release;
import io.jenkins.plugins.lockstep.revision.HgTestRepository;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** That a Mercurial repository reaches a real cluster and comes back; the rest of the story does not know the system. */
@ClusterTest(pods = true)
@MercurialTest
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class MercurialClusterStoryTest {

    private static final Actor ACTOR = new Actor("jane", null);

    @TempDir
    Path temporary;

    @Test
    void aChangesetIsBuiltDeployedAndBroughtBack() throws Exception {
        try (StoryNamespace namespace = StoryNamespace.make()) {
            var project = SampleProject.in(
                    HgTestRepository.init(temporary.resolve("cart")), namespace.imageRepository(), TestBed.base());
            var delivery =
                    new DeliveryFactory(Map.of("HOME", temporary.resolve("home").toString())).delivery();
            String first = project.repository().commit("first");
            var request = new DeployRequest(
                    project.location(), "staging", namespace.target(), RolloutSettings.DEFAULT, ACTOR);

            DeployResult one = delivery.release(request, Progress.NONE);
            String second =
                    project.repository().write("app/page.txt", "second page\n").commit("second");
            DeployResult two = delivery.release(request, Progress.NONE);
            DeployResult back = delivery.rollback(
                    new RollbackRequest(
                            project.location(),
                            "staging",
                            first.substring(0, 12),
                            namespace.target(),
                            RolloutSettings.DEFAULT,
                            ACTOR),
                    Progress.NONE);

            assertThat(one.problem()).as("%s", one.verdict()).isEmpty();
            assertThat(two.problem()).as("%s", two.verdict()).isEmpty();
            assertThat(back.problem()).as("%s", back.verdict()).isEmpty();
            assertThat(delivery.history(project.location(), "staging", namespace.target())
                            .releases())
                    .allSatisfy(release -> assertThat(release.vcs()).isEqualTo("mercurial"))
                    .extracting(Release::revision)
                    .containsExactly(first, second, first);
            assertThat(back.release().images()).isEqualTo(one.release().images());
        }
    }
}
