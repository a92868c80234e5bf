package io.jenkins.plugins.lockstep.jenkins.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hudson.AbortException;
import hudson.remoting.ProxyException;
import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import java.io.UncheckedIOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

class StepFailuresTest {

    @Test
    void aFailureSaysWhatWhereWhyAndWhatToDoInPlainLines() throws Exception {
        var failure = DeliveryException.of(Problem.CLUSTER_FORBIDDEN, "the deployment can't be changed")
                .where("deployment/cart")
                .why("the API server says:\nno rights")
                .hint("give the account the right to patch deployments");

        assertThat(StepFailures.translate(failure))
                .isInstanceOf(AbortException.class)
                .hasMessage(
                        """
                        the deployment can't be changed
                          where: deployment/cart
                          why: the API server says:
                            no rights
                          hint: give the account the right to patch deployments""");
    }

    @Test
    void whatIsNotKnownIsNotSaid() throws Exception {
        assertThat(StepFailures.translate(DeliveryException.of(Problem.BAD_INPUT, "this is not valid YAML")))
                .hasMessage("this is not valid YAML");
    }

    @ParameterizedTest
    @EnumSource(
            mode = Mode.EXCLUDE,
            names = {"DEFECT", "INTERRUPTED"})
    void noFailureThatAUserCanCauseHasAStackTraceOfTheEngine(Problem problem) throws Exception {
        var failure = DeliveryException.of(problem, "no").causedBy(new IllegalStateException("inside"));

        assertThat(StepFailures.translate(failure))
                .isInstanceOf(AbortException.class)
                .hasNoCause();
    }

    @Test
    void aStoppedOperationIsAnInterruption() {
        assertThatThrownBy(() -> StepFailures.translate(DeliveryException.of(Problem.INTERRUPTED, "stopped")))
                .isInstanceOf(InterruptedException.class)
                .hasMessage("stopped");
    }

    @Test
    void aDefectKeepsItsStackTraceButNoneOfItsObjects() throws Exception {
        var cause = new UncheckedIOException("broken", new java.io.IOException("pipe"));
        var defect = DeliveryException.of(Problem.DEFECT, "this can't be").causedBy(cause);

        assertThat(StepFailures.translate(defect))
                .isInstanceOf(ProxyException.class)
                .hasMessageContaining("this can't be")
                .satisfies(shown -> {
                    assertThat(shown.getStackTrace()).isEqualTo(defect.getStackTrace());
                    assertThat(shown.getCause())
                            .isInstanceOf(ProxyException.class)
                            .hasMessageContaining("UncheckedIOException");
                });
    }
}
