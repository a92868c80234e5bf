package io.jenkins.plugins.lockstep.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.lockstep.deploy.Verdict;
import io.jenkins.plugins.lockstep.history.Release.ReleasedImage;
import io.jenkins.plugins.lockstep.image.ImageReference;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RetentionTest {

    private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
    private static final Retention RETENTION = new Retention(2, 10, NOW);

    private final List<Release> releases = new ArrayList<>();

    @Test
    void theNewestGoodOnesTheYoungAndThePinnedAreKept() {
        released(30, Verdict.Code.RUNNING);
        releases.set(0, releases.get(0).keptFor(true));
        released(25, Verdict.Code.RUNNING);
        released(20, Verdict.Code.RUNNING);
        released(11, Verdict.Code.CRASH_LOOP);
        released(10, Verdict.Code.RUNNING);
        released(9, Verdict.Code.CRASH_LOOP);
        released(1, Verdict.Code.CRASH_LOOP);

        assertThat(reasons(Set.of()))
                .containsEntry(7, "it ended last")
                .containsEntry(6, "among the newest 2")
                .containsEntry(5, "it runs")
                .containsEntry(4, null)
                .containsEntry(3, "among the newest 2 good ones")
                .containsEntry(2, null)
                .containsEntry(1, "pinned");
    }

    @Test
    void nothingYoungerThanTheDaysOrThanADayIsGivenUp() {
        for (int i = 0; i < 5; i++) {
            released(9, Verdict.Code.RUNNING);
        }
        assertThat(reasons(Set.of())).doesNotContainValue(null).containsEntry(1, "younger than 10 days");
        assertThat(new Retention(1, 1, NOW.minus(Duration.ofDays(9)).plus(Duration.ofHours(23)))
                        .decide(new ReleaseLog(releases), Set.of()))
                .allMatch(Retention.Decision::kept);
        assertThat(new Retention(1, 1, NOW.minus(Duration.ofDays(9)).plus(Duration.ofHours(24)))
                        .decide(new ReleaseLog(releases), Set.of()))
                .filteredOn(Retention.Decision::kept)
                .extracting(decision -> decision.release().number())
                .containsExactly(5);
    }

    @Test
    void aReleaseThatHasNotEndedIsKeptAndWhatWasCollectedIsNotDecidedOnAgain() {
        released(40, null);
        released(39, Verdict.Code.RUNNING);
        releases.set(1, releases.get(1).withoutPayload());
        released(30, Verdict.Code.RUNNING);
        released(29, Verdict.Code.RUNNING);

        assertThat(reasons(Set.of())).containsOnlyKeys(1, 3, 4).containsEntry(1, "it has not ended");
    }

    @Test
    void whatSomethingThatRunsMayBeOfIsKeptOnceForEach() {
        for (int i = 0; i < 6; i++) {
            released(40 - i, Verdict.Code.RUNNING);
        }
        // A pod of #2, another of its image that takes no configuration, and one of an image that nobody knows.
        Set<Set<String>> live =
                Set.of(Set.of(digest(2), "config-2"), Set.of(digest(1)), Set.of("sha256:" + "f".repeat(64)));

        assertThat(reasons(live))
                .containsEntry(1, "a pod or a workload refers to it")
                .containsEntry(2, "a pod or a workload refers to it")
                .containsEntry(3, null)
                .containsEntry(4, null);
        assertThat(reasons(Set.of(Set.of(digest(2), "config-3"))))
                .as("the image of one and the configuration of another are no release")
                .containsEntry(2, null)
                .containsEntry(3, null);
    }

    /** Why each is kept, null where it is not. */
    private Map<Integer, String> reasons(Set<Set<String>> live) {
        return RETENTION.decide(new ReleaseLog(releases), live).stream()
                .collect(
                        HashMap::new,
                        (map, decision) ->
                                map.put(decision.release().number(), decision.kept() ? decision.reason() : null),
                        Map::putAll);
    }

    private static String digest(int number) {
        return "sha256:" + Integer.toString(number).repeat(64);
    }

    private void released(int daysAgo, Verdict.Code code) {
        int number = releases.size() + 1;
        String revision = Integer.toString(number).repeat(40);
        releases.add(Release.draft(
                        "cart",
                        "production",
                        revision,
                        "git",
                        List.of(new ReleasedImage("cart", new ImageReference("shop/cart", revision, digest(number)))),
                        List.of("config-" + number),
                        "seal " + number,
                        NOW.minus(Duration.ofDays(daysAgo)),
                        "jane",
                        null)
                .numbered(number)
                .ended(code == null ? null : new Verdict(code, "", List.of(), null), null));
    }
}
