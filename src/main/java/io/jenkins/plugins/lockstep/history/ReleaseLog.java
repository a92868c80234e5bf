package io.jenkins.plugins.lockstep.history;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.revision.Revision;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Answers to the questions that a list of releases can answer; pure.
 *
 * @param releases of one application in one environment, newest first
 */
public record ReleaseLog(List<Release> releases) {

    /** As many as fit on a terminal below an error. */
    private static final int MOST_NAMED = 5;

    private static final Pattern ID_PREFIX = Pattern.compile("[0-9a-f]{4,40}");

    /** Sorts the releases, newest first. */
    public ReleaseLog {
        releases = releases.stream()
                .sorted(Comparator.comparingInt(Release::number).reversed())
                .toList();
    }

    /** Returns the newest release that ended well: what runs, where nothing has failed half-way since. */
    public Optional<Release> current() {
        return releases.stream().filter(Release::isGood).findFirst();
    }

    /** Returns the newest release that ended, well or not: its inventory is what the environment holds. */
    public Optional<Release> newestEnded() {
        return releases.stream().filter(release -> release.verdict() != null).findFirst();
    }

    /** Returns the releases that began and never ended: one runs now, or its process died. Newest first. */
    public List<Release> unfinished() {
        return releases.stream().filter(release -> release.verdict() == null).toList();
    }

    /** Returns the number after the newest one's, 1 for the first. */
    public int nextNumber() {
        return releases.isEmpty() ? 1 : releases.get(0).number() + 1;
    }

    /** Returns the release of that number. */
    public Optional<Release> find(int number) {
        return releases.stream().filter(release -> release.number() == number).findFirst();
    }

    /**
     * Returns the newest good release older than what runs, with another seal. Where the newest release failed and stayed,
     * or never ended, that is the newest good one: what ran before somebody's trouble began. A release that is itself a rollback
     * stands for the one that it brought back: after a rollback from #3 to #2 the previous one is #1, because going to
     * #3 again is what the rollback was made to avoid.
     */
    public Optional<Release> previous() {
        Optional<Release> newest = newestAtWork();
        if (newest.isPresent() && !newest.get().isGood() && newest.get().restored() == null) {
            return current();
        }
        return current().flatMap(running -> {
            int origin = origin(running).number();
            return releases.stream()
                    .filter(release -> release.number() < origin)
                    .filter(Release::isGood)
                    .filter(release -> !release.seal().equals(running.seal()))
                    .findFirst();
        });
    }

    /** One that gave way touched nothing. */
    private Optional<Release> newestAtWork() {
        return releases.stream().filter(release -> !release.isSuperseded()).findFirst();
    }

    /**
     * Returns what one can go back to: of each seal the newest good release, without what runs; newest first. Where the
     * newest release failed and stayed, or never ended, nobody knows what runs, and the newest good one is a target, too.
     */
    public List<Release> targets() {
        var seals = new HashSet<String>();
        boolean settled = newestAtWork()
                .filter(newest -> newest.isGood() || newest.restored() != null)
                .isPresent();
        if (settled) {
            current().ifPresent(running -> seals.add(running.seal()));
        }
        return releases.stream()
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
        if (releases.isEmpty()) {
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
        if (releases.isEmpty()) {
            throw DeliveryException.of(Problem.BAD_INPUT, "there is no release " + target + " here")
                    .why("nothing was ever released here");
        }
        return byNumber(target.number());
    }

    private Release byNumber(int number) {
        int newest = releases.get(0).number();
        int oldest = releases.get(releases.size() - 1).number();
        return find(number)
                .orElseThrow(() -> DeliveryException.of(Problem.BAD_INPUT, "there is no release #" + number + " here")
                        .why(oldest == newest ? "there is only #" + newest : "there are #" + oldest + " to #" + newest)
                        .hint(listing()));
    }

    /** Returns the command that shows what there is. */
    private String listing() {
        return "see lockstep history " + releases.get(0).environment();
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
        List<Release> all = releases.stream()
                .filter(release -> release.revision().equals(id))
                .toList();
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
        if (releases.stream()
                .anyMatch(release -> String.valueOf(release.number()).equals(expression))) {
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
        List<String> later = releases.stream()
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
        Map<Integer, Release> byNumber =
                releases.stream().collect(Collectors.toMap(Release::number, one -> one, (newer, older) -> newer));
        var seen = new HashSet<Integer>();
        Release origin = release;
        while (origin.rollbackOf() != null && seen.add(origin.number())) {
            Release earlier = byNumber.get(origin.rollbackOf());
            if (earlier == null) {
                break;
            }
            origin = earlier;
        }
        return origin;
    }

    /** Returns the distinct revisions that begin with {@code prefix}, the one released last first. */
    private List<String> revisions(String prefix) {
        return releases.stream()
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
