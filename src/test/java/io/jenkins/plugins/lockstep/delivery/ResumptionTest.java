package io.jenkins.plugins.lockstep.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.lockstep.history.Release;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class ResumptionTest {

    private static final Instant ASKED = Instant.parse("2026-01-02T03:00:00Z");

    private static final RolloutSettings SETTINGS = new RolloutSettings(
            Duration.ofMinutes(10), Duration.ofMinutes(30), true, false, false, RolloutSettings.DEFAULT.overrides());

    @Test
    void whatAReleaseWaitedForTheLockIsNotTakenFromItsPods() {
        assertThat(left(20)).isEqualTo(Duration.ofMinutes(10));
        assertThat(left(35)).isEqualTo(Duration.ofMinutes(5));
        assertThat(left(600)).isEqualTo(Duration.ofMinutes(1));
    }

    private static Duration left(int minutes) {
        Release release =
                Release.draft("cart", "staging", "REVISION", "git", List.of(), List.of(), "SEAL", ASKED, "jane", null);
        return Resumption.left(release, SETTINGS, ASKED.plus(Duration.ofMinutes(minutes)));
    }
}
