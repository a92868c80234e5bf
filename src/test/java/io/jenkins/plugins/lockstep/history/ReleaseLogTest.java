package io.jenkins.plugins.lockstep.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.deploy.Verdict;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReleaseLogTest {

    private static final String A = "aaaa1" + "0".repeat(35);
    private static final String B = "bbbb1" + "0".repeat(35);
    private static final String C = "cccc1" + "0".repeat(35);
    private static final String A2 = "aaaa2" + "0".repeat(35);

    private final List<Release> releases = new ArrayList<>();

    @Test
    void numbersBeginAtOneAndGoOnAfterTheNewest() {
        assertThat(log().nextNumber()).isEqualTo(1);
        released(A, Verdict.Code.RUNNING);
        released(B, Verdict.Code.CRASH_LOOP);
        assertThat(log().nextNumber()).isEqualTo(3);
    }

    @Test
    void whatRunsIsTheNewestGoodRelease() {
        assertThat(log().current()).isEmpty();
        released(A, Verdict.Code.RUNNING);
        released(B, Verdict.Code.WRITTEN);
        released(C, Verdict.Code.CRASH_LOOP);
        begun(C);
        assertThat(log().current())
                .hasValueSatisfying(current -> assertThat(current.number()).isEqualTo(2));
        assertThat(log().newestEnded())
                .hasValueSatisfying(ended -> assertThat(ended.number()).isEqualTo(3));
        assertThat(log().unfinished()).extracting(Release::number).containsExactly(4);
    }

    @Test
    void previousPassesOverFailuresAndOverTheSameSeal() {
        released(A, Verdict.Code.RUNNING);
        released(B, Verdict.Code.CRASH_LOOP);
        released(C, Verdict.Code.RUNNING);
        released(C, Verdict.Code.RUNNING);
        assertThat(select("previous").number()).isEqualTo(1);
    }

    @Test
    void previousIsTheNewestGoodOneWhereAFailedReleaseStays() {
        released(A, Verdict.Code.RUNNING);
        released(B, Verdict.Code.RUNNING);
        released(C, Verdict.Code.CRASH_LOOP);
        assertThat(select("previous").number()).isEqualTo(2);
        begun(C);
        assertThat(select("previous").number()).isEqualTo(2);
        restored(C, Verdict.Code.CRASH_LOOP, 2);
        assertThat(select("previous").number()).isEqualTo(1);
    }

    @Test
    void previousAfterARollbackGoesFurtherBackAndNotForward() {
        released(A, Verdict.Code.RUNNING);
        released(B, Verdict.Code.RUNNING);
        released(C, Verdict.Code.RUNNING);
        rolledBack(B, 2);
        assertThat(select("previous").number()).isEqualTo(1);
        rolledBack(A, 1);
        var failure = refused("previous");
        assertThat(failure.why()).contains("before #1");
        assertThat(failure.hint()).contains("#3 (cccc10000000)").contains("#2 (bbbb10000000)");
    }

    @Test
    void aRollbackOfARollbackStandsForTheFirstRelease() {
        released(A, Verdict.Code.RUNNING);
        released(B, Verdict.Code.RUNNING);
        released(C, Verdict.Code.RUNNING);
        rolledBack(B, 2);
        released(A2, Verdict.Code.RUNNING);
        rolledBack(B, 4);
        assertThat(select("previous").number()).isEqualTo(1);
    }

    @Test
    void withoutAGoodReleaseThereIsNoPreviousOne() {
        assertThat(refused("previous").why()).contains("nothing was ever released");
        released(A, Verdict.Code.DEADLINE);
        assertThat(refused("previous").why()).contains("no release ever ran well");
        released(A, Verdict.Code.RUNNING);
        assertThat(refused("previous").hint()).contains("the only good release");
    }

    @Test
    void aNumberIsTakenAsItIs() {
        released(A, Verdict.Code.RUNNING);
        released(B, Verdict.Code.RUNNING);
        assertThat(select("#1").revision()).isEqualTo(A);
    }

    @Test
    void anUnknownNumberSaysWhichThereAre() {
        released(A, Verdict.Code.RUNNING);
        assertThat(refused("#9").why()).isEqualTo("there is only #1");
        released(B, Verdict.Code.RUNNING);
        assertThat(refused("#9").why()).isEqualTo("there are #1 to #2");
    }

    @Test
    void aReleaseThatFailedIsRefusedWithItsVerdict() {
        released(A, Verdict.Code.CRASH_LOOP);
        begun(B);
        assertThat(refused("#1").why()).contains("crash-loop");
        assertThat(refused("#2").why()).contains("did not end");
        assertThat(refused(A).why()).contains("#1 ended as crash-loop");
    }

    @Test
    void ofARevisionTheNewestGoodReleaseIsTaken() {
        released(A, Verdict.Code.RUNNING);
        released(A, Verdict.Code.RUNNING);
        released(A, Verdict.Code.CRASH_LOOP);
        released(B, Verdict.Code.RUNNING);
        assertThat(select(A).number()).isEqualTo(2);
        assertThat(select("AAAA1").number()).isEqualTo(2);
    }

    @Test
    void aShortIdThatIsAmbiguousIsRefused() {
        released(A, Verdict.Code.RUNNING);
        released(A2, Verdict.Code.RUNNING);
        var failure = refused("aaaa");
        assertThat(failure.what()).contains("ambiguous");
        assertThat(failure.why()).contains(A).contains(A2);
        assertThat(select("aaaa2").number()).isEqualTo(2);
    }

    @Test
    void aNameIsResolvedByTheRepository() {
        released(A, Verdict.Code.RUNNING);
        released(B, Verdict.Code.RUNNING);
        assertThat(log().select(RollbackTarget.parse("v1.0"), name -> name.equals("v1.0") ? A : B)
                        .number())
                .isEqualTo(1);
    }

    @Test
    void aReleasedShortIdNeedsNoRepository() {
        released(A, Verdict.Code.RUNNING);
        assertThat(log().select(RollbackTarget.parse("aaaa1"), name -> {
                            throw new AssertionError("asked for " + name);
                        })
                        .number())
                .isEqualTo(1);
    }

    @Test
    void aRevisionThatWasNeverReleasedSaysWhichWere() {
        released(A, Verdict.Code.RUNNING);
        released(B, Verdict.Code.RUNNING);
        var failure = refused(C);
        assertThat(failure.what()).isEqualTo("revision " + C + " was never released here");
        assertThat(failure.hint()).isEqualTo("released here were bbbb10000000, aaaa10000000");
        assertThat(catchThrowableOfType(
                                DeliveryException.class, () -> log().select(RollbackTarget.parse("main"), name -> C))
                        .what())
                .isEqualTo("revision main (cccc10000000) was never released here");
        assertThat(refused("nonsense").why()).contains("nothing is named 'nonsense'");
    }

    @Test
    void onlyTheNewestFewRevisionsAreNamed() {
        for (int i = 0; i < 8; i++) {
            released("abcd" + i + "0".repeat(35), Verdict.Code.RUNNING);
        }
        assertThat(refused(C).hint()).contains("abcd70000000").endsWith("and 3 more");
    }

    @Test
    void aBareNumberIsARevisionAndTheRefusalSaysHowToWriteTheOther() {
        released(A, Verdict.Code.RUNNING);
        assertThat(refused("1").hint()).startsWith("a release number is written #1; ");
    }

    @Test
    void targetsAreParsed() {
        assertThat(RollbackTarget.parse(" previous ")).isEqualTo(new RollbackTarget.Previous());
        assertThat(RollbackTarget.parse("#7")).isEqualTo(new RollbackTarget.ToRelease(7));
        assertThat(RollbackTarget.parse("v1")).isEqualTo(new RollbackTarget.ToRevision("v1"));
        for (String wrong : List.of("", "#", "#0", "#x", "#-1", "#99999999999")) {
            assertThatThrownBy(() -> RollbackTarget.parse(wrong))
                    .isInstanceOfSatisfying(DeliveryException.class, e -> assertThat(e.problem())
                            .isEqualTo(Problem.BAD_USAGE));
        }
    }

    private ReleaseLog log() {
        return new ReleaseLog(releases);
    }

    private Release select(String target) {
        return log().select(RollbackTarget.parse(target), name -> {
            throw DeliveryException.of(Problem.BAD_INPUT, "nothing is named '" + name + "'");
        });
    }

    private DeliveryException refused(String target) {
        var failure = catchThrowableOfType(DeliveryException.class, () -> select(target));
        assertThat(failure.problem()).isEqualTo(Problem.BAD_INPUT);
        return failure;
    }

    private void begun(String revision) {
        add(revision, null, null);
    }

    private void released(String revision, Verdict.Code code) {
        add(revision, new Verdict(code, "", List.of(), null), null);
    }

    @Test
    void targetsAreTheNewestOfEachSealWithoutWhatRuns() {
        assertThat(log().targets()).isEmpty();
        released(A, Verdict.Code.RUNNING);
        released(B, Verdict.Code.RUNNING);
        released(A, Verdict.Code.RUNNING);
        released(A2, Verdict.Code.CRASH_LOOP);
        released(C, Verdict.Code.RUNNING);
        assertThat(log().targets()).extracting(Release::number).containsExactly(3, 2);
        released(A2, Verdict.Code.CRASH_LOOP);
        assertThat(log().targets())
                .as("nobody knows what runs")
                .extracting(Release::number)
                .containsExactly(5, 3, 2);
        restored(A2, Verdict.Code.CRASH_LOOP, 5);
        assertThat(log().targets()).extracting(Release::number).containsExactly(3, 2);
        begun(C);
        assertThat(log().targets()).extracting(Release::number).containsExactly(5, 3, 2);
    }

    @Test
    void whatGaveWayChangedNothing() {
        released(A, Verdict.Code.RUNNING);
        released(C, Verdict.Code.RUNNING);
        released(B, Verdict.Code.SUPERSEDED);

        assertThat(log().targets())
                .as("not what runs")
                .extracting(Release::number)
                .containsExactly(1);
        assertThat(log().previous()).map(Release::number).contains(1);
    }

    private void restored(String revision, Verdict.Code code, int number) {
        released(revision, code);
        Release last = releases.remove(releases.size() - 1);
        releases.add(last.ended(new Verdict(code, "", List.of(), null), number));
    }

    private void rolledBack(String revision, int number) {
        add(revision, new Verdict(Verdict.Code.RUNNING, "", List.of(), null), number);
    }

    private void add(String revision, Verdict verdict, Integer rollbackOf) {
        releases.add(Release.draft(
                        "cart",
                        "production",
                        revision,
                        "git",
                        List.of(),
                        List.of(),
                        "seal of " + revision,
                        Instant.EPOCH,
                        "jane",
                        null)
                .numbered(releases.size() + 1)
                .asRollbackOf(rollbackOf)
                .ended(verdict, null));
    }
}
