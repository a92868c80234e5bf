package io.jenkins.plugins.lockstep.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.common.Progress;
import io.jenkins.plugins.lockstep.history.Release.ReleasedImage;
import io.jenkins.plugins.lockstep.image.ImageDifference;
import io.jenkins.plugins.lockstep.image.TestJar;
import io.jenkins.plugins.lockstep.revision.GitTestRepository;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Images from commits in real clones, into a directory: several of one application, links, and two builds compared. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class ImagesStoryTest {

    @TempDir
    Path temporary;

    private GitTestRepository repository;
    private Target target;
    private Delivery delivery;

    @BeforeEach
    void start() {
        repository = GitTestRepository.init(temporary.resolve("shop")).write(".gitignore", "target/\n");
        target = new Target.Directory(temporary.resolve("target"));
        delivery = new DeliveryFactory(Map.of("HOME", temporary.resolve("home").toString())).delivery();
    }

    @Test
    void twoImagesOfOneApplicationAreBuiltAndEachContainerGetsItsOwn() throws Exception {
        repository
                .write(
                        "lockstep.yaml",
                        """
                        apiVersion: lockstep/v1
                        app: shop
                        images:
                          web:
                            repository: registry.example.com/shop/web
                            base: scratch
                            layers: [{ from: web, to: /srv }]
                          worker:
                            repository: registry.example.com/shop/worker
                            base: scratch
                            from: target/worker.jar
                        manifests: deploy/
                        environments:
                          staging: {}
                        """)
                .write("web/index.html", "hello\n")
                .write(
                        "deploy/shop.yaml",
                        """
                        apiVersion: apps/v1
                        kind: Deployment
                        metadata: { name: shop }
                        spec:
                          selector: { matchLabels: { app: shop } }
                          template:
                            metadata: { labels: { app: shop } }
                            spec:
                              initContainers:
                                - { name: prepare, image: lockstep/worker }
                              containers:
                                - { name: web, image: lockstep/web }
                                - { name: worker, image: "registry.example.com/shop/worker:any" }
                        """);
        worker().write(repository.root().resolve("target/worker.jar"));
        String revision = repository.commit("first");

        BuildResult built = delivery.build(location(repository), target, Progress.NONE);
        DeployResult deployed = delivery.deploy(
                new DeployRequest(
                        location(repository), "staging", target, RolloutSettings.DEFAULT, new Actor("jane", null)),
                Progress.NONE);

        assertThat(built.images().stream().map(BuildResult.BuiltImage::name)).containsExactly("web", "worker");
        assertThat(deployed.failure()).isEmpty();
        List<String> references = deployed.release().images().stream()
                .map(ReleasedImage::reference)
                .map(Object::toString)
                .toList();
        assertThat(references)
                .isEqualTo(built.images().stream()
                        .map(image -> image.stored().reference().toString())
                        .toList());
        assertThat(references.get(0)).startsWith("registry.example.com/shop/web:" + revision + "@sha256:");
        assertThat(references.get(1)).startsWith("registry.example.com/shop/worker:" + revision + "@sha256:");
        String object = Files.readString(temporary.resolve("target/objects/default/Deployment.apps/shop.yaml"));
        assertThat(count(object, references.get(0))).isEqualTo(1);
        assertThat(count(object, references.get(1))).isEqualTo(2);
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void aCloneWithoutLinksGivesTheSameImage() throws Exception {
        repository
                .write("lockstep.yaml", project("layers: [{ from: site, to: /srv }]"))
                .write("site/index.html", "hello\n")
                .write("shared/logo/logo.svg", "<svg/>\n")
                .write("shared/start.sh", "#!/bin/sh\n")
                .executable("shared/start.sh", true)
                .link("site/home.html", "index.html")
                .link("site/logo", "../shared/logo")
                .link("site/start", "../shared/start.sh")
                .commit("first");
        GitTestRepository clone = repository.cloneTo(temporary.resolve("clone"), "-c", "core.symlinks=false");
        assertThat(clone.root().resolve("site/logo")).isRegularFile();
        assertThat(Files.isSymbolicLink(clone.root().resolve("site/logo"))).isFalse();

        BuildResult one = delivery.build(location(repository), target, Progress.NONE);
        BuildResult other =
                delivery.build(location(clone), new Target.Directory(temporary.resolve("other target")), Progress.NONE);

        assertThat(digest(other)).isEqualTo(digest(one));
        assertThat(delivery.explain(location(clone), target, Progress.NONE).isSame())
                .isTrue();
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void aLinkOutOfTheProjectButInTheRepositoryIsFollowed() throws Exception {
        repository
                .write("cart/lockstep.yaml", project("layers: [{ from: site, to: /srv }]"))
                .write("shared/logo.svg", "<svg/>\n")
                .write("cart/site/index.html", "hello\n")
                .link("cart/site/logo.svg", "../../shared/logo.svg")
                .commit("first");

        BuildResult built = delivery.build(
                new ProjectLocation(repository.root().resolve("cart"), Path.of("lockstep.yaml"), null, null),
                target,
                Progress.NONE);

        assertThat(built.images()).singleElement().satisfies(image -> assertThat(image.reused())
                .isFalse());
    }

    @Test
    void whatDiffersBetweenTwoBuildsOfOneCommitIsNamedAndNothingIsWritten() throws Exception {
        repository.write(
                "lockstep.yaml", project("from: target/classes\n  dependencies: target/lib\n  entrypoint: [java]"));
        repository.commit("first");
        classes("one");
        new TestJar().with("a", "a").write(repository.root().resolve("target/lib/released.jar"));
        new TestJar().with("Own.class", "1").write(repository.root().resolve("target/lib/own-1-SNAPSHOT.jar"));
        BuildResult first = delivery.build(location(repository), target, Progress.NONE);
        Map<Path, String> before = content(temporary.resolve("target"));
        assertThat(delivery.explain(location(repository), target, Progress.NONE).isSame())
                .isTrue();

        classes("two");
        new TestJar()
                .with("a", "a")
                .asFromAnotherMachine()
                .write(repository.root().resolve("target/lib/released.jar"));
        new TestJar()
                .with("Own.class", "2")
                .asFromAnotherMachine()
                .write(repository.root().resolve("target/lib/own-1-SNAPSHOT.jar"));
        ExplainResult explained = delivery.explain(location(repository), target, Progress.NONE);

        assertThat(explained.isSame()).isFalse();
        ExplainResult.ExplainedImage image = explained.images().get(0);
        assertThat(image.stored().digest()).isEqualTo(digest(first));
        assertThat(image.comparison().differences())
                .extracting(
                        ImageDifference::kind, ImageDifference::layer, ImageDifference::path, ImageDifference::entry)
                .containsExactly(
                        tuple(ImageDifference.Kind.ARCHIVE, "dependencies", "/app/libs/released.jar", null),
                        tuple(
                                ImageDifference.Kind.CONTENT,
                                "snapshot-dependencies",
                                "/app/libs/own-1-SNAPSHOT.jar",
                                "Own.class"),
                        tuple(ImageDifference.Kind.CONTENT, "classes", "/app/classes/Cart.class", null));
        assertThat(content(temporary.resolve("target"))).isEqualTo(before);
    }

    @Test
    void withoutAnImageThereIsNothingToCompareWith() throws Exception {
        repository
                .write("lockstep.yaml", project("layers: [{ from: a.txt, to: /a.txt }]"))
                .write("a.txt", "a")
                .commit("first");

        assertThatExceptionOfType(DeliveryException.class)
                .isThrownBy(() -> delivery.explain(location(repository), target, Progress.NONE))
                .satisfies(refused -> assertThat(refused.problem()).isEqualTo(Problem.IMAGE_MISSING));
    }

    private static TestJar worker() {
        return new TestJar()
                .with("META-INF/MANIFEST.MF", "Manifest-Version: 1.0\nMain-Class: com.example.Worker\n\n")
                .with("com/example/Worker.class", "worker");
    }

    private void classes(String content) throws IOException {
        Path file = repository.root().resolve("target/classes/Cart.class");
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }

    private static String project(String content) {
        return """
                apiVersion: lockstep/v1
                app: cart
                source: https://example.com/shop
                image:
                  repository: registry.example.com/shop/cart
                  base: scratch
                  %s
                """
                .formatted(content);
    }

    private static ProjectLocation location(GitTestRepository repository) {
        return new ProjectLocation(repository.root(), Path.of(ProjectLocation.DEFAULT_FILE), null, null);
    }

    private static String digest(BuildResult result) {
        return result.images().get(0).stored().digest();
    }

    private static int count(String text, String part) {
        return text.split(Pattern.quote(part), -1).length - 1;
    }

    private static Map<Path, String> content(Path tree) throws IOException {
        var content = new TreeMap<Path, String>();
        try (Stream<Path> files = Files.walk(tree)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                content.put(file, new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
            }
        }
        return content;
    }
}
