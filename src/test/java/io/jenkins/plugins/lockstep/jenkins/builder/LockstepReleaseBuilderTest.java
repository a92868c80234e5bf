package io.jenkins.plugins.lockstep.jenkins.builder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hudson.AbortException;
import hudson.EnvVars;
import io.jenkins.plugins.lockstep.jenkins.Bound;
import io.jenkins.plugins.lockstep.jenkins.run.Operation;
import io.jenkins.plugins.lockstep.jenkins.run.ProjectArguments;
import io.jenkins.plugins.lockstep.jenkins.run.RolloutArguments;
import io.jenkins.plugins.lockstep.jenkins.run.TargetArguments;
import io.jenkins.plugins.lockstep.jenkins.step.DeployStep;
import io.jenkins.plugins.lockstep.jenkins.step.RollbackStep;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class LockstepReleaseBuilderTest {

    private final EnvVars variables = new EnvVars();

    @Test
    void itHasEveryFieldOfTheStepsAndTheChoiceAmongThem() {
        var fields = new TreeSet<String>();
        fields.addAll(Bound.fields(DeployStep.class));
        fields.addAll(Bound.fields(RollbackStep.class));
        fields.add("operation");

        assertThat(Bound.fields(LockstepReleaseBuilder.class)).isEqualTo(fields);
    }

    @Test
    void itBuildsWithTheVariablesOfTheJob() throws Exception {
        variables.put("GIT_COMMIT", "4f2c9ab");
        var builder = bind(Map.of("operation", "build", "revision", "$GIT_COMMIT", "target", "dir:out"));

        assertThat(builder.operation(variables))
                .isEqualTo(new Operation.Build(
                        new ProjectArguments(null, null, "4f2c9ab", null),
                        new TargetArguments("dir:out", null, null, null)));
    }

    @Test
    void itDeploys() throws Exception {
        variables.put("STAGE", "staging");
        var builder = bind(Map.of(
                "operation",
                "deploy",
                "environment",
                "$STAGE",
                "timeout",
                "5m",
                "onFailure",
                "keep",
                "pruneData",
                true));

        assertThat(builder.operation(variables))
                .isEqualTo(new Operation.Deploy(
                        new ProjectArguments(null, null, null, null),
                        "staging",
                        new TargetArguments(null, null, null, null),
                        new RolloutArguments("5m", null, "keep", false, true, false, false, false, null)));
    }

    @Test
    void itRollsBackWhateverRevisionTheJobHasCheckedOut() throws Exception {
        var builder = bind(Map.of("operation", "rollback", "environment", "staging", "to", "#3", "revision", "HEAD"));

        assertThat(builder.operation(variables))
                .isEqualTo(new Operation.Rollback(
                        new ProjectArguments(null, null, null, null),
                        "staging",
                        "#3",
                        new TargetArguments(null, null, null, null),
                        new RolloutArguments(null, null, null, false, false, false, false, false, null)));
    }

    @Test
    void aVariableThatIsEmptyMeansTheDefault() throws Exception {
        variables.put("REVISION", "");
        var builder = bind(Map.of("operation", "build", "revision", "$REVISION"));

        assertThat(builder.operation(variables))
                .isEqualTo(new Operation.Build(
                        new ProjectArguments(null, null, null, null), new TargetArguments(null, null, null, null)));
    }

    @Test
    void aDeployWithoutAnEnvironmentIsRefusedWithWhatToDo() throws Exception {
        var builder = bind(Map.of("operation", "deploy"));

        assertThatThrownBy(() -> builder.operation(variables))
                .isInstanceOf(AbortException.class)
                .hasMessageContaining("needs an environment")
                .hasMessageContaining("hint:");
    }

    @Test
    void aMissingOperationIsRefusedWithTheKnownOnes() throws Exception {
        var builder = bind(Map.of());

        assertThatThrownBy(() -> builder.operation(variables))
                .isInstanceOf(AbortException.class)
                .hasMessageContaining("build, deploy, rollback");
    }

    @Test
    void anUnknownOperationIsRefusedWithTheKnownOnes() throws Exception {
        var builder = bind(Map.of("operation", "destroy"));

        assertThatThrownBy(() -> builder.operation(variables))
                .isInstanceOf(AbortException.class)
                .hasMessageContaining("'destroy'")
                .hasMessageContaining("build, deploy, rollback");
    }

    private static LockstepReleaseBuilder bind(Map<String, Object> arguments) throws ReflectiveOperationException {
        return Bound.bind(LockstepReleaseBuilder.class, arguments);
    }
}
