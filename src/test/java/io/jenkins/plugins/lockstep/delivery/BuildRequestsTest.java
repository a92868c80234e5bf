package io.jenkins.plugins.lockstep.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.jenkins.plugins.lockstep.ClusterTest;
import io.jenkins.plugins.lockstep.TestBed;
import io.jenkins.plugins.lockstep.WatchedRegistry;
import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.common.Progress;
import io.jenkins.plugins.lockstep.image.ImageReference;
import io.jenkins.plugins.lockstep.image.RegistryLogins;
import io.jenkins.plugins.lockstep.image.jib.RegistryAccess;
import io.jenkins.plugins.lockstep.image.jib.RegistryImageStore;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How often a build asks a real registry about a commit that has its image. */
@ClusterTest(kubernetes = false)
class BuildRequestsTest {

    private static final Target REGISTRY = new Target.Kubernetes(null, null, null);

    @TempDir
    private Path temporary;

    @Test
    void aCommitThatHasItsImageIsTwoRequestsThenOneAndNoneWhereThisProcessKnows() throws Exception {
        try (var registry = new WatchedRegistry(TestBed.registry())) {
            String repository = registry.name() + "/lockstep-test/" + UUID.randomUUID();
            SampleProject project = SampleProject.in(temporary.resolve("cart"), repository, "scratch");
            project.repository().commit("first");
            Delivery delivery = delivery();
            BuildResult built = delivery.build(project.location(), REGISTRY, Progress.NONE);
            registry.forget();

            BuildResult again = delivery.build(project.location(), REGISTRY, Progress.NONE);

            assertThat(registry.requests()).isEmpty();
            assertThat(again.images()).allMatch(BuildResult.BuiltImage::reused);
            assertThat(again.images().get(0).stored())
                    .isEqualTo(built.images().get(0).stored());
            Delivery other = delivery();
            assertThat(other.build(project.location(), REGISTRY, Progress.NONE)
                            .images()
                            .get(0)
                            .stored())
                    .isEqualTo(built.images().get(0).stored());
            assertThat(registry.requests()).hasSize(2);
            registry.forget();
            delivery().build(project.location(), REGISTRY, Progress.NONE);
            assertThat(registry.requests())
                    .as("the configuration of a digest is known")
                    .hasSize(1);
        }
    }

    @Test
    void anImageThatSomebodyElseDeletedIsMissedByWhoeverUsesItAndThenBuiltAnew() throws Exception {
        try (var registry = new WatchedRegistry(TestBed.registry())) {
            String repository = registry.name() + "/lockstep-test/" + UUID.randomUUID();
            SampleProject project = SampleProject.in(temporary.resolve("cart"), repository, "scratch");
            project.repository().commit("first");
            var connections = new DeliveryFactory(
                            Map.of("HOME", temporary.resolve("home").toString()))
                    .connections(Progress.NONE);
            var builds = new BuildImages(connections);
            BuildResult built = builds.run(project.location(), REGISTRY, Progress.NONE);
            new RegistryImageStore(
                            new RegistryAccess(Map.of(), RegistryLogins.NONE, temporary.resolve("cache"), Set.of()))
                    .delete(built.images().get(0).stored());

            var missed = catchThrowableOfType(DeliveryException.class, () -> {
                try (OpenProject open = OpenProject.open(connections.repositories(), project.location())) {
                    Deploy.pin(open, connections.images(REGISTRY));
                }
            });

            assertThat(missed.problem()).isEqualTo(Problem.IMAGE_MISSING);
            List<BuildResult.BuiltImage> anew =
                    builds.run(project.location(), REGISTRY, Progress.NONE).images();
            assertThat(anew).noneMatch(BuildResult.BuiltImage::reused);
            assertThat(connections
                            .images(REGISTRY)
                            .missing(List.of(ImageReference.parse(
                                    anew.get(0).stored().reference().toString()))))
                    .isEmpty();
        }
    }

    private Delivery delivery() {
        return new DeliveryFactory(Map.of("HOME", temporary.resolve("home").toString())).delivery();
    }
}
