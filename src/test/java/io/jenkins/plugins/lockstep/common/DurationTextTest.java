package io.jenkins.plugins.lockstep.common;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DurationTextTest {

    @Test
    void hoursMinutesAndSecondsAddUp() {
        assertThat(DurationText.parse("10m")).isEqualTo(Duration.ofMinutes(10));
        assertThat(DurationText.parse(" 90s ")).isEqualTo(Duration.ofSeconds(90));
        assertThat(DurationText.parse("0s")).isEqualTo(Duration.ZERO);
        assertThat(DurationText.parse("1h30m5s")).isEqualTo(Duration.ofSeconds(5405));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "10", "m", "5m1h", "-5m", "1.5h", "99999999999s"})
    void anythingElseIsRefusedWithAnExample(String text) {
        assertThatThrownBy(() -> DurationText.parse(text)).isInstanceOfSatisfying(DeliveryException.class, failure -> {
            assertThat(failure.problem()).isEqualTo(Problem.BAD_USAGE);
            assertThat(failure.hint()).contains("10m");
        });
    }
}
