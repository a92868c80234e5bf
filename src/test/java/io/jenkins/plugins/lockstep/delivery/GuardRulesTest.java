package io.jenkins.plugins.lockstep.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.deploy.Verdict;
import io.jenkins.plugins.lockstep.history.HoldNotes;
import io.jenkins.plugins.lockstep.history.Holds;
import io.jenkins.plugins.lockstep.history.Release;
import io.jenkins.plugins.lockstep.history.Release.ReleasedImage;
import io.jenkins.plugins.lockstep.history.ReleaseLog;
import io.jenkins.plugins.lockstep.image.ImageReference;
import io.jenkins.plugins.lockstep.project.Environment.HistoryRule;
import io.jenkins.plugins.lockstep.project.Environment.HoldRule;
import io.jenkins.plugins.lockstep.revision.Ancestry;
import io.jenkins.plugins.lockstep.revision.Ancestry.Relation;
import io.jenkins.plugins.lockstep.revision.CommitRange;
import io.jenkins.plugins.lockstep.revision.KnownAncestors;
import io.jenkins.plugins.lockstep.revision.Lineage;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The rules by themselves; what a repository and a ledger make of them is the stories' part. */
class GuardRulesTest {

    private static final String WANTED = "a".repeat(40);
    private static final String RUNNING = "b".repeat(40);
    private static final String BAD = "c".repeat(40);
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    # rule    | relation   | overridden         | outcome
                    any       | descendant | -                  | plain
                    any       | same       | -                  | plain
                    any       | ancestor   | -                  | warned
                    any       | diverged   | -                  | warned
                    any       | unrelated  | -                  | warned
                    any       | unknown    | -                  | warned
                    any       | ancestor   | older              | warned
                    forward   | descendant | -                  | plain
                    forward   | same       | -                  | plain
                    forward   | ancestor   | -                  | older-revision
                    forward   | ancestor   | diverged           | older-revision
                    forward   | ancestor   | older              | remarked
                    forward   | diverged   | -                  | diverged-revision
                    forward   | diverged   | older              | diverged-revision
                    forward   | diverged   | diverged           | remarked
                    forward   | unrelated  | -                  | diverged-revision
                    forward   | unrelated  | older              | diverged-revision
                    forward   | unrelated  | diverged           | remarked
                    forward   | unknown    | -                  | history-unknown
                    forward   | unknown    | older              | history-unknown
                    forward   | unknown    | diverged           | history-unknown
                    forward   | unknown    | older and diverged | remarked
                    """)
    void theHistoryGuardKnowsEachRelation(String rule, String relation, String overridden, String outcome) {
        var guard = new HistoryGuard(
                HistoryRule.valueOf(rule.toUpperCase(Locale.ROOT)),
                new Overrides(overridden.contains("older"), overridden.contains("diverged"), false, null),
                lineage(Relation.valueOf(relation.toUpperCase(Locale.ROOT))));

        assertThat(outcome(() -> guard.admit(WANTED, release(7, RUNNING, null))))
                .isEqualTo(outcome);
    }

    @Test
    void aRefusalNamesWhatWouldBeLostAndTheWayOut() {
        var guard = new HistoryGuard(HistoryRule.FORWARD, Overrides.NONE, lineage(Relation.DIVERGED));

        DeliveryException failure = refused(() -> guard.admit(WANTED, release(7, RUNNING, null)));

        assertThat(failure.where()).isEqualTo("cart in production");
        assertThat(failure.why())
                .isEqualTo("it would lose 7 commits of release 7 (bbbbbbbbbbbb) since dddddddddddd, where the two"
                        + " parted:\neeeeeeeeeeee Mend the basket\nand 6 more");
        assertThat(failure.hint()).contains("--allow-diverged");
    }

    @Test
    void whoCannotTellSaysWhereItsKnowledgeEnds() {
        var plan = new HistoryGuard(HistoryRule.FORWARD, Overrides.NONE, new KnownAncestors(List.of(WANTED, BAD)));
        var clone = new HistoryGuard(HistoryRule.FORWARD, Overrides.NONE, lineage(Relation.UNKNOWN));

        DeliveryException ofPlan = refused(() -> plan.admit(WANTED, release(7, RUNNING, null)));
        DeliveryException ofClone = refused(() -> clone.admit(WANTED, release(7, RUNNING, null)));

        assertThat(ofPlan.what()).startsWith("the bundle can't tell how aaaaaaaaaaaa relates to what runs");
        assertThat(ofPlan.why())
                .contains("the newest ancestors of that, 1 here")
                .doesNotContain("shallow");
        assertThat(ofPlan.hint()).contains("make it again in a clone", "--allow-older --allow-diverged");
        assertThat(ofClone.what()).startsWith("this repository can't tell");
        assertThat(ofClone.why()).contains("shallow clone");
    }

    @Test
    void aCommitsSubjectCannotSteerATerminal() {
        assertThat(new CommitRange.Commit(WANTED, "red \u001b[31m alert\u202e " + "x".repeat(100)).toString())
                .isEqualTo("aaaaaaaaaaaa red  [31m alert  " + "x".repeat(54) + "…");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    # hold    | rule             | relation   | fixes    | outcome
                    nothing   | until-lifted     | descendant | -        | plain
                    nothing   | until-lifted     | descendant | cccccccc | warned
                    rollback  | until-lifted     | descendant | -        | held
                    rollback  | until-descendant | descendant | -        | remarked
                    rollback  | until-descendant | ancestor   | -        | held
                    rollback  | until-descendant | diverged   | -        | held
                    rollback  | until-descendant | unknown    | -        | held
                    rollback  | until-descendant | same       | -        | held
                    rollback  | until-lifted     | diverged   | CCCC     | remarked
                    rollback  | until-lifted     | diverged   | bad      | remarked
                    rollback  | until-lifted     | descendant | ccc      | held
                    rollback  | until-lifted     | descendant | dddd     | held
                    by-hand   | until-lifted     | descendant | -        | held
                    by-hand   | until-descendant | descendant | -        | held
                    by-hand   | until-lifted     | descendant | cccc     | held
                    failure   | until-lifted     | descendant | -        | held
                    failure   | until-descendant | descendant | -        | held
                    failure   | until-lifted     | descendant | aaaa     | remarked
                    failure   | until-lifted     | descendant | cccc     | held
                    other     | until-lifted     | descendant | -        | plain
                    """)
    void theHoldGuardKnowsEachHold(String hold, String rule, String relation, String fixes, String outcome) {
        var overrides = new Overrides(false, false, false, fixes.equals("-") ? null : fixes);
        var guard = new HoldGuard(
                "cart in production",
                "production",
                HoldRule.valueOf(rule.toUpperCase(Locale.ROOT).replace('-', '_')),
                overrides,
                lineage(Relation.valueOf(relation.toUpperCase(Locale.ROOT))),
                GuardRulesTest::resolved);

        assertThat(outcome(() -> guard.admit(WANTED, holds(hold)))).isEqualTo(outcome);
    }

    @Test
    void aHoldIsRefusedWithWhoWhenWhyAndTheCommand() {
        var guard = new HoldGuard(
                "cart in production",
                "production",
                HoldRule.UNTIL_LIFTED,
                Overrides.NONE,
                lineage(Relation.DESCENDANT),
                GuardRulesTest::resolved);

        DeliveryException rollback = refused(() -> guard.admit(WANTED, holds("rollback")));
        assertThat(rollback.why())
                .isEqualTo("rolled back to release 1 by jane at 2026-03-01T12:00:00Z, away from cccccccccccc");
        assertThat(rollback.hint()).contains("--fixes cccccccccccc", "lockstep hold production --release");
        assertThat(refused(() -> guard.admit(WANTED, holds("by-hand"))).why())
                .isEqualTo("held by joe at 2026-03-01T12:00:00Z: the database is being moved");
        assertThat(refused(() -> guard.admit(WANTED, holds("failure"))).why())
                .isEqualTo("aaaaaaaaaaaa, released by jane at 2026-03-01T12:00:00Z; release 2 failed: it exits");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    # what the first environment had              | outcome     | says
                    nothing                                       | gate-closed | never released
                    other revision                                | gate-closed | never released
                    failed                                        | gate-closed | ended as crash-loop
                    under way                                     | gate-closed | has not ended
                    good                                          | plain       |
                    good, then another                            | plain       |
                    good, with other images                       | gate-closed | other images
                    good, then rolled back                        | gate-closed | turned down
                    good, then failed                             | gate-closed | turned down
                    good, then rolled back, lifted                | plain       |
                    """)
    void theGateWantsAGoodReleaseThatNobodyTurnedAwayFrom(String had, String outcome, String says) {
        var gate = new Gate("cart in production", "staging");

        assertThat(outcome(() -> gate.admit(WANTED, images("1"), first(had)))).isEqualTo(outcome);
        if (says != null) {
            DeliveryException failure = refused(() -> gate.admit(WANTED, images("1"), first(had)));
            assertThat(failure.what() + "; " + failure.why()).contains(says);
            assertThat(failure.hint()).contains("deploy it to staging first", "--skip-gate");
        }
    }

    @Test
    void beforeABuildTheGateAsksForTheRevisionAlone() {
        assertThat(new Gate("cart in production", "staging").admit(WANTED, List.of(), first("good, with other images")))
                .isEqualTo(Admission.PLAIN);
    }

    private static Holds first(String had) {
        Release good = release(1, WANTED, Verdict.Code.RUNNING);
        HoldNotes lifted = new HoldNotes(null, new HoldNotes.Lift(3, "joe", NOON, null));
        return switch (had) {
            case "nothing" -> new Holds(new ReleaseLog(List.of()), HoldNotes.NONE);
            case "other revision" -> holds(release(1, BAD, Verdict.Code.RUNNING));
            case "failed" -> holds(release(1, WANTED, Verdict.Code.CRASH_LOOP));
            case "under way" -> holds(release(1, WANTED, null));
            case "good" -> holds(good);
            case "good, then another" -> holds(good, release(2, BAD, Verdict.Code.RUNNING));
            case "good, with other images" -> holds(with(good, images("2")));
            case "good, then rolled back" ->
                holds(
                        release(1, BAD, Verdict.Code.RUNNING),
                        release(2, WANTED, Verdict.Code.RUNNING),
                        back(release(3, BAD, Verdict.Code.RUNNING)));
            case "good, then rolled back, lifted" ->
                new Holds(
                        holds(
                                        release(1, BAD, Verdict.Code.RUNNING),
                                        release(2, WANTED, Verdict.Code.RUNNING),
                                        back(release(3, BAD, Verdict.Code.RUNNING)))
                                .log(),
                        lifted);
            case "good, then failed" ->
                holds(
                        good,
                        release(2, BAD, Verdict.Code.RUNNING),
                        restored(release(3, WANTED, Verdict.Code.CRASH_LOOP)));
            default -> throw new IllegalArgumentException(had);
        };
    }

    private static Holds holds(String hold) {
        Release running = release(1, RUNNING, Verdict.Code.RUNNING);
        return switch (hold) {
            case "nothing" -> holds(running);
            case "rollback" ->
                holds(running, release(2, BAD, Verdict.Code.RUNNING), back(release(3, RUNNING, Verdict.Code.RUNNING)));
            case "by-hand" ->
                new Holds(
                        new ReleaseLog(List.of(running)),
                        new HoldNotes(new HoldNotes.ByHand("joe", NOON, "the database is being moved"), null));
            case "failure" -> holds(running, restored(release(2, WANTED, Verdict.Code.CRASH_LOOP)));
            case "other" -> holds(running, restored(release(2, BAD, Verdict.Code.CRASH_LOOP)));
            default -> throw new IllegalArgumentException(hold);
        };
    }

    private static Holds holds(Release... releases) {
        return new Holds(new ReleaseLog(List.of(releases)), HoldNotes.NONE);
    }

    private static Release restored(Release release) {
        return release.ended(release.verdict(), 1);
    }

    private static Release back(Release release) {
        return changed(release, release.images(), 1);
    }

    private static Release with(Release release, List<ReleasedImage> images) {
        return changed(release, images, null);
    }

    private static Release changed(Release release, List<ReleasedImage> images, Integer rollbackOf) {
        return Release.draft(
                        release.app(),
                        release.environment(),
                        release.revision(),
                        release.vcs(),
                        images,
                        release.configMaps(),
                        release.seal(),
                        release.at(),
                        release.by(),
                        release.build())
                .numbered(release.number())
                .asRollbackOf(rollbackOf)
                .ended(release.verdict(), release.restored());
    }

    private static Release release(int number, String revision, Verdict.Code code) {
        return Release.draft(
                        "cart", "production", revision, "git", images("1"), List.of(), revision, NOON, "jane", null)
                .numbered(number)
                .ended(code == null ? null : new Verdict(code, "it exits", List.of(), null), null);
    }

    private static List<ReleasedImage> images(String digit) {
        return List.of(new ReleasedImage(
                "cart", new ImageReference("registry.example.com/cart", "tag", "sha256:" + digit.repeat(64))));
    }

    /** A repository in which every two commits have one relation. */
    private static Lineage lineage(Relation relation) {
        return new Lineage() {
            @Override
            public Ancestry ancestry(String first, String second) {
                return new Ancestry(relation, relation == Relation.DIVERGED ? "d".repeat(40) : null);
            }

            @Override
            public CommitRange only(String first, String second, int most) {
                return new CommitRange(7, List.of(new CommitRange.Commit("e".repeat(40), "Mend the basket")));
            }
        };
    }

    private static String resolved(String expression) {
        if (expression.equals("bad")) {
            return BAD;
        }
        throw DeliveryException.of(Problem.BAD_INPUT, "nothing is named '" + expression + "'");
    }

    private interface Question {
        Admission ask();
    }

    private static String outcome(Question question) {
        try {
            Admission admission = question.ask();
            if (!admission.remarks().isEmpty()) {
                return "remarked";
            }
            return admission.warnings().isEmpty() ? "plain" : "warned";
        } catch (DeliveryException e) {
            assertThat(e.problem().exitCode()).isEqualTo(3);
            assertThat(Guards.isRefusal(e)).isTrue();
            return e.problem().code();
        }
    }

    private static DeliveryException refused(Question question) {
        DeliveryException failure = catchThrowableOfType(DeliveryException.class, question::ask);
        assertThat(failure).isNotNull();
        return failure;
    }
}
