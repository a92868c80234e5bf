package io.jenkins.plugins.lockstep.jenkins.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.delivery.Overrides;
import io.jenkins.plugins.lockstep.delivery.ProjectLocation;
import io.jenkins.plugins.lockstep.delivery.RolloutSettings;
import io.jenkins.plugins.lockstep.delivery.Target;
import io.jenkins.plugins.lockstep.jenkins.run.Operation.Kind;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a step asks for, as the engine is asked. */
class OperationTest {

    private static final Path WORKSPACE = Path.of("/agent/workspace/cart");
    private static final Operation DEPLOY = Operation.of(Kind.DEPLOY).with("environment", "staging");

    @Test
    void nothingConfiguredAsksForTheEnginesDefaults() {
        assertThat(DEPLOY.project().in(WORKSPACE))
                .isEqualTo(new ProjectLocation(WORKSPACE, Path.of("lockstep.yaml"), null, null));
        assertThat(DEPLOY.target().in(WORKSPACE)).isEqualTo(new Target.Kubernetes(null, null, null));
        assertThat(DEPLOY.rollout().settings()).isEqualTo(RolloutSettings.DEFAULT);
    }

    @Test
    void pathsAreRelativeToTheProjectsDirectoryInTheWorkspace() {
        Operation deploy = DEPLOY.with("directory", "services/cart")
                .with("file", "ship.yaml")
                .with("revision", "4f2c9ab")
                .with("repository", "registry.example.com/cart")
                .with("kubeconfig", "kube.conf")
                .with("context", "prod")
                .with("namespace", "shop");

        assertThat(deploy.project().in(WORKSPACE))
                .isEqualTo(new ProjectLocation(
                        WORKSPACE.resolve("services/cart"),
                        Path.of("ship.yaml"),
                        "4f2c9ab",
                        "registry.example.com/cart"));
        assertThat(deploy.target().in(deploy.project().directoryIn(WORKSPACE)))
                .isEqualTo(new Target.Kubernetes(WORKSPACE.resolve("services/cart/kube.conf"), "prod", "shop"));
    }

    @Test
    void howToRollOutIsWhatIsAskedFor() {
        Operation deploy = DEPLOY.with("timeout", "90s")
                .with("lockTimeout", "0s")
                .with("onFailure", "keep")
                .with("takeOwnership", true)
                .with("pruneData", true)
                .with("allowOlder", true)
                .with("fixes", "4f2c9ab")
                .with("graces", "scheduling=5m, exits=5");

        assertThat(deploy.rollout().settings())
                .isEqualTo(new RolloutSettings(
                        Duration.ofSeconds(90),
                        Duration.ZERO,
                        false,
                        true,
                        true,
                        new Overrides(true, false, false, "4f2c9ab"),
                        Map.of("scheduling", "5m", "exits", "5")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"scheduling", "=5m", "scheduling=soon", "schedulin=5m", "exits=5 and more"})
    void whatIsNoGraceIsRefused(String graces) {
        RolloutArguments rollout = DEPLOY.with("graces", graces).rollout();

        assertThatThrownBy(rollout::settings).isInstanceOfSatisfying(DeliveryException.class, failure -> {
            assertThat(failure.problem()).isEqualTo(Problem.BAD_USAGE);
            assertThat(failure.hint()).isNotNull();
        });
    }

    @Test
    void aDirectoryTargetIsInTheWorkspaceToo() {
        assertThat(DEPLOY.with("target", "dir:out").target().in(WORKSPACE))
                .isEqualTo(new Target.Directory(WORKSPACE.resolve("out")));
        assertThat(DEPLOY.with("target", "dir:/srv/out").target().in(WORKSPACE))
                .isEqualTo(new Target.Directory(Path.of("/srv/out")));
    }

    @Test
    void aDirectoryAndAClusterAreTwoTargets() {
        TargetArguments both =
                DEPLOY.with("target", "dir:out").with("namespace", "shop").target();

        assertThatThrownBy(() -> both.in(WORKSPACE))
                .isInstanceOfSatisfying(DeliveryException.class, failure -> assertThat(failure.problem())
                        .isEqualTo(Problem.BAD_USAGE));
    }

    @Test
    void aWordThatIsNoAnswerToAFailureIsRefused() {
        RolloutArguments rollout = DEPLOY.with("onFailure", "panic").rollout();

        assertThatThrownBy(rollout::settings).isInstanceOfSatisfying(DeliveryException.class, failure -> {
            assertThat(failure.problem()).isEqualTo(Problem.BAD_USAGE);
            assertThat(failure.hint()).contains("rollback").contains("keep");
        });
    }

    @Test
    void aPathThatTheMachineCantHaveIsRefused() {
        ProjectArguments project = DEPLOY.with("directory", "a\0b").project();

        assertThatThrownBy(() -> project.in(WORKSPACE))
                .isInstanceOfSatisfying(DeliveryException.class, failure -> assertThat(failure.problem())
                        .isEqualTo(Problem.BAD_USAGE));
    }

    @Test
    void aVariableThatIsEmptyMeansTheDefault() {
        Operation expanded = DEPLOY.with("revision", "$REVISION")
                .with("timeout", "$TIME")
                .expanded(text -> text.replace("$REVISION", " ").replace("$TIME", " 5m "));

        assertThat(expanded.text("revision")).isNull();
        assertThat(expanded.text("timeout")).isEqualTo("5m");
        assertThat(expanded.text("environment")).isEqualTo("staging");
    }

    @Test
    void whatMakesAReleaseNeedsThePermissionToDoSo() {
        assertThat(DEPLOY.releases() && DEPLOY.deploys() && !DEPLOY.rollsBack()).isTrue();
        Operation back = Operation.of(Kind.ROLLBACK);
        assertThat(back.releases() && back.rollsBack() && !back.deploys()).isTrue();
        Operation check = back.with("check", true);
        assertThat(check.releases() || check.rollsBack() || check.deploys()).isFalse();
        assertThat(Operation.of(Kind.HOLD).deploys()).isTrue();
        assertThat(Operation.of(Kind.PLAN).deploys()).isFalse();
    }
}
