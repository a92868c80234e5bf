package io.jenkins.plugins.lockstep.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.common.Progress;
import io.jenkins.plugins.lockstep.revision.GitTestRepository;
import io.jenkins.plugins.lockstep.scaffold.SampleSources;
import io.jenkins.plugins.lockstep.scaffold.ScaffoldOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** From a repository without a project file to a release, for every kind that init knows: real Git, a directory target. */
class InitStoryTest {

    private static final Path FILE = Path.of(ProjectLocation.DEFAULT_FILE);

    /** The base is {@code scratch}: no image that init writes otherwise can be fetched by a test. */
    private static final ScaffoldOptions OPTIONS =
            new ScaffoldOptions(null, "registry.example.com/shop/cart", "scratch", List.of());

    @TempDir
    Path temporary;

    static Stream<SampleSources> kinds() {
        return SampleSources.all();
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void everyKindIsReleasedWithWhatInitWrote(SampleSources sources) throws Exception {
        GitTestRepository repository = repository(sources);
        Delivery delivery = delivery();

        InitResult result = delivery.init(request(repository, OPTIONS, false, false));

        assertThat(result.written()).isTrue();
        assertThat(result.file()).hasContent(result.draft().text());
        repository.commit("with a project file");
        sources.build(repository.root());
        var location = new ProjectLocation(repository.root(), FILE, null, null);
        var target = new Target.Directory(temporary.resolve("target"));
        BuildResult built = delivery.build(location, target, Progress.NONE);
        DeployResult released = delivery.release(
                new DeployRequest(location, "staging", target, RolloutSettings.DEFAULT, new Actor("jane", null)),
                Progress.NONE);

        assertThat(released.problem()).as("%s", released.verdict()).isEmpty();
        assertThat(released.release().images())
                .extracting(image -> image.reference().digest())
                .containsExactly(built.images().get(0).stored().reference().digest());
    }

    @Test
    void manifestsThatAreThereAreReleasedWithTheImageInThem() throws Exception {
        GitTestRepository repository = repository(SampleSources.node());
        repository.write(
                "deploy/cart.yaml",
                SampleProject.deployment(1)
                        .replace("image: lockstep", "image: registry.example.com/shop/cart:latest")
                        .replaceAll("(?m)^ *(volumeMounts|volumes|- \\{ name: config).*\n", ""));
        Delivery delivery = delivery();
        delivery.init(request(repository, new ScaffoldOptions(null, null, "scratch", List.of()), false, false));
        repository.commit("with a project file");
        SampleSources.node().build(repository.root());
        var target = new Target.Directory(temporary.resolve("target"));
        var location = new ProjectLocation(repository.root(), FILE, null, null);

        DeployResult released = delivery.release(
                new DeployRequest(location, "staging", target, RolloutSettings.DEFAULT, new Actor("jane", null)),
                Progress.NONE);

        assertThat(released.problem()).isEmpty();
        try (Stream<Path> files = Files.walk(temporary.resolve("target"))) {
            assertThat(files.filter(file -> file.endsWith("Deployment.apps/cart.yaml"))
                            .filter(Files::isRegularFile))
                    .singleElement()
                    .satisfies(file -> assertThat(Files.readString(file))
                            .contains(released.release()
                                    .images()
                                    .get(0)
                                    .reference()
                                    .toString()));
        }
    }

    @Test
    void aProjectFileIsReplacedOnlyByForce() throws Exception {
        GitTestRepository repository = repository(SampleSources.node());
        repository.write("lockstep.yaml", "mine\n");

        DeliveryException failure = catchThrowableOfType(
                DeliveryException.class, () -> delivery().init(request(repository, OPTIONS, false, false)));
        assertThat(failure.hint()).contains("--force");
        InitResult dry = delivery().init(request(repository, OPTIONS, false, true));
        assertThat(dry.written()).isFalse();
        assertThat(repository.root().resolve("lockstep.yaml")).hasContent("mine");

        delivery().init(request(repository, OPTIONS, true, false));
        assertThat(repository.root().resolve("lockstep.yaml"))
                .hasContent(dry.draft().text());
    }

    @Test
    void aPlaceThatTakesNoFileIsSaidAndKeepsWhatItHas() {
        GitTestRepository repository = repository(SampleSources.node());
        repository.write("lockstep.yaml/mine.txt", "mine\n");

        DeliveryException failure = catchThrowableOfType(
                DeliveryException.class, () -> delivery().init(request(repository, OPTIONS, true, false)));

        assertThat(failure.problem()).isEqualTo(Problem.BAD_USAGE);
        assertThat(failure.why()).endsWith("it is a directory").doesNotContain("Exception");
        assertThat(failure.hint()).contains("--dry-run");
        assertThat(repository.root().resolve("lockstep.yaml/mine.txt")).hasContent("mine");
        assertThat(repository.root().toFile().list())
                .as("what was to be moved there is gone")
                .noneMatch(name -> name.startsWith(".lockstep"));
    }

    @Test
    void whatCantBeDescribedLeavesNoFileBehind() {
        GitTestRepository repository = GitTestRepository.init(temporary.resolve("page"));

        assertThat(catchThrowableOfType(
                        DeliveryException.class, () -> delivery().init(request(repository, OPTIONS, false, false))))
                .isNotNull();

        assertThat(repository.root().resolve("lockstep.yaml")).doesNotExist();
    }

    @Test
    void theOriginTellsTheRepositoryAndTheNextStepsComeInTheirOrder() {
        GitTestRepository repository = repository(SampleSources.node());
        repository.git("remote", "add", "origin", "git@github.com:shop/cart.git");

        InitResult result =
                delivery().init(request(repository, new ScaffoldOptions(null, null, null, List.of()), false, false));

        assertThat(result.draft().repository()).isEqualTo("ghcr.io/shop/cart");
        assertThat(result.next())
                .containsExactly(
                        "git add lockstep.yaml && git commit -m \"Describe the project for Lockstep\"",
                        "npm ci --omit=dev --no-bin-links",
                        "lockstep release staging --to dir:../lockstep-try",
                        "lockstep release staging");
    }

    private GitTestRepository repository(SampleSources sources) {
        var repository = GitTestRepository.init(temporary.resolve("page"));
        sources.writeTo(repository.root());
        repository.write(".gitignore", "target/\nbuild/\nnode_modules/\ndist/\n");
        return repository;
    }

    private static InitRequest request(
            GitTestRepository repository, ScaffoldOptions options, boolean force, boolean dryRun) {
        return new InitRequest(repository.root(), FILE, options, force, dryRun);
    }

    private Delivery delivery() {
        return new DeliveryFactory(Map.of("HOME", temporary.resolve("home").toString())).delivery();
    }
}
