package io.jenkins.plugins.lockstep.jenkins.step;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.lockstep.jenkins.Bound;
import io.jenkins.plugins.lockstep.jenkins.run.Operation;
import io.jenkins.plugins.lockstep.jenkins.run.ProjectArguments;
import io.jenkins.plugins.lockstep.jenkins.run.RolloutArguments;
import io.jenkins.plugins.lockstep.jenkins.run.TargetArguments;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class StepArgumentsTest {

    private static final ProjectArguments HERE = new ProjectArguments(null, null, null, null);
    private static final TargetArguments CLUSTER = new TargetArguments(null, null, null, null);
    private static final RolloutArguments AS_USUAL =
            new RolloutArguments(null, null, null, false, false, false, false, false, null);

    static Stream<Class<? extends ReleaseStep>> releaseSteps() {
        return Stream.of(DeployStep.class, RollbackStep.class);
    }

    @Test
    void onlyTheEnvironmentIsMandatory() {
        assertThat(Bound.mandatory(BuildImageStep.class)).isEmpty();
        assertThat(Bound.mandatory(DeployStep.class)).containsExactly("environment");
        assertThat(Bound.mandatory(RollbackStep.class)).containsExactly("environment");
    }

    @Test
    void aBuildWithoutArgumentsBuildsWhatIsCheckedOut() throws Exception {
        assertThat(Bound.bind(BuildImageStep.class, Map.of()).operation())
                .isEqualTo(new Operation.Build(HERE, CLUSTER));
    }

    @Test
    void everyArgumentOfABuildArrives() throws Exception {
        var step = Bound.bind(
                BuildImageStep.class,
                Map.of(
                        "directory", "cart",
                        "file", "lockstep-cart.yaml",
                        "revision", "4f2c9ab",
                        "repository", "registry.example.com/cart",
                        "target", "dir:out"));

        assertThat(step.operation())
                .isEqualTo(new Operation.Build(
                        new ProjectArguments("cart", "lockstep-cart.yaml", "4f2c9ab", "registry.example.com/cart"),
                        new TargetArguments("dir:out", null, null, null)));
    }

    @Test
    void aDeployNeedsNothingButItsEnvironment() throws Exception {
        assertThat(Bound.bind(DeployStep.class, Map.of("environment", "staging"))
                        .operation())
                .isEqualTo(new Operation.Deploy(HERE, "staging", CLUSTER, AS_USUAL));
    }

    @ParameterizedTest
    @MethodSource("releaseSteps")
    void anEnvironmentThatAScriptLeavesOutIsLeftToTheEngine(Class<? extends ReleaseStep> type) throws Exception {
        assertThat(Bound.bind(type, Map.of()).getEnvironment()).isEmpty();
    }

    @Test
    void everyArgumentOfADeployArrives() throws Exception {
        var step = Bound.bind(
                DeployStep.class,
                Map.ofEntries(
                        Map.entry("environment", " production "),
                        Map.entry("revision", "4f2c9ab"),
                        Map.entry("kubeconfig", "kube.conf"),
                        Map.entry("context", "prod"),
                        Map.entry("namespace", "shop"),
                        Map.entry("timeout", "5m"),
                        Map.entry("lockTimeout", "0s"),
                        Map.entry("onFailure", "keep"),
                        Map.entry("takeOwnership", true),
                        Map.entry("pruneData", true),
                        Map.entry("allowOlder", true),
                        Map.entry("allowDiverged", true),
                        Map.entry("skipGate", true),
                        Map.entry("fixes", " 4f2c9ab ")));

        assertThat(step.operation())
                .isEqualTo(new Operation.Deploy(
                        new ProjectArguments(null, null, "4f2c9ab", null),
                        "production",
                        new TargetArguments(null, "kube.conf", "prod", "shop"),
                        new RolloutArguments("5m", "0s", "keep", true, true, true, true, true, "4f2c9ab")));
    }

    @Test
    void aRollbackGoesBackToWhatItIsTold() throws Exception {
        assertThat(Bound.bind(RollbackStep.class, Map.of("environment", "staging", "to", "#3"))
                        .operation())
                .isEqualTo(new Operation.Rollback(HERE, "staging", "#3", CLUSTER, AS_USUAL));
    }

    @ParameterizedTest
    @MethodSource("releaseSteps")
    void whatIsTypedButIsTheDefaultIsLeftOutOfASnippet(Class<? extends ReleaseStep> type) throws Exception {
        Object step = Bound.bind(
                type,
                Map.of(
                        "environment", "staging",
                        "directory", ".",
                        "file", "lockstep.yaml",
                        "repository", " ",
                        "target", "",
                        "context", "",
                        "timeout", "",
                        "onFailure", "rollback"));

        assertSame(step, Bound.bind(type, Map.of("environment", "staging")));
    }

    @Test
    void thePreviousReleaseIsTheDefaultOfARollback() throws Exception {
        assertSame(
                Bound.bind(RollbackStep.class, Map.of("environment", "staging", "to", "previous")),
                Bound.bind(RollbackStep.class, Map.of("environment", "staging")));
    }

    /** The Snippet Generator leaves out what an object with the mandatory arguments alone has too. */
    private static void assertSame(Object typed, Object plain) throws ReflectiveOperationException {
        for (String field : Bound.optional(typed.getClass())) {
            assertThat(Bound.read(typed, field)).as(field).isEqualTo(Bound.read(plain, field));
        }
    }
}
