package io.jenkins.plugins.lockstep.jenkins.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hudson.EnvVars;
import hudson.FilePath;
import hudson.model.TaskListener;
import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.delivery.BundleSummary;
import io.jenkins.plugins.lockstep.jenkins.run.Build.TestJob;
import io.jenkins.plugins.lockstep.jenkins.run.Operation.Kind;
import io.jenkins.plugins.lockstep.revision.GitTestRepository;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bundles that the engine made, in the directories of builds. */
class KeptBundleTest {

    private static final String SECRET = "aHVudGVyMg==";
    private static final Operation DEPLOY = Operation.of(Kind.DEPLOY).with("environment", "staging");
    private static final TaskListener SILENT = () -> new PrintStream(PrintStream.nullOutputStream());

    @TempDir
    Path machine;

    private GitTestRepository repository;
    private TestJob job;

    @BeforeEach
    void begin() {
        repository = GitTestRepository.init(machine.resolve("workspace"));
        job = new TestJob("cart", machine.resolve("builds"));
    }

    @Test
    void aBundleIsKeptAsItIs() throws Exception {
        String revision = ship("cart", "one", false);
        Build build = job.build();
        BundleBytes made = bundle();

        KeptBundle kept = KeptBundle.keep(build, made, null);

        assertThat(kept.open().readAllBytes()).isEqualTo(made.bytes());
        assertThat(kept.app()).isEqualTo("cart");
        assertThat(kept.revision()).isEqualTo(revision);
        assertThat(kept.environments()).containsExactly("staging");
        assertThat(BundleSummary.of(kept).clusters()).containsEntry("staging", "prod");
        assertThat(files(build)).containsExactly("cart-" + revision + ".bundle");
    }

    @Test
    void aBundleWithASecretIsNotReadableInTheBuildsDirectory() throws Exception {
        String revision = ship("cart", "one", true);
        Build build = job.build();
        BundleBytes made = bundle();

        KeptBundle kept = KeptBundle.keep(build, made, null);

        assertThat(files(build)).containsExactly("cart-" + revision + ".bundle.encrypted");
        Path file = build.getRootDir()
                .toPath()
                .resolve("lockstep")
                .resolve(files(build).toList().get(0));
        assertThat(Files.readAllLines(file)).isNotEmpty().allMatch(line -> line.startsWith("{") && line.endsWith("}"));
        assertThat(kept.open().readAllBytes()).isEqualTo(made.bytes());

        Files.writeString(file, "not of this controller\n");
        assertThatThrownBy(kept::open)
                .isInstanceOfSatisfying(DeliveryException.class, failure -> assertThat(failure.getMessage())
                        .contains("can't be decrypted"));
    }

    @Test
    void whatIsNoBundleIsNotKept() throws Exception {
        Build build = job.build();

        assertThatThrownBy(() ->
                        KeptBundle.keep(build, new BundleBytes("../x".getBytes(StandardCharsets.UTF_8), "it"), null))
                .isInstanceOf(DeliveryException.class);
        assertThat(LockstepRunAction.find(build)).isEmpty();
    }

    @Test
    void aDeployTakesWhatItsBuildHasBuilt() throws Exception {
        Build build = job.build();
        ship("cart", "one", false);
        KeptBundle.keep(build, bundle(), null);
        String second = ship("cart", "two", false);
        KeptBundle.keep(build, bundle(), null);
        ship("cart", "three", false);
        KeptBundle.keep(build, bundle(), "key");

        assertThat(new BundleChoice(build, DEPLOY).ofRevision().revision()).isEqualTo(second);
    }

    @Test
    void whatADeployMadeForItselfLeavesWhatWasBuilt() throws Exception {
        Build build = job.build();
        String revision = ship("cart", "one", false);
        KeptBundle.keep(build, bundle(), null);
        KeptBundle.keep(build, bundle(), "key");

        assertThat(KeptBundle.of(build)).hasSize(2);
        assertThat(OfferedRevision.of(job, null, null))
                .extracting(OfferedRevision::getRevision)
                .containsExactly(revision);
        assertThat(new BundleChoice(build, DEPLOY).ofRevision().record().isBuilt())
                .isTrue();
    }

    @Test
    void aRevisionIsLookedForInEarlierBuilds() throws Exception {
        String first = ship("cart", "one", false);
        KeptBundle.keep(job.build(), bundle(), null);
        ship("cart", "two", false);
        KeptBundle.keep(job.build(), bundle(), null);
        Build build = job.build();

        KeptBundle found = new BundleChoice(build, DEPLOY.with("revision", first.substring(0, 8))).ofRevision();

        assertThat(found.revision()).isEqualTo(first);
        assertThat(found.run().getNumber()).isEqualTo(1);
        assertThat(new BundleChoice(build, DEPLOY).any().orElseThrow().run().getNumber())
                .isEqualTo(2);
        assertThatThrownBy(() -> new BundleChoice(build, DEPLOY).ofRevision()).hasMessageContaining("keeps no bundle");
        assertThatThrownBy(() -> new BundleChoice(build, DEPLOY.with("revision", "0000000")).ofRevision())
                .hasMessageContaining("no build keeps a bundle of revision 0000000");
        assertThatThrownBy(() -> new BundleChoice(build, DEPLOY.with("revision", "main")).ofRevision())
                .hasMessageContaining("'main' is no id");
    }

    @Test
    void ofSeveralApplicationsOneHasToBeNamed() throws Exception {
        Build build = job.build();
        ship("cart", "one", false);
        KeptBundle.keep(build, bundle(), null);
        ship("shop", "one", false);
        KeptBundle.keep(build, bundle(), null);

        assertThatThrownBy(() -> new BundleChoice(build, DEPLOY).ofRevision())
                .isInstanceOfSatisfying(DeliveryException.class, failure -> {
                    assertThat(failure.why()).isEqualTo("cart, shop");
                    assertThat(failure.hint()).contains("app: 'cart'");
                });
        assertThat(new BundleChoice(build, DEPLOY.with("app", "shop"))
                        .ofRevision()
                        .app())
                .isEqualTo("shop");
    }

    @Test
    void whatCanBeDeployedIsOfferedOnceTheNewestFirst() throws Exception {
        String first = ship("cart", "one", false);
        KeptBundle.keep(job.build(), bundle(), null);
        KeptBundle.keep(job.build(), bundle(), null);
        String second = ship("cart", "two", false);
        KeptBundle.keep(job.build(), bundle(), null);
        ship("cart", "three", false);
        KeptBundle.keep(job.build(), bundle(), "key");

        assertThat(OfferedRevision.of(job, null, null))
                .extracting(OfferedRevision::getRevision)
                .containsExactly(second, first);
        assertThat(OfferedRevision.of(job, null, null).get(0).getLabel())
                .isEqualTo(second.substring(0, 12) + " (cart, #3)");
        assertThat(OfferedRevision.of(job, null, "shop")).isEmpty();
    }

    private static Stream<String> files(Build build) throws IOException {
        try (Stream<Path> files = Files.list(build.getRootDir().toPath().resolve("lockstep"))) {
            return files.map(file -> file.getFileName().toString()).toList().stream();
        }
    }

    private String ship(String app, String content, boolean secret) throws Exception {
        repository
                .write(
                        "lockstep.yaml",
                        """
                        apiVersion: lockstep/v1
                        app: %s
                        image:
                          repository: registry.example.com/shop/cart
                          base: scratch
                          layers:
                            - { from: page.txt, to: /page.txt, mode: "0755" }
                          entrypoint: [/page.txt]
                        manifests: deploy
                        environments:
                          staging: { namespace: shop, cluster: prod }
                        """
                                .formatted(app))
                .write("page.txt", app + content)
                .write(
                        "deploy/app.yaml",
                        secret
                                ? "apiVersion: v1\nkind: Secret\nmetadata: { name: key }\ndata: { key: " + SECRET
                                        + " }\n"
                                : "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: key }\ndata: { key: open }\n");
        String revision = repository.commit(app + content);
        Outcome built = new AgentOperation(
                        Operation.of(Kind.BUILD).with("target", "dir:../out"),
                        RunContexts.of("ada", new Build(), new EnvVars()),
                        Map.of(),
                        SILENT,
                        new AwaitedWatch(number -> {}),
                        null)
                .in(workspace());
        assertThat(built.problem()).isEmpty();
        return revision;
    }

    private BundleBytes bundle() throws Exception {
        byte[] bytes = new AgentBundling(
                        new ProjectArguments(null, null, null, null),
                        new TargetArguments("dir:../out", null, null, null),
                        null,
                        null,
                        Map.of(),
                        RunContexts.of("ada", new Build(), new EnvVars()),
                        Map.of(),
                        SILENT)
                .in(workspace());
        return new BundleBytes(bytes, "it");
    }

    private FilePath workspace() {
        return new FilePath(machine.resolve("workspace").toFile());
    }
}
