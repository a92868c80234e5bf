package io.jenkins.plugins.lockstep.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.lockstep.ClusterTest;
import io.jenkins.plugins.lockstep.TestBed;
import io.jenkins.plugins.lockstep.common.Progress;
import io.jenkins.plugins.lockstep.deploy.Verdict;
import io.jenkins.plugins.lockstep.history.Release;
import io.jenkins.plugins.lockstep.kube.FaultyFront;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whole releases while every fifth request to the real API server goes wrong in one way or another. */
@ClusterTest(pods = true)
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class StormTest {

    private static final Actor ACTOR = new Actor("jane", null);
    private static final String SEED = "lockstep.storm.seed";

    @TempDir
    Path temporary;

    private final List<String> warnings = new CopyOnWriteArrayList<>();

    @Test
    void releasesAndARollbackEndWellAndAreCountedOnce(TestReporter reporter) throws Exception {
        long seed = Long.getLong(SEED, new Random().nextInt(1_000_000));
        reporter.publishEntry(SEED, String.valueOf(seed));
        try (var namespace = StoryNamespace.make();
                var front = FaultyFront.beforeTestBed()) {
            List<String> faults = front.storm(5, seed);
            var project = SampleProject.in(temporary.resolve("cart"), namespace.imageRepository(), TestBed.base());
            project.repository().write("deploy/cart.yaml", SampleProject.deployment(1));
            Target target = new Target.Kubernetes(kubeconfig(front, namespace), null, null);
            var delivery =
                    new DeliveryFactory(Map.of("HOME", temporary.resolve("home").toString())).delivery(notices());

            String first = project.repository().commit("first");
            DeployResult one = delivery.release(request(project, target), Progress.NONE);
            assertThat(one.verdict().code())
                    .as("seed %d: %s", seed, one.verdict())
                    .isEqualTo(Verdict.Code.RUNNING);
            String second =
                    project.repository().write("app/page.txt", "second page\n").commit("second");
            DeployResult two = delivery.release(request(project, target), Progress.NONE);
            assertThat(two.verdict().code())
                    .as("seed %d: %s", seed, two.verdict())
                    .isEqualTo(Verdict.Code.RUNNING);
            DeployResult back = delivery.rollback(
                    new RollbackRequest(
                            project.location(), "staging", "previous", target, RolloutSettings.DEFAULT, ACTOR),
                    Progress.NONE);
            assertThat(back.verdict().code())
                    .as("seed %d: %s", seed, back.verdict())
                    .isEqualTo(Verdict.Code.RUNNING);

            // Read without the storm: nothing was lost, nothing is there twice.
            List<Release> releases = delivery.history(project.location(), "staging", namespace.target())
                    .releases();
            assertThat(releases)
                    .as("seed %d", seed)
                    .extracting(Release::revision)
                    .containsExactly(first, second, first);
            assertThat(releases).extracting(Release::number).containsExactly(3, 2, 1);
            assertThat(releases)
                    .allMatch(release ->
                            release.verdict() != null && release.verdict().code() == Verdict.Code.RUNNING);
            assertThat(StoryNamespace.answers(delivery.status(project.location(), "staging", namespace.target())))
                    .as("seed %d", seed)
                    .containsExactly("first page\nfirst testers\n");
            assertThat(faults).as("seed %d", seed).hasSizeGreaterThan(10);
            assertThat(warnings)
                    .as("seed %d", seed)
                    .isNotEmpty()
                    .doesNotHaveDuplicates()
                    .allMatch(warning -> warning.contains("trying again"));
        }
    }

    private static DeployRequest request(SampleProject project, Target target) {
        return new DeployRequest(project.location(), "staging", target, RolloutSettings.DEFAULT, ACTOR);
    }

    private Progress notices() {
        return new Progress() {
            @Override
            public void step(String message) {}

            @Override
            public void warn(String message) {
                warnings.add(message);
            }
        };
    }

    private Path kubeconfig(FaultyFront front, StoryNamespace namespace) throws IOException {
        return Files.writeString(
                temporary.resolve("kubeconfig"),
                """
                current-context: only
                contexts: [{name: only, context: {cluster: near, namespace: %s}}]
                clusters: [{name: near, cluster: {server: "%s"}}]
                """
                        .formatted(namespace.name(), front.address()));
    }
}
