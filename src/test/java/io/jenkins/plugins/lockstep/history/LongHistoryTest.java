package io.jenkins.plugins.lockstep.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.deploy.Verdict;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A log that has read the newest releases answers as one that has read all. What is asked for is noted by a ledger that is
 * none but a list.
 */
class LongHistoryTest {

    private static final List<String> REVISIONS =
            List.of("a".repeat(40), "b".repeat(40), "c".repeat(40), "d".repeat(40));

    private final List<String> reads = new ArrayList<>();

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
    void everyQuestionHasTheSameAnswerHoweverLittleWasReadAtFirst(long seed) {
        var random = new Random(seed);
        for (int round = 0; round < 40; round++) {
            List<Release> all = history(random, 1 + random.nextInt(30));
            // Numbers may be missing in between, where somebody deleted an entry.
            all.removeIf(release -> random.nextInt(15) == 0);
            if (all.isEmpty()) {
                continue;
            }
            var notes = random.nextInt(3) > 0
                    ? HoldNotes.NONE
                    : new HoldNotes(null, new HoldNotes.Lift(1 + random.nextInt(30), "jane", Instant.EPOCH, "why not"));
            int window = 1 + random.nextInt(all.size());
            List<Function<ReleaseLog, Object>> questions = new ArrayList<>(List.of(
                    ReleaseLog::current,
                    ReleaseLog::newestEnded,
                    ReleaseLog::unfinished,
                    ReleaseLog::nextNumber,
                    ReleaseLog::previous,
                    ReleaseLog::targets,
                    ReleaseLog::newest,
                    ReleaseLog::releases,
                    log -> log.effective().toList(),
                    log -> log.newestFirst().limit(7).toList(),
                    log -> selected(log, "previous"),
                    log -> selected(log, "#" + (1 + all.size() / 2)),
                    log -> selected(log, "aaaa"),
                    log -> new Holds(log, notes).environment(),
                    log -> new Holds(log, notes).shown(),
                    log -> new Holds(log, notes).all()));
            for (String revision : REVISIONS) {
                questions.add(log -> log.ofRevision(revision).toList());
                questions.add(log -> selected(log, revision));
                questions.add(log -> new Holds(log, notes).failure(revision));
            }
            for (int i = 0; i < questions.size(); i++) {
                assertThat(questions.get(i).apply(ReleaseLog.of(ledger(all, window))))
                        .as("question %d of seed %d, round %d: the newest %d of %s", i, seed, round, window, all)
                        .isEqualTo(questions.get(i).apply(new ReleaseLog(all)));
            }
            assertThat(new Holds(ReleaseLog.of(ledger(all, window)), notes).environment())
                    .as("seed %d, round %d: %s", seed, round, all)
                    .isEqualTo(java.util.Optional.ofNullable(heldFromTheBeginningOn(all, notes)));
        }
    }

    @Test
    void whatADeployAsksIsKnownFromTheNewestAndFromTheRevisionsOwn() {
        var random = new Random(1);
        List<Release> all = new ArrayList<>();
        for (int number = 1; number <= 1_000; number++) {
            all.add(release(random, number, REVISIONS.get(number % 2), Verdict.Code.RUNNING, null, null));
        }
        ReleaseLog log = ReleaseLog.of(ledger(all, 50));

        assertThat(log.current()).contains(all.get(999));
        assertThat(log.previous()).contains(all.get(998));
        assertThat(log.unfinished()).isEmpty();
        assertThat(log.size()).isEqualTo(1_000);
        assertThat(log.newestFirst().limit(50)).hasSize(50);
        assertThat(new Holds(log, HoldNotes.NONE).shown()).isEmpty();
        assertThat(new Holds(log, HoldNotes.NONE).failure(REVISIONS.get(0))).isEmpty();
        assertThat(reads).containsExactly("recent");

        assertThat(new Holds(log, HoldNotes.NONE).failure(REVISIONS.get(2))).isEmpty();
        assertThat(log.find(3)).contains(all.get(2));
        assertThat(reads).containsExactly("recent", "ofRevision", "find");
        assertThat(log.releases()).hasSize(1_000);
        assertThat(log.releases()).hasSize(1_000);
        assertThat(reads).containsExactly("recent", "ofRevision", "find", "list");
    }

    @Test
    void whatBeganAfterTheNewestWereReadStaysUnknown() {
        var random = new Random(1);
        List<Release> all = history(random, 10);
        ReleaseLog log = ReleaseLog.of(ledger(all, 3));
        all.add(release(random, 11, REVISIONS.get(0), Verdict.Code.RUNNING, null, null));

        assertThat(log.releases()).extracting(Release::number).containsExactly(10, 9, 8, 7, 6, 5, 4, 3, 2, 1);
        assertThat(log.find(11)).isEmpty();
        assertThat(log.ofRevision(REVISIONS.get(0))).noneMatch(release -> release.number() == 11);
    }

    /** Returns what a rollback brings back, or how it is refused. */
    private static Object selected(ReleaseLog log, String target) {
        try {
            return log.select(RollbackTarget.parse(target), name -> {
                throw DeliveryException.of(Problem.BAD_INPUT, "nothing is named '" + name + "'");
            });
        } catch (DeliveryException e) {
            return e.getMessage();
        }
    }

    /** The rule as it is said: through all releases in the order of their beginning. */
    private static Hold heldFromTheBeginningOn(List<Release> oldestFirst, HoldNotes notes) {
        Hold hold = null;
        String running = null;
        String left = null;
        for (Release release : oldestFirst) {
            if (release.isSuperseded()) {
                continue;
            }
            if (release.rollbackOf() != null && left != null) {
                var revisions = new LinkedHashSet<>(List.of(left));
                if (hold != null) {
                    revisions.addAll(hold.revisions());
                }
                if (!release.revision().equals(left)) {
                    revisions.remove(release.revision());
                }
                hold = new Hold(
                        Hold.Kind.ROLLBACK,
                        release.by(),
                        release.at(),
                        "rolled back to release " + release.rollbackOf(),
                        release.number(),
                        List.copyOf(revisions));
            }
            if (release.isGood()) {
                if (release.rollbackOf() == null && !release.revision().equals(running)) {
                    hold = null;
                }
                running = release.revision();
            }
            if (notes.liftsFrom(release.number())) {
                hold = null;
            }
            left = release.restored() != null && running != null ? running : release.revision();
        }
        return hold;
    }

    private static List<Release> history(Random random, int count) {
        var releases = new ArrayList<Release>();
        for (int number = 1; number <= count; number++) {
            Verdict.Code code = List.of(
                            Verdict.Code.RUNNING,
                            Verdict.Code.RUNNING,
                            Verdict.Code.RUNNING,
                            Verdict.Code.CRASH_LOOP,
                            Verdict.Code.CRASHED,
                            Verdict.Code.SUPERSEDED)
                    .get(random.nextInt(6));
            boolean back = number > 1 && random.nextInt(5) == 0;
            Release earlier = back ? releases.get(random.nextInt(releases.size())) : null;
            boolean restored = code == Verdict.Code.CRASH_LOOP && number > 1 && random.nextBoolean();
            releases.add(release(
                    random,
                    number,
                    earlier == null ? REVISIONS.get(random.nextInt(REVISIONS.size())) : earlier.revision(),
                    random.nextInt(9) == 0 ? null : code,
                    earlier == null ? null : Integer.valueOf(earlier.number()),
                    restored ? Integer.valueOf(number - 1) : null));
        }
        return releases;
    }

    private static Release release(
            Random random, int number, String revision, Verdict.Code code, Integer rollbackOf, Integer restored) {
        Release begun = Release.draft(
                        "cart",
                        "production",
                        revision,
                        "git",
                        List.of(),
                        List.of(),
                        revision + random.nextInt(2),
                        Instant.EPOCH.plusSeconds(number),
                        "jane",
                        null)
                .numbered(number)
                .asRollbackOf(rollbackOf);
        return code == null ? begun : begun.ended(new Verdict(code, "it ended so", List.of(), null), restored);
    }

    /** @param oldestFirst may grow */
    private Ledger ledger(List<Release> oldestFirst, int window) {
        return (Ledger) Proxy.newProxyInstance(
                Ledger.class.getClassLoader(), new Class<?>[] {Ledger.class}, (proxy, method, arguments) -> {
                    reads.add(method.getName());
                    return switch (method.getName()) {
                        case "list" -> List.copyOf(oldestFirst);
                        case "find" ->
                            oldestFirst.stream()
                                    .filter(release -> arguments[0].equals(release.number()))
                                    .findFirst();
                        case "ofRevision" ->
                            oldestFirst.stream()
                                    .filter(release -> release.revision().equals(arguments[0]))
                                    .toList();
                        case "recent" -> {
                            int older = oldestFirst.size() - window;
                            yield new Ledger.Recent(
                                    List.copyOf(oldestFirst.subList(older, oldestFirst.size())),
                                    oldestFirst.subList(0, older).stream()
                                            .filter(release -> release.verdict() == null)
                                            .toList(),
                                    older == 0);
                        }
                        default -> throw new UnsupportedOperationException(method.getName());
                    };
                });
    }
}
