package io.jenkins.plugins.lockstep.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jenkins.plugins.lockstep.ClusterTest;
import io.jenkins.plugins.lockstep.TestBed;
import io.jenkins.plugins.lockstep.common.Progress;
import io.jenkins.plugins.lockstep.image.TestClasses;
import io.jenkins.plugins.lockstep.image.TestJar;
import io.jenkins.plugins.lockstep.revision.GitTestRepository;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One application as a thin jar, then as classes and libraries: pods that answer. */
@ClusterTest(pods = true)
@Timeout(value = 15, unit = TimeUnit.MINUTES)
class JavaFormsStoryTest {

    private static final String HEAD =
            """
            apiVersion: lockstep/v1
            app: cart
            environments:
              staging: {}
            image:
              repository: %s
              base: %s
              ports: [8080]
            """;

    @TempDir
    Path temporary;

    @Test
    void aThinJarAndThenItsClassesRunInPods() throws Exception {
        assumeTrue(TestBed.jreBase().isPresent(), "need a Java base image (LOCKSTEP_TEST_JRE_BASE is not set)");
        Path prices = TestClasses.in(temporary.resolve("src"), temporary.resolve("prices"))
                .with(
                        "example.Prices",
                        "package example; public class Prices { public static int apple() { return 3; } }")
                .compile();
        Path classes = TestClasses.in(temporary.resolve("src"), temporary.resolve("classes"))
                .on(prices)
                .with(
                        "example.Cart",
                        """
                        package example;

                        import com.sun.net.httpserver.HttpServer;
                        import java.net.InetSocketAddress;

                        public class Cart {
                            public static void main(String[] arguments) throws java.io.IOException {
                                String place = Cart.class.getProtectionDomain().getCodeSource().getLocation().getPath();
                                byte[] answer = (Prices.apple() + " from " + place + "\\n").getBytes();
                                HttpServer server = HttpServer.create(new InetSocketAddress(8080), 0);
                                server.createContext("/", exchange -> {
                                    exchange.sendResponseHeaders(200, answer.length);
                                    exchange.getResponseBody().write(answer);
                                    exchange.close();
                                });
                                server.start();
                            }
                        }
                        """)
                .compile();
        try (StoryNamespace namespace = StoryNamespace.make()) {
            String head = HEAD.formatted(
                    namespace.imageRepository(), TestBed.jreBase().orElseThrow());
            GitTestRepository repository =
                    GitTestRepository.init(temporary.resolve("cart")).write(".gitignore", "target/\n");
            Path target = repository.root().resolve("target");
            TestClasses.pack(prices, new TestJar()).write(target.resolve("lib/prices-1.0.jar"));
            TestClasses.pack(
                            classes,
                            new TestJar()
                                    .with(
                                            "META-INF/MANIFEST.MF",
                                            "Manifest-Version: 1.0\nMain-Class: example.Cart\n"
                                                    + "Class-Path: lib/prices-1.0.jar\n\n"))
                    .write(target.resolve("cart.jar"));
            repository
                    .write("lockstep.yaml", head + "  from: target/cart.jar\n")
                    .commit("thin jar");

            assertThat(released(namespace, repository)).containsExactly("3 from /app/cart.jar\n");

            Files.createDirectories(target.resolve("classes/example"));
            Files.copy(classes.resolve("example/Cart.class"), target.resolve("classes/example/Cart.class"));
            repository
                    .write("lockstep.yaml", head + "  from: target/classes\n  dependencies: target/lib\n")
                    .commit("classes");

            assertThat(released(namespace, repository)).containsExactly("3 from /app/classes/\n");
        }
    }

    private Iterable<String> released(StoryNamespace namespace, GitTestRepository repository) throws Exception {
        var delivery =
                new DeliveryFactory(Map.of("HOME", temporary.resolve("home").toString())).delivery();
        var location = new ProjectLocation(repository.root(), Path.of(ProjectLocation.DEFAULT_FILE), null, null);
        DeployResult result = delivery.release(
                new DeployRequest(
                        location, "staging", namespace.target(), RolloutSettings.DEFAULT, new Actor("jane", null)),
                Progress.NONE);
        assertThat(result.problem()).as("%s", result.verdict()).isEmpty();
        assertThat(delivery.explain(location, namespace.target(), Progress.NONE).isSame())
                .isTrue();
        return StoryNamespace.answers(delivery.status(location, "staging", namespace.target()));
    }
}
