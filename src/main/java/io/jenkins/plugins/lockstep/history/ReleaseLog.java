package io.jenkins.plugins.lockstep.history;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.revision.Revision;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Answers to the questions that the releases of one application in one environment can answer.
 *
 * <p>What is asked every day, such as what runs, is known from the newest releases alone. A log {@linkplain #of of a
 * ledger} has read those, and reads what is older only when an answer takes it: then as it is at that moment, while what
 * has begun since stays unknown. One of a list never reads anything.
 */
public final class ReleaseLog {

    /** As many as fit on a terminal below an error. */
    private static final int MOST_NAMED = 5;

    private static final Pattern ID_PREFIX = Pattern.compile("[0-9a-f]{4,40}");

    /** What comes before the newest ones. */
    private interface Past {

        /** Returns the older ones, newest first. */
        List<Release> all();

        Optional<Release> find(int number);

        /** Returns those of one revision, newest first. */
        List<Release> ofRevision(String id);
    }

    /** The newest ones without a gap, newest first. */
    private final List<Release> recent;

    /** Older ones that have not ended. */
    private final List<Release> stale;

    /** Null where there is nothing older. */
    private final @Nullable Past past;

    /**
     * Makes a log of a list.
     *
     * @param releases all that there are, in any order
     */
    public ReleaseLog(List<Release> releases) {
        this(sorted(releases), List.of(), null);
    }

    private ReleaseLog(List<Release> recent, List<Release> stale, @Nullable Past past) {
        this.recent = recent;
        this.stale = stale;
        this.past = past;
    }

    /** Reads the newest releases of a ledger. */
    public static ReleaseLog of(Ledger ledger) {
        Ledger.Recent read = ledger.recent();
        List<Release> recent = sorted(read.releases());
        return read.complete() || recent.isEmpty()
                ? new ReleaseLog(recent)
                : new ReleaseLog(
                        recent,
                        sorted(read.unfinished()),
                        new Stored(ledger, recent.get(recent.size() - 1).number()));
    }

    /** The older ones, in a ledger. */
    private static final class Stored implements Past {

        private final Ledger ledger;
        private final int before;
        private @Nullable List<Release> all;

        /** @param before the oldest number that was read */
        Stored(Ledger ledger, int before) {
            this.ledger = ledger;
            this.before = before;
        }

        @Override
        public synchronized List<Release> all() {
            List<Release> known = all;
            if (known == null) {
                known = older(ledger.list());
                all = known;
            }
            return known;
        }

        @Override
        public synchronized Optional<Release> find(int number) {
            if (number >= before) {
                return Optional.empty();
            }
            List<Release> known = all;
            return known == null
                    ? ledger.find(number)
                    : known.stream()
                            .filter(release -> release.number() == number)
                            .findFirst();
        }

        @Override
        public synchronized List<Release> ofRevision(String id) {
            List<Release> known = all;
            return known == null
                    ? older(ledger.ofRevision(id))
                    : known.stream()
                            .filter(release -> release.revision().equals(id))
                            .toList();
        }

        private List<Release> older(List<Release> releases) {
            return sorted(releases.stream()
                    .filter(release -> release.number() < before)
                    .toList());
        }
    }

    private static List<Release> sorted(List<Release> releases) {
        return releases.stream()
                .sorted(Comparator.comparingInt(Release::number).reversed())
                .toList();
    }

    /** Returns all releases, newest first. */
    public List<Release> releases() {
        return past == null ? recent : newestFirst().toList();
    }

    /** Goes through all releases, newest first, and reads older ones when it comes to them. */
    public Stream<Release> newestFirst() {
        Past older = past;
        return older == null
                ? recent.stream()
                : Stream.concat(recent.stream(), Stream.of(older).flatMap(one -> one.all().stream()));
    }

    /** Goes through the releases of one revision, newest first, and reads older ones when it comes to them. */
    public Stream<Release> ofRevision(String id) {
        Stream<Release> first =
                recent.stream().filter(release -> release.revision().equals(id));
        Past older = past;
        return older == null
                ? first
                : Stream.concat(first, Stream.of(older).flatMap(one -> one.ofRevision(id).stream()));
    }

    /** Returns the release that began last, whatever became of it. */
    public Optional<Release> newest() {
        return recent.stream().findFirst();
    }

    /** Tells whether nothing was ever released. */
    public boolean isEmpty() {
        return recent.isEmpty();
    }

    /**
     * Returns how many releases there are; where older ones have not been read, as many as their numbers say, since numbers
     * have no gaps unless somebody deletes entries.
     */
    public int size() {
        return past == null ? recent.size() : nextNumber() - 1;
    }

    /** Returns the newest release that ended well: what runs, where nothing has failed half-way since. */
    public Optional<Release> current() {
        return newestFirst().filter(Release::isGood).findFirst();
    }

    /** Returns the newest release that ended, well or not: its inventory is what the environment holds. */
    public Optional<Release> newestEnded() {
        return newestFirst().filter(release -> release.verdict() != null).findFirst();
    }

    /** Returns those that did something, or may have: not those that gave way to a newer one before they changed anything. */
    public Stream<Release> effective() {
        return newestFirst().filter(release -> !release.isSuperseded());
    }

    /** Returns the newest release that ended, well or not, other than by giving way: what happened here last. */
    public Optional<Release> newestOutcome() {
        return effective().filter(release -> release.verdict() != null).findFirst();
    }

    /** Returns the releases that began and never ended: one runs now, or its process died. Newest first. */
    public List<Release> unfinished() {
        return Stream.concat(recent.stream(), stale.stream())
                .filter(release -> release.verdict() == null)
                .toList();
    }

    /** Returns the number after the newest one's, 1 for the first. */
    public int nextNumber() {
        return recent.isEmpty() ? 1 : recent.get(0).number() + 1;
    }

    /** Returns the release of that number. */
    public Optional<Release> find(int number) {
        Optional<Release> found =
                recent.stream().filter(release -> release.number() == number).findFirst();
        return found.isPresent() || past == null ? found : past.find(number);
    }

    /**
     * Returns the newest good release older than what runs, with another seal. Where the newest release failed and stayed,
     * or never ended, that is the newest good one: what ran before somebody's trouble began. A release that is itself a rollback
     * stands for the one that it brought back: after a rollback from #3 to #2 the previous one is #1, because going to
     * #3 again is what the rollback was made to avoid.
     */
    public Optional<Release> previous() {
        Optional<Release> newest = effective().findFirst();
        if (newest.isPresent() && !newest.get().isGood() && newest.get().restored() == null) {
            return current();
        }
        return current().flatMap(running -> {
            int origin = origin(running).number();
            return newestFirst()
                    .filter(release -> release.number() < origin)
                    .filter(Release::isGood)
                    .filter(release -> !release.seal().equals(running.seal()))
                    .findFirst();
        });
    }

    /**
     * Returns what one can go back to: of each seal the newest good release, without what runs; newest first. Where the
     * newest release failed and stayed, or never ended, nobody knows what runs, and the newest good one is a target, too.
     */
    public List<Release> targets() {
        var seals = new HashSet<String>();
        boolean settled =
                effective().findFirst().stream().anyMatch(newest -> newest.isGood() || newest.restored() != null);
        if (settled) {
            current().ifPresent(running -> seals.add(running.seal()));
        }
        return newestFirst()
                .filter(Release::isGood)
                .filter(release -> seals.add(release.seal()))
                .toList();
    }

    /**
     * Finds the release to go back to.
     *
     * <p>A revision is looked for among the released ones first, by full or short id (at least 4 hex digits), so that
     * a rollback needs no clone; only what is none of them is resolved. Its newest good release is taken.
     *
     * @param target what the user wants
     * @param resolver resolves a branch or a tag to a full id; throws {@link Problem#BAD_INPUT} where it can't
     * @throws DeliveryException {@link Problem#BAD_INPUT} where there is no such release, or it did not end well; the
     *     message says what there is
     */
    public Release select(RollbackTarget target, UnaryOperator<String> resolver) {
        if (isEmpty()) {
            throw DeliveryException.of(Problem.BAD_INPUT, "there is no release to go back to")
                    .why("nothing was ever released here")
                    .hint("deploy a revision first");
        }
        if (target instanceof RollbackTarget.ToRelease release) {
            return good(byNumber(release.number()));
        }
        if (target instanceof RollbackTarget.ToRevision revision) {
            return byRevision(revision.expression(), resolver);
        }
        return previous().orElseThrow(this::noPrevious);
    }

    /**
     * Returns the release of a number, well ended or not.
     *
     * @throws DeliveryException {@link Problem#BAD_INPUT} where there is none; the message says what there is
     */
    public Release demand(RollbackTarget.ToRelease target) {
        if (isEmpty()) {
            throw DeliveryException.of(Problem.BAD_INPUT, "there is no release " + target + " here")
                    .why("nothing was ever released here");
        }
        return byNumber(target.number());
    }

    private Release byNumber(int number) {
        return find(number).orElseThrow(() -> {
            List<Release> all = releases();
            int newest = all.get(0).number();
            int oldest = all.get(all.size() - 1).number();
            return DeliveryException.of(Problem.BAD_INPUT, "there is no release #" + number + " here")
                    .why(oldest == newest ? "there is only #" + newest : "there are #" + oldest + " to #" + newest)
                    .hint(listing());
        });
    }

    /** Returns the command that shows what there is. */
    private String listing() {
        return "see lockstep history " + recent.get(0).environment();
    }

    private Release good(Release release) {
        if (!release.isGood()) {
            throw DeliveryException.of(Problem.BAD_INPUT, "release #" + release.number() + " can't be brought back")
                    .why("it never ran well: " + ending(release))
                    .hint("choose one that did: " + listing());
        }
        return release;
    }

    private Release byRevision(String expression, UnaryOperator<String> resolver) {
        String typed = expression.toLowerCase(Locale.ROOT);
        if (ID_PREFIX.matcher(typed).matches()) {
            List<String> ids = revisions(typed);
            if (ids.size() > 1) {
                throw DeliveryException.of(Problem.BAD_INPUT, "'" + expression + "' is ambiguous")
                        .why("these released revisions begin so: " + shortened(ids, id -> id))
                        .hint("type more of it");
            }
            if (ids.size() == 1) {
                return newestGood(ids.get(0));
            }
        }
        String id = Revision.isFullId(typed) ? typed : resolved(expression, resolver);
        if (revisions(id).isEmpty()) {
            throw notReleased(expression, id.equals(expression) ? expression : expression + " (" + shortId(id) + ")");
        }
        return newestGood(id);
    }

    private String resolved(String expression, UnaryOperator<String> resolver) {
        try {
            return resolver.apply(expression);
        } catch (DeliveryException e) {
            if (e.problem() != Problem.BAD_INPUT) {
                throw e;
            }
            throw notReleased(expression, expression).why(e.what()).causedBy(e);
        }
    }

    private Release newestGood(String id) {
        List<Release> all = ofRevision(id).toList();
        return all.stream().filter(Release::isGood).findFirst().orElseThrow(() -> DeliveryException.of(
                        Problem.BAD_INPUT, "revision " + shortId(id) + " can't be brought back")
                .why("it never ran well here: "
                        + all.stream()
                                .limit(MOST_NAMED)
                                .map(release -> "#" + release.number() + " " + ending(release))
                                .collect(Collectors.joining(", ")))
                .hint("choose one that did: " + listing()));
    }

    private DeliveryException notReleased(String expression, String shown) {
        String hint = "released here were " + shortened(revisions(""), ReleaseLog::shortId);
        if (newestFirst().anyMatch(release -> String.valueOf(release.number()).equals(expression))) {
            hint = "a release number is written #" + expression + "; " + hint;
        }
        return DeliveryException.of(Problem.BAD_INPUT, "revision " + shown + " was never released here")
                .hint(hint);
    }

    private DeliveryException noPrevious() {
        Optional<Release> running = current();
        if (running.isEmpty()) {
            return DeliveryException.of(Problem.BAD_INPUT, "there is no previous release to go back to")
                    .why("no release ever ran well here")
                    .hint("deploy a revision that works");
        }
        Release origin = origin(running.get());
        List<String> later = newestFirst()
                .filter(release -> release.number() > origin.number())
                .filter(Release::isGood)
                .filter(release -> !release.seal().equals(origin.seal()))
                .limit(MOST_NAMED)
                .map(release -> "#" + release.number() + " (" + shortId(release.revision()) + ")")
                .toList();
        return DeliveryException.of(Problem.BAD_INPUT, "there is no previous release to go back to")
                .why("nothing else ran well before #" + origin.number())
                .hint(
                        later.isEmpty()
                                ? "what runs is the only good release"
                                : "to go to a later one, name it: " + String.join(", ", later));
    }

    /** Follows a rollback to the release that rendered what it brought back. */
    private Release origin(Release release) {
        var seen = new HashSet<Integer>();
        Release origin = release;
        Integer earlier = origin.rollbackOf();
        while (earlier != null && seen.add(origin.number())) {
            Optional<Release> found = find(earlier);
            if (found.isEmpty()) {
                break;
            }
            origin = found.get();
            earlier = origin.rollbackOf();
        }
        return origin;
    }

    /** Returns the distinct revisions that begin with {@code prefix}, the one released last first. */
    private List<String> revisions(String prefix) {
        if (Revision.isFullId(prefix)) {
            return ofRevision(prefix).map(Release::revision).limit(1).toList();
        }
        return newestFirst()
                .map(Release::revision)
                .filter(id -> id.startsWith(prefix))
                .distinct()
                .toList();
    }

    private static String shortened(List<String> ids, UnaryOperator<String> shown) {
        String named = ids.stream().limit(MOST_NAMED).map(shown).collect(Collectors.joining(", "));
        return ids.size() > MOST_NAMED ? named + " and " + (ids.size() - MOST_NAMED) + " more" : named;
    }

    private static String ending(Release release) {
        return release.verdict() == null
                ? "did not end"
                : "ended as " + release.verdict().code().word();
    }

    private static String shortId(String id) {
        return id.length() > 12 ? id.substring(0, 12) : id;
    }
}
