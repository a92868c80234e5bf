package io.jenkins.plugins.lockstep.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Gzip;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.deploy.InventoryItem;
import io.jenkins.plugins.lockstep.deploy.Verdict;
import io.jenkins.plugins.lockstep.history.Release.ReleasedImage;
import io.jenkins.plugins.lockstep.image.ImageReference;
import io.jenkins.plugins.lockstep.manifest.RenderedObject;
import io.jenkins.plugins.lockstep.manifest.ResourceKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What every ledger does, run for each of them on the real thing. */
public abstract class LedgerContract {

    protected static final String APP = "cart";
    protected static final String ENVIRONMENT = "production";
    protected static final String HIDDEN = "correct-horse-battery-staple";

    /** Opens the same ledger as another process would: nothing is shared but what is stored. */
    protected abstract Ledger open();

    /** Returns the stored bytes of every chunk by hash, of one sort. */
    protected abstract Map<String, byte[]> chunks(boolean secret);

    /** Replaces a chunk's stored bytes behind the ledger's back; null takes the chunk away. */
    protected abstract void tamper(String hash, byte[] bytes);

    /** Takes from a release's entry, behind the ledger's back, where its objects are. */
    protected abstract void loseIndex(int number);

    @Test
    void aReleaseThatIsBeingUndoneSaysWhyUntilItEnds() {
        Release begun = open().begin(draft("a"), List.of(deployment("a")));
        var failure = new Verdict(Verdict.Code.CRASH_LOOP, "it exits", List.of("last words"), "look at its log");
        open().pin(begun.number(), true);

        open().note(begun.undone(failure));

        Release noted = open().list().get(0);
        assertThat(noted).isEqualTo(begun.undone(failure).keptFor(true));
        assertThat(new ReleaseLog(open().list()).unfinished()).containsExactly(noted);
        assertThat(open().objects(begun.number())).hasSize(1);
        open().finish(noted.ended(failure, null), List.of());
        assertThat(open().list().get(0).undoing()).isNull();
        assertThat(open().list().get(0).verdict()).isEqualTo(failure);
        assertThat(failure(() -> open().note(noted)).problem()).isEqualTo(Problem.LOCKED);
    }

    @Test
    void nothingIsListedBeforeTheFirstRelease() {
        assertThat(open().list()).isEmpty();
    }

    @Test
    void aReleaseIsListedAsItBeganAndAsItEnded() {
        Release draft = draft("a");

        Release begun = open().begin(draft, List.of(deployment("one")));
        assertThat(begun).isEqualTo(draft.numbered(1));
        assertThat(open().list()).containsExactly(begun);

        Release ended = begun.ended(
                new Verdict(Verdict.Code.CRASH_LOOP, "cart exits", List.of("line 1", "line 2"), "look at it"), 7);
        open().finish(ended, List.of());
        assertThat(open().list()).containsExactly(ended);
    }

    @Test
    void theNewestReleaseIsListedFirst() {
        for (int i = 0; i < 11; i++) {
            open().begin(draft("a"), List.of());
        }
        assertThat(open().list())
                .extracting(Release::number)
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(1, 11).map(i -> 12 - i).boxed().toList());
    }

    @Test
    void whatWasRenderedComesBackEqual() {
        var rendered = List.of(deployment("one"), configMap("settings", "ü\t\"\\\n☃"), secret(), clusterRole());

        int number = open().begin(draft("a"), rendered).number();

        assertThat(open().objects(number)).isEqualTo(rendered);
    }

    @Test
    void theInventoryComesBackAndIsEmptyBefore() {
        Release begun = open().begin(draft("a"), List.of());
        assertThat(open().inventory(1)).isEmpty();
        var inventory = List.of(
                new InventoryItem("apps/v1", new ResourceKey("apps", "Deployment", "shop", "cart"), "uid-1", true),
                new InventoryItem("batch/v1", new ResourceKey("batch", "Job", "shop", "cart-1"), "uid-3", true, true),
                new InventoryItem("v1", new ResourceKey("", "Namespace", "", "shop"), "uid-2", false));

        open().finish(begun.ended(running(), null), inventory);

        assertThat(open().inventory(1)).isEqualTo(inventory);
    }

    @Test
    void twentyReleasesAtOnceGetTwentyNumbersWithoutGaps() throws Exception {
        var rendered = List.of(deployment("one"), configMap("settings", "same"));
        List<Callable<Integer>> begins = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            begins.add(() -> open().begin(draft("a"), rendered).number());
        }
        var numbers = new ArrayList<Integer>();
        ExecutorService threads = Executors.newFixedThreadPool(20);
        try {
            for (Future<Integer> number : threads.invokeAll(begins)) {
                numbers.add(number.get());
            }
        } finally {
            threads.shutdownNow();
        }

        assertThat(numbers)
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.rangeClosed(1, 20).boxed().toList());
        assertThat(open().list()).hasSize(20);
        assertThat(chunks(false)).hasSize(1);
    }

    @Test
    void aReleaseThatSomeoneElseHasEndedIsNotEndedAgain() {
        Release begun = open().begin(draft("a"), List.of());
        var crashed = new Verdict(Verdict.Code.CRASHED, "stopped without a word", List.of(), null);
        open().finish(begun.ended(crashed, null), List.of());

        var failure = failure(() -> open().finish(begun.ended(running(), null), List.of()));

        assertThat(failure.problem()).isEqualTo(Problem.LOCKED);
        assertThat(failure.what()).contains("#1");
        assertThat(failure.why()).contains("crashed").contains("stopped without a word");
        assertThat(open().list()).first().extracting(Release::verdict).isEqualTo(crashed);
    }

    @Test
    void ofTwoWhoEndAReleaseAtOnceOneIsRefused() throws Exception {
        Release begun = open().begin(draft("a"), List.of());
        List<Callable<Problem>> ends = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            var verdict = new Verdict(Verdict.Code.RUNNING, "number " + i, List.of(), null);
            ends.add(() -> {
                try {
                    open().finish(begun.ended(verdict, null), List.of());
                    return Problem.DEFECT;
                } catch (DeliveryException e) {
                    return e.problem();
                }
            });
        }
        var answers = new ArrayList<Problem>();
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            for (Future<Problem> answer : threads.invokeAll(ends)) {
                answers.add(answer.get());
            }
        } finally {
            threads.shutdownNow();
        }

        assertThat(answers).filteredOn(Problem.DEFECT::equals).hasSize(1);
        assertThat(answers).filteredOn(Problem.LOCKED::equals).hasSize(7);
    }

    @Test
    void aReleaseWhoseProcessDiedIsListedWithoutAVerdictAndCanBeEndedByAnother() {
        open().begin(draft("a"), List.of(deployment("one")));
        // Nothing of the first process is left: all that the next one has is what is stored.
        Release begun = open().list().get(0);

        assertThat(begun.verdict()).isNull();
        assertThat(new ReleaseLog(open().list()).unfinished()).containsExactly(begun);
        assertThat(open().objects(1)).hasSize(1);
        open().finish(begun.ended(new Verdict(Verdict.Code.CRASHED, "gone", List.of(), null), null), List.of());
        assertThat(new ReleaseLog(open().list()).unfinished()).isEmpty();
        assertThat(open().begin(draft("b"), List.of()).number()).isEqualTo(2);
    }

    @Test
    void whatReleasesShareIsStoredOnce() {
        var shared = IntStream.range(0, 30)
                .mapToObj(i -> configMap("shared-" + i, "value " + i))
                .toList();
        open().begin(draft("a"), with(shared, deployment("one")));
        assertThat(chunks(false)).hasSize(1);

        open().begin(draft("a"), with(shared, deployment("one")));
        assertThat(chunks(false)).hasSize(1);

        open().begin(draft("b"), with(shared, deployment("two")));
        Map<String, byte[]> stored = chunks(false);
        assertThat(stored).hasSize(2);
        assertThat(stored.values()).anySatisfy(chunk -> assertThat(chunk).hasSizeLessThan(600));

        var rollback = rollback(draft("a"), 1);
        assertThat(open().objects(open().begin(rollback, with(shared, deployment("one")))
                        .number()))
                .isEqualTo(with(shared, deployment("one")));
        assertThat(chunks(false)).hasSize(2);
    }

    @Test
    void secretsAreKeptApart() {
        open().begin(draft("a"), List.of(deployment("one"), secret(), configMap("settings", "open")));

        assertThat(chunks(false)).hasSize(1);
        assertThat(chunks(true)).hasSize(1);
        assertThat(text(chunks(true))).contains(HIDDEN);
        assertThat(text(chunks(false))).contains("open").doesNotContain(HIDDEN).doesNotContain("\"kind\":\"Secret\"");
        assertThat(open().objects(1)).contains(secret());
    }

    @Test
    void whatIsLargerThanAChunkIsSplit() {
        var rendered = List.of(incompressible("first", 1), incompressible("second", 2), deployment("one"));

        int number = open().begin(draft("a"), rendered).number();

        Map<String, byte[]> stored = chunks(false);
        assertThat(stored).hasSizeGreaterThan(2);
        assertThat(stored.values())
                .allSatisfy(chunk -> assertThat(chunk).hasSizeLessThanOrEqualTo(ObjectArchive.MOST_STORED_BYTES));
        assertThat(open().objects(number)).isEqualTo(rendered);
    }

    @Test
    void aDamagedChunkIsNamed() {
        open().begin(draft("a"), List.of(deployment("one")));
        Map.Entry<String, byte[]> chunk = chunks(false).entrySet().iterator().next();
        byte[] damaged = chunk.getValue().clone();
        damaged[damaged.length / 2] ^= 1;
        tamper(chunk.getKey(), damaged);

        var failure = failure(() -> open().objects(1));

        assertThat(failure.problem()).isEqualTo(Problem.BAD_INPUT);
        assertThat(failure.what()).contains("release #1");
        assertThat(failure.why()).contains(chunk.getKey()).contains("damaged");
    }

    @Test
    void aChunkWithOtherContentIsFoundOut() {
        open().begin(draft("a"), List.of(deployment("one")));
        String hash = chunks(false).keySet().iterator().next();
        tamper(hash, Gzip.compress("{}".getBytes(StandardCharsets.UTF_8)));

        assertThat(failure(() -> open().objects(1)).why()).contains(hash).contains("damaged");
    }

    @Test
    void aMissingChunkIsNamedAndStoredAgainByTheNextRelease() {
        open().begin(draft("a"), List.of(deployment("one")));
        String hash = chunks(false).keySet().iterator().next();
        tamper(hash, null);

        var failure = failure(() -> open().objects(1));
        assertThat(failure.problem()).isEqualTo(Problem.BAD_INPUT);
        assertThat(failure.why()).contains(hash).contains("missing");

        open().begin(draft("a"), List.of(deployment("one")));
        assertThat(open().objects(1)).isEqualTo(open().objects(2));
    }

    @Test
    void whatPeopleSayAboutHoldingComesBackAndIsNoRelease() {
        assertThat(open().holdNotes()).isEqualTo(HoldNotes.NONE);
        var said = new HoldNotes.ByHand("jane", Instant.parse("2026-03-01T12:00:00.5Z"), "ü \"quoted\"");
        open().begin(draft("a"), List.of());

        assertThat(open().noteHold(before -> new HoldNotes(said, before.lift())))
                .isEqualTo(new HoldNotes(said, null));
        assertThat(open().holdNotes()).isEqualTo(new HoldNotes(said, null));
        assertThat(open().needed(Set.of())).as("it needs nothing").isEmpty();

        var lift = new HoldNotes.Lift(1, "joe", Instant.parse("2026-03-02T12:00:00Z"), null);
        open().noteHold(before -> new HoldNotes(null, lift));
        assertThat(open().holdNotes()).isEqualTo(new HoldNotes(null, lift));
        assertThat(open().list()).hasSize(1);
        assertThat(open().begin(draft("b"), List.of()).number()).isEqualTo(2);
    }

    @Test
    void ofManyWhoSayItAtOnceNobodyIsLost() throws Exception {
        List<Callable<HoldNotes>> lifts = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            lifts.add(() -> open().noteHold(before -> {
                int upTo = before.lift() == null ? 0 : before.lift().upTo();
                return new HoldNotes(null, new HoldNotes.Lift(upTo + 1, "joe", Instant.EPOCH, null));
            }));
        }
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            for (Future<HoldNotes> lift : threads.invokeAll(lifts)) {
                lift.get();
            }
        } finally {
            threads.shutdownNow();
        }

        assertThat(open().holdNotes().lift().upTo()).isEqualTo(8);
    }

    @Test
    void aReleaseThatIsNotThereIsNamed() {
        for (Runnable question :
                List.<Runnable>of(() -> open().objects(4), () -> open().inventory(4), () -> open().finish(
                                draft("a").numbered(4).ended(running(), null), List.of()))) {
            var failure = failure(question);
            assertThat(failure.problem()).isEqualTo(Problem.BAD_INPUT);
            assertThat(failure.what()).contains("#4").contains(APP).contains(ENVIRONMENT);
        }
    }

    @Test
    void aPinIsListedAndEndsWithoutChangingAnythingElse() {
        Release begun = open().begin(draft("a"), List.of(deployment("one")));
        Release ended = begun.ended(running(), null);
        open().finish(ended, List.of());

        assertThat(open().pin(1, true)).isEqualTo(ended.keptFor(true));
        assertThat(open().list()).containsExactly(ended.keptFor(true));
        assertThat(open().objects(1)).containsExactly(deployment("one"));

        open().pin(1, false);
        assertThat(open().list()).containsExactly(ended);
        assertThat(failure(() -> open().pin(2, true)).what()).contains("#2");
    }

    @Test
    void aPinThatIsSetWhileAReleaseRunsOutlivesItsEnd() {
        Release begun = open().begin(draft("a"), List.of(deployment("one")));
        open().pin(1, true);

        open().finish(begun.ended(running(), null), List.of());

        assertThat(open().list()).containsExactly(begun.ended(running(), null).keptFor(true));
    }

    @Test
    void aReleaseWithoutItsPayloadKeepsItsSummary() {
        Release ended = open().begin(draft("a"), List.of(deployment("one"))).ended(running(), null);
        open().finish(ended, List.of());

        assertThat(open().forget(ended)).isTrue();

        assertThat(open().list()).containsExactly(ended.withoutPayload());
        DeliveryException failure = failure(() -> open().objects(1));
        assertThat(failure.problem()).isEqualTo(Problem.BAD_INPUT);
        assertThat(failure.what()).contains("#1").contains("no longer kept");
        assertThat(open().needed(Set.of())).isEmpty();
        assertThat(open().begin(draft("b"), List.of(deployment("one"))).number())
                .isEqualTo(2);
        assertThat(open().objects(2)).containsExactly(deployment("one"));
    }

    @Test
    void whatADamagedReleaseNeedsIsNotTakenForNothing() {
        open().begin(draft("a"), List.of(deployment("one")));
        open().begin(draft("b"), List.of(deployment("two")));
        loseIndex(1);

        DeliveryException failure = failure(() -> open().needed(Set.of()));

        assertThat(failure.problem()).isEqualTo(Problem.BAD_INPUT);
        assertThat(failure.where()).contains("1");
        assertThat(failure.why()).contains("nobody gave them up");
        assertThat(open().needed(Set.of(1))).hasSize(1);
    }

    @Test
    void aReleaseThatChangedSinceItWasListedKeepsItsPayload() {
        Release ended = open().begin(draft("a"), List.of(deployment("one"))).ended(running(), null);
        open().finish(ended, List.of());
        open().pin(1, true);

        assertThat(open().forget(ended)).isFalse();

        assertThat(open().objects(1)).containsExactly(deployment("one"));
        assertThat(open().list()).containsExactly(ended.keptFor(true));
    }

    @Test
    void deletingWhatNoReleaseNeedsBreaksNoReleaseThatIsKept() {
        var shared = configMap("settings", "same");
        List<List<RenderedObject>> rendered = List.of(
                List.of(shared, deployment("one"), secret()),
                List.of(shared, deployment("two")),
                List.of(shared, deployment("three")));
        rendered.forEach(
                objects -> open().finish(open().begin(draft("a"), objects).ended(running(), null), List.of()));
        assertThat(open().chunks(false)).hasSize(3);
        assertThat(open().chunks(true)).hasSize(1);
        assertThat(open().needed(Set.of(2))).isEqualTo(union(1, 3));

        Release second = new ReleaseLog(open().list()).find(2).orElseThrow();
        assertThat(open().forget(second)).isTrue();
        Set<ChunkId> needed = open().needed(Set.of());
        List<Ledger.StoredChunk> unneeded = open().chunks(false).stream()
                .filter(chunk -> !needed.contains(chunk.id()))
                .toList();
        assertThat(unneeded).hasSize(1);
        var checks = new ArrayList<Integer>();
        open().delete(unneeded, () -> checks.add(1));

        assertThat(checks).isNotEmpty();
        assertThat(chunks(false)).hasSize(2);
        assertThat(open().objects(1)).isEqualTo(rendered.get(0));
        assertThat(open().objects(3)).isEqualTo(rendered.get(2));
        // What was deleted is stored again by the next release that needs it.
        assertThat(open().objects(open().begin(draft("c"), rendered.get(1)).number()))
                .isEqualTo(rendered.get(1));
    }

    @Test
    void aChunkThatWasStoredAgainSinceItWasListedIsNotDeleted() throws Exception {
        open().begin(draft("a"), List.of(deployment("one")));
        Ledger.StoredChunk listed = open().chunks(false).get(0);
        open().forget(open().list().get(0));
        tamper(listed.id().hash(), null);
        // Files have times of some precision.
        Thread.sleep(20);
        open().begin(draft("b"), List.of(deployment("one")));

        open().delete(List.of(listed), () -> {});

        assertThat(open().objects(2)).containsExactly(deployment("one"));
    }

    /** The chunks that two releases need, as a ledger that has only these two would say. */
    private Set<ChunkId> union(int first, int second) {
        var others = new HashSet<>(Set.of(1, 2, 3));
        others.remove(first);
        Set<ChunkId> all = new HashSet<>(open().needed(others));
        others.add(first);
        others.remove(second);
        all.addAll(open().needed(others));
        return all;
    }

    private static List<RenderedObject> with(List<RenderedObject> some, RenderedObject more) {
        var all = new ArrayList<>(some);
        all.add(more);
        return all;
    }

    protected static DeliveryException failure(Runnable action) {
        return catchThrowableOfType(DeliveryException.class, action::run);
    }

    protected static Verdict running() {
        return new Verdict(Verdict.Code.RUNNING, "everything is ready", List.of(), null);
    }

    /** A release of the revision that is one letter forty times. */
    protected static Release draft(String letter) {
        var image =
                new ImageReference("registry.example.com/shop/cart", letter.repeat(40), "sha256:" + letter.repeat(64));
        return Release.draft(
                APP,
                ENVIRONMENT,
                letter.repeat(40),
                "git",
                List.of(new ReleasedImage("cart", image)),
                List.of("cart-config-1234"),
                letter.repeat(64),
                Instant.parse("2026-03-01T12:00:00.123456789Z"),
                "jane",
                null);
    }

    protected static Release rollback(Release draft, int number) {
        return Release.draft(
                        draft.app(),
                        draft.environment(),
                        draft.revision(),
                        draft.vcs(),
                        draft.images(),
                        draft.configMaps(),
                        draft.seal(),
                        draft.at(),
                        draft.by(),
                        "deploy #12")
                .asRollbackOf(number);
    }

    protected static RenderedObject deployment(String variant) {
        var tree = tree("apps/v1", "Deployment", "cart");
        tree.put(
                "spec",
                Map.of(
                        "paused",
                        false,
                        "minReadySeconds",
                        10,
                        "template",
                        Map.of("spec", Map.of("containers", List.of(Map.of("name", "cart", "image", variant))))));
        return new RenderedObject("apps/v1", new ResourceKey("apps", "Deployment", "shop", "cart"), tree, 3, null);
    }

    protected static RenderedObject configMap(String name, String value) {
        var tree = tree("v1", "ConfigMap", name);
        tree.put("data", Map.of("key", value));
        return new RenderedObject("v1", new ResourceKey("", "ConfigMap", "shop", name), tree, null, null);
    }

    protected static RenderedObject secret() {
        var tree = tree("v1", "Secret", "password");
        tree.put("stringData", Map.of("password", HIDDEN));
        return new RenderedObject("v1", new ResourceKey("", "Secret", "shop", "password"), tree, null, null);
    }

    private static RenderedObject clusterRole() {
        var tree = tree("rbac.authorization.k8s.io/v1", "ClusterRole", "cart:reader");
        tree.put("rules", List.of());
        return new RenderedObject(
                "rbac.authorization.k8s.io/v1",
                new ResourceKey("rbac.authorization.k8s.io", "ClusterRole", "", "cart:reader"),
                tree,
                null,
                null);
    }

    /** 600 KiB that no compressor makes smaller, from a fixed seed. */
    private static RenderedObject incompressible(String name, int seed) {
        byte[] noise = new byte[600 * 1024];
        new Random(seed).nextBytes(noise);
        return configMap(name, Base64.getEncoder().encodeToString(noise));
    }

    private static LinkedHashMap<String, Object> tree(String apiVersion, String kind, String name) {
        var tree = new LinkedHashMap<String, Object>();
        tree.put("apiVersion", apiVersion);
        tree.put("kind", kind);
        tree.put("metadata", Map.of("name", name));
        return tree;
    }

    private static String text(Map<String, byte[]> chunks) {
        var text = new StringBuilder();
        for (byte[] chunk : chunks.values()) {
            try {
                text.append(new String(Gzip.decompress(chunk, 1 << 20), StandardCharsets.UTF_8));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return text.toString();
    }
}
