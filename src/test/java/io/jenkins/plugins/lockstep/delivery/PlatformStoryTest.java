package io.jenkins.plugins.lockstep.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.lockstep.ClusterTest;
import io.jenkins.plugins.lockstep.TestBed;
import io.jenkins.plugins.lockstep.common.Progress;
import io.jenkins.plugins.lockstep.deploy.Verdict;
import io.jenkins.plugins.lockstep.image.ImageReference;
import io.jenkins.plugins.lockstep.image.jib.PlatformBase;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An image for several platforms on a real node, which picks its own out of the index. */
@ClusterTest(pods = true)
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class PlatformStoryTest {

    @TempDir
    Path temporary;

    @Test
    void aNodeTakesItsPlatformOutOfTheIndexThatADeployNames() throws Exception {
        try (StoryNamespace namespace = StoryNamespace.make()) {
            ImageReference busybox = ImageReference.parse(TestBed.base());
            String path = namespace.name() + "/base";
            PlatformBase.pushBoth(
                    TestBed.registry(),
                    busybox.repository().substring(busybox.repository().indexOf('/') + 1),
                    String.valueOf(busybox.tag()),
                    path);
            String base = TestBed.registry() + "/" + path + ":1";
            SampleProject project = SampleProject.in(temporary.resolve("cart"), namespace.imageRepository(), base);
            project.repository()
                    .write(
                            "lockstep.yaml",
                            project.file()
                                    .replace(
                                            "  ports: [8080]",
                                            "  ports: [8080]\n  platforms: [linux/arm64/v8, linux/amd64]"))
                    .commit("both");
            Delivery delivery =
                    new DeliveryFactory(Map.of("HOME", temporary.resolve("home").toString())).delivery();
            delivery.lock(project.location(), false, Progress.NONE);
            project.repository().write("app/page.txt", "page of both\n").commit("locked");

            BuildResult built = delivery.build(project.location(), namespace.target(), Progress.NONE);
            DeployResult released = delivery.release(
                    new DeployRequest(
                            project.location(),
                            "staging",
                            namespace.target(),
                            RolloutSettings.DEFAULT,
                            new Actor("jane", null)),
                    Progress.NONE);

            assertThat(released.problem()).as("%s", released.verdict()).isEmpty();
            assertThat(released.verdict().code()).isEqualTo(Verdict.Code.RUNNING);
            assertThat(released.release().images().get(0).reference().digest())
                    .isEqualTo(built.images().get(0).stored().digest());
            assertThat(delivery.build(project.location(), namespace.target(), Progress.NONE)
                            .images())
                    .allMatch(BuildResult.BuiltImage::reused);
            StatusResult status = delivery.status(project.location(), "staging", namespace.target());
            assertThat(StoryNamespace.answers(status))
                    .isEqualTo(List.of("page of both\nfirst testers\n", "page of both\nfirst testers\n"));
        }
    }
}
