package io.jenkins.plugins.lockstep.jenkins.board;

import static io.jenkins.plugins.lockstep.jenkins.board.Recorded.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class RefreshScheduleTest {

    private final RefreshSchedule schedule = new RefreshSchedule();

    @Test
    void aFreshRecordIsLeftAlone() {
        schedule.seen("shop", NOW.minusSeconds(59), NOW);

        assertThat(schedule.isDue("shop", NOW)).isFalse();
        assertThat(schedule.isDue("shop", NOW.plusSeconds(1))).isTrue();
    }

    @Test
    void whatSomebodySeesIsDueEachMinuteAndForgottenAfterTen() {
        schedule.seen("shop", null, NOW);
        assertThat(schedule.due(NOW)).containsExactly("shop");

        look("shop", true, NOW);
        assertThat(schedule.due(at(59))).isEmpty();
        assertThat(schedule.due(at(60))).containsExactly("shop");
        assertThat(schedule.due(at(601))).isEmpty();
    }

    @Test
    void aLookIsAloneAndOneThatIsAskedForMeanwhileComesAfter() {
        assertThat(schedule.again("shop")).isFalse();
        assertThat(schedule.begin("shop")).isTrue();
        assertThat(schedule.begin("shop")).isFalse();
        assertThat(schedule.isLooking("shop")).isTrue();
        assertThat(schedule.isDue("shop", at(900))).isFalse();
        assertThat(schedule.again("shop")).isTrue();
        assertThat(schedule.end("shop", true, NOW)).isTrue();
        assertThat(schedule.begin("shop")).isTrue();
        assertThat(schedule.end("shop", true, NOW)).isFalse();
        assertThat(schedule.isLooking("shop")).isFalse();
    }

    @Test
    void eachFailureDoublesTheWaitUpToHalfAnHour() {
        schedule.seen("shop", null, NOW);

        assertThat(waitAfterFailure()).isEqualTo(Duration.ofMinutes(2));
        assertThat(waitAfterFailure()).isEqualTo(Duration.ofMinutes(4));
        assertThat(waitAfterFailure()).isEqualTo(Duration.ofMinutes(8));
        assertThat(waitAfterFailure()).isEqualTo(Duration.ofMinutes(16));
        assertThat(waitAfterFailure()).isEqualTo(Duration.ofMinutes(30));
        assertThat(waitAfterFailure()).isEqualTo(Duration.ofMinutes(30));
        look("shop", true, NOW);
        assertThat(schedule.isDue("shop", at(60))).isTrue();
    }

    private Duration waitAfterFailure() {
        look("shop", false, NOW);
        int minutes = 0;
        while (!schedule.isDue("shop", at(60 * minutes))) {
            minutes++;
        }
        return Duration.ofMinutes(minutes);
    }

    private void look(String job, boolean good, Instant now) {
        assertThat(schedule.begin(job)).isTrue();
        schedule.end(job, good, now);
    }

    private static Instant at(long seconds) {
        return NOW.plusSeconds(seconds);
    }
}
