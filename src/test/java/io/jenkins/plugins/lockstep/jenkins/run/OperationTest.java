package io.jenkins.plugins.lockstep.jenkins.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.delivery.Actor;
import io.jenkins.plugins.lockstep.delivery.DeployRequest;
import io.jenkins.plugins.lockstep.delivery.Overrides;
import io.jenkins.plugins.lockstep.delivery.ProjectLocation;
import io.jenkins.plugins.lockstep.delivery.RollbackRequest;
import io.jenkins.plugins.lockstep.delivery.RolloutSettings;
import io.jenkins.plugins.lockstep.delivery.Target;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a step asks for, as the engine is asked. */
class OperationTest {

    private static final Path WORKSPACE = Path.of("/agent/workspace/cart");
    private static final RunContext BUILD = new RunContext("ada", "shop/cart#12", Map.of());

    @Test
    void nothingConfiguredAsksForTheEnginesDefaults() {
        var deploy = new Operation.Deploy(
                new ProjectArguments(null, null, null, null),
                "staging",
                new TargetArguments(null, null, null, null),
                new RolloutArguments(null, null, null, false, false, false, false, false, null));

        assertThat(deploy.request(WORKSPACE, BUILD))
                .isEqualTo(new DeployRequest(
                        new ProjectLocation(WORKSPACE, Path.of("lockstep.yaml"), null, null),
                        "staging",
                        new Target.Kubernetes(null, null, null),
                        RolloutSettings.DEFAULT,
                        new Actor("ada", "shop/cart#12")));
    }

    @Test
    void pathsAreRelativeToTheProjectsDirectoryInTheWorkspace() {
        var deploy = new Operation.Deploy(
                new ProjectArguments("services/cart", "ship.yaml", "4f2c9ab", "registry.example.com/cart"),
                "production",
                new TargetArguments(null, "kube.conf", "prod", "shop"),
                new RolloutArguments("90s", "0s", "keep", true, true, false, false, false, null));

        assertThat(deploy.request(WORKSPACE, BUILD))
                .isEqualTo(new DeployRequest(
                        new ProjectLocation(
                                WORKSPACE.resolve("services/cart"),
                                Path.of("ship.yaml"),
                                "4f2c9ab",
                                "registry.example.com/cart"),
                        "production",
                        new Target.Kubernetes(WORKSPACE.resolve("services/cart/kube.conf"), "prod", "shop"),
                        new RolloutSettings(Duration.ofSeconds(90), Duration.ZERO, false, true, true, Overrides.NONE),
                        new Actor("ada", "shop/cart#12")));
    }

    @Test
    void aRollbackGoesToThePreviousReleaseUnlessToldOtherwise() {
        assertThat(rollback(null).to()).isEqualTo("previous");
        assertThat(rollback("#3").to()).isEqualTo("#3");
    }

    @Test
    void aDirectoryTargetIsInTheWorkspaceToo() {
        assertThat(new TargetArguments("dir:out", null, null, null).in(WORKSPACE))
                .isEqualTo(new Target.Directory(WORKSPACE.resolve("out")));
        assertThat(new TargetArguments("dir:/srv/out", null, null, null).in(WORKSPACE))
                .isEqualTo(new Target.Directory(Path.of("/srv/out")));
    }

    @Test
    void aDirectoryAndAClusterAreTwoTargets() {
        var both = new TargetArguments("dir:out", null, null, "shop");

        assertThatThrownBy(() -> both.in(WORKSPACE))
                .isInstanceOfSatisfying(DeliveryException.class, failure -> assertThat(failure.problem())
                        .isEqualTo(Problem.BAD_USAGE));
    }

    @Test
    void aWordThatIsNoAnswerToAFailureIsRefused() {
        assertThatThrownBy(() ->
                        new RolloutArguments(null, null, "panic", false, false, false, false, false, null).settings())
                .isInstanceOfSatisfying(DeliveryException.class, failure -> {
                    assertThat(failure.problem()).isEqualTo(Problem.BAD_USAGE);
                    assertThat(failure.hint()).contains("rollback").contains("keep");
                });
    }

    @Test
    void aPathThatTheMachineCantHaveIsRefused() {
        var project = new ProjectArguments("a\0b", null, null, null);

        assertThatThrownBy(() -> project.in(WORKSPACE))
                .isInstanceOfSatisfying(DeliveryException.class, failure -> assertThat(failure.problem())
                        .isEqualTo(Problem.BAD_USAGE));
    }

    private static RollbackRequest rollback(String to) {
        return new Operation.Rollback(
                        new ProjectArguments(null, null, null, null),
                        "staging",
                        to,
                        new TargetArguments(null, null, null, null),
                        new RolloutArguments(null, null, null, false, false, false, false, false, null))
                .request(WORKSPACE, BUILD);
    }
}
