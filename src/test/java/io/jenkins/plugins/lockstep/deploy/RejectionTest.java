package io.jenkins.plugins.lockstep.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RejectionTest {

    @ParameterizedTest
    @CsvSource({
        "CLUSTER_FORBIDDEN,   FORBIDDEN",
        "CLUSTER_REJECTED,    REJECTED",
        "FIELD_CONFLICT,      FIELD_CONFLICT",
        "CLUSTER_UNAVAILABLE, CLUSTER_FAILED",
    })
    void aRefusalIsRecordedAsWhatItIs(Problem problem, Verdict.Code code) {
        assertThat(Rejection.codeOf(DeliveryException.of(problem, "refused"))).isEqualTo(code);
    }

    @Test
    void whatTheServerSaysCountsMost() {
        DeliveryException failure = DeliveryException.of(Problem.CLUSTER_REJECTED, "refused")
                .causedBy(new Rejection(Verdict.Code.QUOTA_EXCEEDED, List.of()));

        assertThat(Rejection.codeOf(failure)).isEqualTo(Verdict.Code.QUOTA_EXCEEDED);
    }
}
