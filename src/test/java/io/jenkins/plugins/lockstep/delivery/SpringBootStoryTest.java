package io.jenkins.plugins.lockstep.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jenkins.plugins.lockstep.ClusterTest;
import io.jenkins.plugins.lockstep.TestBed;
import io.jenkins.plugins.lockstep.common.Progress;
import io.jenkins.plugins.lockstep.image.BootApplication;
import io.jenkins.plugins.lockstep.revision.GitTestRepository;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A Spring Boot application without a Dockerfile and without a manifest, from its commit to pods that answer. */
@ClusterTest(pods = true)
@Timeout(value = 15, unit = TimeUnit.MINUTES)
class SpringBootStoryTest {

    @TempDir
    Path temporary;

    @Test
    void aSpringBootJarRunsWithTheConfigurationOfItsRevision() throws Exception {
        assumeTrue(TestBed.jreBase().isPresent(), "need a Java base image (LOCKSTEP_TEST_JRE_BASE is not set)");
        try (StoryNamespace namespace = StoryNamespace.make()) {
            GitTestRepository repository =
                    repository(namespace, TestBed.jreBase().orElseThrow());
            var location = new ProjectLocation(repository.root(), Path.of(ProjectLocation.DEFAULT_FILE), null, null);
            var delivery =
                    new DeliveryFactory(Map.of("HOME", temporary.resolve("home").toString())).delivery();
            var request = new DeployRequest(
                    location, "staging", namespace.target(), RolloutSettings.DEFAULT, new Actor("jane", null));
            repository.commit("first");

            DeployResult first = delivery.release(request, Progress.NONE);

            assertThat(first.problem()).as("%s", first.verdict()).isEmpty();
            assertThat(StoryNamespace.answers(delivery.status(location, "staging", namespace.target())))
                    .containsExactly("welcome first\n");
            assertThat(namespace.find("v1", "Service", "cart")).isPresent();

            repository
                    .write("config/staging/application.properties", properties("good evening", "second"))
                    .commit("second");
            build(repository);
            DeployResult second = delivery.release(request, Progress.NONE);

            assertThat(second.problem()).as("%s", second.verdict()).isEmpty();
            assertThat(StoryNamespace.answers(delivery.status(location, "staging", namespace.target())))
                    .containsExactly("good evening second\n");
        }
    }

    private GitTestRepository repository(StoryNamespace namespace, String base) throws IOException {
        var repository = GitTestRepository.init(temporary.resolve("cart"))
                .write(".gitignore", "target/\n")
                .write(
                        "lockstep.yaml",
                        """
                        apiVersion: lockstep/v1
                        app: cart
                        image:
                          repository: %s
                          base: %s
                          from: target/cart.jar
                          ports: [8080]
                        environments:
                          staging: { config: config/staging }
                        """
                                .formatted(namespace.imageRepository(), base))
                .write("config/staging/application.properties", properties("welcome", "first"));
        build(repository);
        return repository;
    }

    /** Does what {@code mvn package} does in a user's project. */
    private void build(GitTestRepository repository) throws IOException {
        BootApplication.pack(temporary.resolve("work")).write(repository.root().resolve("target/cart.jar"));
    }

    private static String properties(String greeting, String revision) {
        return "greeting=" + greeting + "\nREVISION=" + revision + "\n";
    }
}
