package io.jenkins.plugins.lockstep.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.delivery.VerifyResult.Answer;
import io.jenkins.plugins.lockstep.deploy.DriftCheck.Drifted;
import io.jenkins.plugins.lockstep.history.Release;
import io.jenkins.plugins.lockstep.revision.GitTestRepository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Verifying a directory: the same checks as in a cluster, without who did it. */
class VerifyDirectoryTest {

    private static final Actor ACTOR = new Actor("jane", null);
    private static final String AUTOSCALER =
            """
            apiVersion: autoscaling/v1
            kind: HorizontalPodAutoscaler
            metadata: { name: scaler }
            spec:
              scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: cart }
              maxReplicas: 4
            """;

    @TempDir
    Path temporary;

    private final List<String> steps = new ArrayList<>();
    private SampleProject project;
    private Target target;
    private Delivery delivery;

    @BeforeEach
    void start() {
        project = SampleProject.in(
                GitTestRepository.init(temporary.resolve("cart")), "registry.example.com/shop/cart", "scratch");
        target = new Target.Directory(temporary.resolve("target"));
        delivery = new DeliveryFactory(Map.of("HOME", temporary.resolve("home").toString())).delivery();
    }

    @Test
    void whatWasReleasedCarriesItsSealAndIsWhatItsCommitRenders() throws Exception {
        project.repository().commit("first");
        Release release = release();
        project.repository().write("app/page.txt", "second page\n").commit("not released");

        VerifyResult result = verify();

        assertThat(result.intact()).isTrue();
        assertThat(result.source()).isEqualTo(new VerifyResult.Source(Answer.SAME, List.of(), null));
        assertThat(result.toTree())
                .containsEntry("release", 1)
                .containsEntry("revision", release.revision())
                .containsEntry("seal", release.seal())
                .containsEntry("intact", true)
                .containsEntry("drift", List.of());
    }

    @Test
    void aFileThatWasChangedByHandIsNamedWithBothValues() throws Exception {
        project.repository().commit("first");
        release();
        edit("Service", "targetPort: 8080", "targetPort: 9090");

        VerifyResult result = verify();

        assertThat(result.intact()).isFalse();
        assertThat(result.drift())
                .extracting(drift -> drift.object().toString(), Drifted::field, Drifted::live, Drifted::released)
                .containsExactly(tuple("service/cart", "spec.ports[port=80,protocol=TCP].targetPort", 9090, 8080));
    }

    @Test
    void theHashOfASecretIsNotShownBecauseItsValueCouldBeFoundByIt() throws Exception {
        project.repository()
                .write(
                        "deploy/password.yaml",
                        "apiVersion: v1\nkind: Secret\nmetadata: { name: password }\ndata: { password: dGlnZXI= }\n")
                .commit("first");
        release();
        String live = object("Secret", "password");
        String hash = live.replaceAll("(?s).*lockstep.io/applied: ['\"]?([0-9a-f]{64}).*", "$1");
        Files.writeString(file("Secret", "password"), live.replace(hash, "0".repeat(64)));

        VerifyResult result = verify();

        assertThat(result.drift()).singleElement().satisfies(drift -> {
            assertThat(drift.field()).isEqualTo("metadata.annotations.lockstep.io/applied");
            assertThat(String.valueOf(drift.live())).startsWith("secret:");
            assertThat(String.valueOf(drift.released())).startsWith("secret:").isNotEqualTo(drift.live());
        });
        assertThat(result.toTree().toString()).doesNotContain(hash);
    }

    @Test
    void aRecordThatWasChangedNoLongerHasItsSeal() throws Exception {
        project.repository().commit("first");
        Release release = release();
        Path entry = temporary.resolve("target/ledger/cart/staging/1.json");
        Files.writeString(entry, Files.readString(entry).replace(release.seal(), "0".repeat(64)));

        VerifyResult result = verify();

        assertThat(result.sealed()).isFalse();
        assertThat(result.intact()).isFalse();
        assertThat(result.seal()).isEqualTo(release.seal());
    }

    @Test
    void nothingThatRunsHasNoSeal() {
        project.repository().commit("first");

        DeliveryException failure = catchThrowableOfType(DeliveryException.class, this::verify);

        assertThat(failure.problem()).isEqualTo(Problem.BAD_INPUT);
        assertThat(failure.getMessage()).contains("nothing runs in staging", "nothing was ever released");
    }

    @Test
    void anAutoscalerIsSealedInOneFormForEveryCluster() throws Exception {
        bounded("{ min: 2, max: 5, cpu: 80 }");
        String unscaled =
                SampleProject.deployment(1).replace("cart", "database").replace("lockstep", "postgres:14");
        project.repository().write("deploy/database.yaml", unscaled.replace("database-config", "cart-config"));
        project.repository().commit("first");

        Release release = release();

        assertThat(object("HorizontalPodAutoscaler.autoscaling", "cart"))
                .contains("autoscaling/v2", "minReplicas: 2", "maxReplicas: 5", "averageUtilization: 80");
        assertThat(temporary.resolve("target/objects/default/HorizontalPodAutoscaler.autoscaling/database.yaml"))
                .doesNotExist();
        assertThat(object("Deployment.apps", "cart")).contains("replicas: 2");
        assertThat(verify().intact()).isTrue();
        bounded("{ min: 2, max: 5, cpu: 60 }");
        project.repository().commit("another aim");
        assertThat(release().seal()).isNotEqualTo(release.seal());
    }

    @Test
    void anAutoscalerOfTheManifestsIsNotGivenASecondOne() throws Exception {
        bounded("{ min: 2, max: 5, cpu: 80 }");
        project.repository().write("deploy/scaler.yaml", AUTOSCALER).commit("two autoscalers");

        DeliveryException failure = catchThrowableOfType(DeliveryException.class, this::release);

        assertThat(failure.problem()).isEqualTo(Problem.BAD_INPUT);
        assertThat(failure.where()).isEqualTo("deploy/scaler.yaml:1");
        assertThat(failure.getMessage()).contains("deployment/cart", "lockstep.yaml:");
    }

    @Test
    void anAutoscalerThatScalesNothingIsWarnedAbout() throws Exception {
        bounded("{ min: 2, max: 5, cpu: 80 }");
        project.repository().delete("deploy/cart.yaml").commit("no workload");

        release();

        assertThat(steps).anyMatch(step -> step.contains("`cpu` scales nothing") && step.contains("lockstep.yaml:"));
    }

    private Release release() throws InterruptedException {
        return delivery.release(
                        new DeployRequest(project.location(), "staging", target, RolloutSettings.DEFAULT, ACTOR),
                        steps::add)
                .release();
    }

    private VerifyResult verify() {
        return delivery.verify(project.location(), "staging", target);
    }

    private void bounded(String replicas) throws IOException {
        project.repository()
                .write(
                        "lockstep.yaml",
                        project.file()
                                .replaceAll(
                                        "staging: \\{.*",
                                        "staging: { extends: [base], config: config/staging, replicas: " + replicas
                                                + " }"));
    }

    private Path file(String kind, String name) {
        return temporary.resolve("target/objects/default/" + kind + "/" + name + ".yaml");
    }

    private String object(String kind, String name) throws IOException {
        return Files.readString(file(kind, name));
    }

    private void edit(String kind, String before, String after) throws IOException {
        Files.writeString(file(kind, "cart"), object(kind, "cart").replace(before, after));
    }
}
