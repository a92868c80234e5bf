package io.jenkins.plugins.lockstep.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.lockstep.deploy.Verdict;
import io.jenkins.plugins.lockstep.deploy.Verdict.Code;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class HoldsTest {

    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

    /** {@code B}, {@code B@1} a rollback to #1; {@code !code} how it failed, {@code ?} not ended; {@code >1} what was restored. */
    private static final Pattern RELEASE = Pattern.compile(
            "(?<revision>[A-Z])(?:@(?<back>[0-9]))?(?:!(?<code>[a-z-]+)|(?<open>[?]))?(?:>(?<restored>[0-9]))?");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    # releases, oldest first          | lifted up to | environment | revisions that failed
                    ''                                 | 0            | -           | -
                    A B                                | 0            | -           | -
                    A B A@1                            | 0            | B           | -
                    A B A@1                            | 3            | -           | -
                    A B A@1                            | 2            | B           | -
                    A B A@1 C                          | 0            | -           | -
                    A B A@1 A                          | 0            | B           | -
                    A B A@1 A C A@1                    | 4            | C           | -
                    A B A@1 C!crash-loop>3             | 0            | B           | C
                    A B A@1 C!crash-loop>3 D           | 0            | -           | C
                    A B A@1 C!crash-loop>3             | 4            | -           | -
                    A B C B@2 A@1                      | 0            | B,C         | -
                    A B A@1 B@2                        | 0            | A           | -
                    A B A@1?                           | 0            | B           | -
                    A B A@1!crash-loop>2               | 0            | B           | A
                    A B A@1!crashed                    | 0            | B           | -
                    A B A@1!crashed A@1                | 0            | A,B         | -
                    A B!crash-loop>1                   | 0            | -           | B
                    A B!crash-loop>1                   | 2            | -           | -
                    A B!crash-loop>1 B!interrupted     | 0            | -           | B
                    A B!crash-loop>1 B                 | 0            | -           | -
                    A B!crash-loop>1 A                 | 0            | -           | B
                    A B!crash-loop                     | 0            | -           | -
                    A B!deadline A@1                   | 0            | B           | -
                    A B C!crash-loop>2 A@1             | 0            | B           | C
                    A!crash-loop                       | 0            | -           | -
                    A C B!superseded A@1               | 0            | C           | -
                    A B!crash-loop>1 C B!superseded    | 0            | -           | B
                    A B A@1 B!superseded               | 3            | -           | -
                    A B A@1 B!superseded               | 0            | B           | -
                    """)
    void holdsAreToldFromTheReleases(String releases, int lifted, String environment, String failed) {
        HoldNotes.Lift lift = lifted == 0 ? null : new HoldNotes.Lift(lifted, "joe", NOON, null);
        var holds = new Holds(log(releases), new HoldNotes(null, lift));

        assertThat(holds.environment().map(HoldsTest::letters).orElse("-")).isEqualTo(environment);
        String failures = holds.all().stream()
                .filter(hold -> hold.kind() == Hold.Kind.FAILURE)
                .map(HoldsTest::letters)
                .collect(Collectors.joining(","));
        assertThat(failures.isEmpty() ? "-" : failures).isEqualTo(failed);
    }

    @ParameterizedTest
    @EnumSource(Code.class)
    void onlyWhatSpeaksAgainstTheRevisionHoldsIt(Code code) {
        var holds = new Holds(log("A B!" + code.word() + ">1"), HoldNotes.NONE);

        assertThat(holds.failure(id("B")).isPresent())
                .isEqualTo(List.of(
                                "rejected",
                                "immutable-field",
                                "container-not-created",
                                "crash-loop",
                                "out-of-memory",
                                "command-not-found",
                                "init-failed",
                                "liveness-failed",
                                "job-failed",
                                "pod-failed",
                                "not-ready",
                                "deadline")
                        .contains(code.word()));
    }

    @Test
    void aRollbacksHoldSaysWhoWhenAndWhatItLeft() {
        Hold hold = new Holds(log("A B A@1"), HoldNotes.NONE).shown().orElseThrow();

        assertThat(hold)
                .isEqualTo(new Hold(Hold.Kind.ROLLBACK, "jane", NOON, "rolled back to release 1", 3, List.of(id("B"))));
    }

    @Test
    void aHoldByHandStandsBeforeTheOthersAndALiftEndsBoth() {
        var said = new HoldNotes.ByHand("joe", NOON, "the database is being moved");

        assertThat(new Holds(log("A B A@1"), new HoldNotes(said, null)).environment())
                .contains(new Hold(Hold.Kind.BY_HAND, "joe", NOON, said.reason(), null, List.of()));
        assertThat(new Holds(log("A B A@1"), new HoldNotes(said, null)).all())
                .extracting(Hold::kind)
                .containsExactly(Hold.Kind.BY_HAND);
        assertThat(new Holds(log("A"), new HoldNotes(said, new HoldNotes.Lift(1, "joe", NOON, null))).environment())
                .isPresent();
    }

    @Test
    void aFailureIsShownWhileItIsTheNewest() {
        assertThat(new Holds(log("A B!crash-loop>1"), HoldNotes.NONE).shown())
                .map(Hold::reason)
                .contains("release 2 failed: it ended so");
        assertThat(new Holds(log("A B!crash-loop>1 C"), HoldNotes.NONE).shown()).isEmpty();
    }

    private static String letters(Hold hold) {
        return hold.revisions().stream()
                .map(id -> id.substring(0, 1).toUpperCase(java.util.Locale.ROOT))
                .sorted()
                .collect(Collectors.joining(","));
    }

    private static String id(String letter) {
        return letter.toLowerCase(java.util.Locale.ROOT).repeat(40);
    }

    private static ReleaseLog log(String text) {
        var releases = new ArrayList<Release>();
        for (String one : text.split(" ")) {
            if (one.isEmpty()) {
                continue;
            }
            Matcher release = RELEASE.matcher(one);
            assertThat(release.matches()).as(one).isTrue();
            String code = release.group("code") == null ? "running" : release.group("code");
            var verdict = new Verdict(Code.ofWord(code), "it ended so", List.of(), null);
            releases.add(Release.draft(
                            "cart",
                            "production",
                            id(release.group("revision")),
                            "git",
                            List.of(),
                            List.of(),
                            id(release.group("revision")),
                            NOON,
                            "jane",
                            null)
                    .numbered(releases.size() + 1)
                    .asRollbackOf(number(release.group("back")))
                    .ended(release.group("open") == null ? verdict : null, number(release.group("restored"))));
        }
        return new ReleaseLog(releases);
    }

    private static Integer number(String text) {
        return text == null ? null : Integer.valueOf(text);
    }
}
