package io.jenkins.plugins.lockstep.jenkins.board;

import static io.jenkins.plugins.lockstep.jenkins.board.Recorded.NOW;
import static io.jenkins.plugins.lockstep.jenkins.board.Recorded.commit;
import static io.jenkins.plugins.lockstep.jenkins.board.Recorded.environment;
import static io.jenkins.plugins.lockstep.jenkins.board.Recorded.held;
import static io.jenkins.plugins.lockstep.jenkins.board.Recorded.id;
import static io.jenkins.plugins.lockstep.jenkins.board.Recorded.log;
import static io.jenkins.plugins.lockstep.jenkins.board.Recorded.project;
import static io.jenkins.plugins.lockstep.jenkins.board.Recorded.release;
import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.lockstep.jenkins.board.RecordedProject.Stage;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BoardTest {

    private static final CommitLog LOG = log(commit('3', '2'), commit('2', '1'), commit('1'));
    private static final Stage STAGING = new Stage("staging", null);
    private static final Stage PRODUCTION = new Stage("production", "staging");

    @Test
    void anEnvironmentStandsAfterTheOneThatItWaitsFor() {
        Board board = board(
                project(LOG, PRODUCTION, new Stage("demo", null), STAGING),
                environment("staging", null),
                environment("production", null),
                environment("demo", null));

        assertThat(board.getEnvironments())
                .extracting(BoardEnvironment::getName)
                .containsExactly("demo", "staging", "production");
    }

    @Test
    void aDamagedRecordWithACircleStillHasEveryEnvironment() {
        Board board = board(
                project(LOG, new Stage("one", "two"), new Stage("two", "one")),
                environment("one", null),
                environment("two", null));

        assertThat(board.getEnvironments()).hasSize(2);
    }

    @Test
    void theFirstEnvironmentGetsTheNewestBuildAndTheNextOneWhatRunsInTheFirst() {
        Board board = board(
                project(LOG, STAGING, PRODUCTION),
                environment("staging", 2, release(2, '2', "running"), release(1, '1', "running")),
                environment("production", 1, release(1, '1', "running")));

        Incoming staging = board.environment("staging").getIncoming();
        assertThat(staging.getFrom()).isNull();
        assertThat(staging.getShipment().getRevisions()).containsExactly(id('3'));
        Incoming production = board.environment("production").getIncoming();
        assertThat(production.getFrom()).isEqualTo("staging");
        assertThat(production.getShipment().getRevisions()).containsExactly(id('2'));
    }

    @Test
    void nothingIsKnownToComeFromAnEnvironmentWhereNothingRuns() {
        Board board =
                board(project(LOG, STAGING, PRODUCTION), environment("staging", null), environment("production", null));

        assertThat(board.environment("production").getIncoming()).isNull();
        assertThat(board.environment("staging").getIncoming().getShipment().getNote())
                .isEqualTo("nothing runs there yet");
    }

    @Test
    void anEnvironmentThatNobodyLookedAtSaysSo() {
        Board board = board(project(LOG, STAGING), RecordedEnvironment.unseen("staging"));

        BoardEnvironment staging = board.environment("staging");
        assertThat(staging.getAsOf()).isNull();
        assertThat(staging.getHealthWords()).isEqualTo("not known");
        assertThat(staging.getIncoming().getShipment().isKnown()).isFalse();
        assertThat(board.oldestLook()).isEqualTo(Instant.EPOCH);
    }

    @Test
    void aLookThatFailedKeepsWhatTheLastGoodOneFound() {
        RecordedEnvironment failed = environment("staging", 1, release(1, '1', "running"))
                .failed(NOW.minus(Duration.ofMinutes(2)), "the cluster does not answer");
        BoardEnvironment staging = board(project(LOG, STAGING), failed).environment("staging");

        assertThat(staging.getCurrent().getNumber()).isEqualTo(1);
        assertThat(staging.getAsOf()).isEqualTo("3 minutes ago");
        assertThat(staging.getTrouble()).isEqualTo("the cluster does not answer");
        assertThat(staging.getTroubleAgo()).isEqualTo("2 minutes ago");
    }

    @Test
    void theWayBackIsWhatTheEngineWouldTakeIfItIsReady() {
        BoardEnvironment staging = board(
                        project(LOG, STAGING),
                        environment(
                                "staging",
                                3,
                                3,
                                release(4, '3', "crash-loop"),
                                release(3, '3', "running"),
                                release(2, '2', "crash-loop"),
                                release(1, '1', "running")))
                .environment("staging");

        assertThat(staging.getSuggested().getNumber()).isEqualTo(3);
        assertThat(staging.getReleases()).extracting(BoardRelease::isTarget).containsExactly(false, true, false, true);
        assertThat(staging.getFailed().getNumber()).isEqualTo(4);
        assertThat(staging.getUnderWay()).isNull();
    }

    @Test
    void thereIsNoWayBackToWhatIsNotReady() {
        BoardEnvironment staging = board(
                        project(LOG, STAGING),
                        environment("staging", 2, 1, release(2, '2', "running"), release(1, '1', "crash-loop")))
                .environment("staging");

        assertThat(staging.getSuggested()).isNull();
        assertThat(staging.getFailed()).isNull();
    }

    @Test
    void aReleaseWithoutAVerdictIsUnderWay() {
        BoardEnvironment staging = board(
                        project(LOG, STAGING),
                        environment("staging", 1, release(2, '2', null), release(1, '1', "running")))
                .environment("staging");

        assertThat(staging.getUnderWay().getNumber()).isEqualTo(2);
        assertThat(staging.getCurrent().getNumber()).isEqualTo(1);
        assertThat(staging.getAge()).isEqualTo("9 days");
        assertThat(staging.getCurrent().getSubject()).isEqualTo("Commit 1");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "null",
            textBlock =
                    """
                    by-hand  | for the fair | held by grace 2 hours ago: for the fair
                    by-hand  | null         | held by grace 2 hours ago
                    rollback | crumbs       | rolled back by grace 2 hours ago: crumbs
                    failure  | crash-loop   | a release failed, by grace 2 hours ago: crash-loop
                    """)
    void aHoldSaysWhoSinceWhenAndWhy(String kind, String reason, String words) {
        RecordedEnvironment environment = held(environment("staging", null), kind, reason);

        assertThat(board(project(LOG, STAGING), environment)
                        .environment("staging")
                        .getHold())
                .isEqualTo(words);
    }

    @ParameterizedTest
    @CsvSource({
        "30, just now",
        "60, 1 minute ago",
        "3599, 59 minutes ago",
        "3600, 1 hour ago",
        "172799, 47 hours ago",
        "172800, 2 days ago"
    })
    void anAgeHasOneUnit(long seconds, String words) {
        assertThat(Ages.ago(NOW.minusSeconds(seconds), NOW)).isEqualTo(words);
    }

    private static Board board(RecordedProject project, RecordedEnvironment... environments) {
        Map<String, RecordedEnvironment> byName =
                Arrays.stream(environments).collect(Collectors.toMap(RecordedEnvironment::name, Function.identity()));
        return Board.of(project, byName, NOW);
    }
}
