package io.jenkins.plugins.lockstep.revision.hg;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.common.document.NearestWord;
import io.jenkins.plugins.lockstep.revision.Revision;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Finds the one changeset that a name, a short id or a full id means.
 *
 * <p>In this order: {@code HEAD} or {@code .} and {@code tip}, a full id, bookmarks, tags and branches, a short id. Names are
 * looked up in lists and never evaluated. Local revision numbers are refused: each clone counts for itself.
 */
final class ChangesetNames {

    private static final Pattern HEX = Pattern.compile("[0-9a-fA-F]+");
    private static final Pattern STEPS = Pattern.compile("(?<start>[^~^]+)(?<steps>(?:[~^][0-9]{0,6})+)");
    private static final Pattern STEP = Pattern.compile("([~^])([0-9]*)");

    /** As Mercurial writes numbers; it counts to 2^31. An id that begins so needs more digits here. */
    private static final Pattern LOCAL_NUMBER = Pattern.compile("0|-?[1-9][0-9]{0,9}");

    private static final Pattern UNSPEAKABLE = Pattern.compile("\\s*|-.*|.*\\p{Cntrl}.*", Pattern.DOTALL);
    private static final Pattern QUERY =
            Pattern.compile(".*[()|&!:,*\"'{}].*|.*\\.\\..*|.*[~^].*|(.*\\s)?(and|or|not)\\s.*", Pattern.DOTALL);

    private static final int FULL_LENGTH = 40;
    private static final int SHORT_LENGTH = 12;
    private static final int SHORTEST_ID = 4;
    private static final int MOST_LISTED = 10;

    private final HgClient hg;
    private final Changesets changesets;
    private final Path place;

    ChangesetNames(HgClient hg, Changesets changesets, Path place) {
        this.hg = hg;
        this.changesets = changesets;
        this.place = place;
    }

    /** What a name means: a branch may have several heads. */
    private record Name(String kind, String name, String id) {

        String described() {
            return "the " + kind + " " + printable(name);
        }
    }

    Revision find(String text) {
        if (LOCAL_NUMBER.matcher(text).matches()) {
            throw localNumber(text);
        }
        if (UNSPEAKABLE.matcher(text).matches()) {
            throw noName(text);
        }
        return start(text).orElseGet(() -> stepped(text));
    }

    /** Returns the changeset whose full id this is. */
    Revision byFullId(String id) {
        return changesets.find(id).orElseThrow(() -> failure("the repository does not have the commit " + id)
                .hint("'hg pull' brings what is new"));
    }

    private Optional<Revision> start(String name) {
        if (name.equals("HEAD") || name.equals(".")) {
            return Optional.of(checkedOut());
        }
        if (name.equals("tip")) {
            return Optional.of(changesets.tip().orElseThrow(() -> empty("tip")));
        }
        boolean hex = HEX.matcher(name).matches();
        if (hex && name.length() == FULL_LENGTH) {
            return Optional.of(byFullId(name.toLowerCase(Locale.ROOT)));
        }
        Optional<String> named = byName(name);
        if (named.isEmpty() && hex && name.length() >= SHORTEST_ID && name.length() < FULL_LENGTH) {
            named = byShortId(name.toLowerCase(Locale.ROOT));
        }
        return named.map(this::byFullId);
    }

    private Revision stepped(String text) {
        Matcher shape = STEPS.matcher(text);
        if (!shape.matches()) {
            throw QUERY.matcher(text).matches() ? noName(text) : unknown(text);
        }
        String name = shape.group("start");
        Revision at = start(name).orElseThrow(() -> QUERY.matcher(name).matches() ? noName(text) : unknown(name));
        Matcher step = STEP.matcher(shape.group("steps"));
        while (step.find()) {
            int number = step.group(2).isEmpty() ? 1 : Integer.parseInt(step.group(2));
            at = step(at, step.group(1).equals("~"), number, text);
        }
        return at;
    }

    private Revision step(Revision from, boolean back, int number, String text) {
        if (number == 0) {
            return from;
        }
        Optional<Revision> to = back ? changesets.back(from.id(), number) : changesets.parent(from.id(), number);
        return to.orElseThrow(() -> failure("there is no commit " + text)
                .why(
                        back && number > 1
                                ? "the line of first parents behind " + from.shortId() + " is shorter"
                                : from.shortId() + " has "
                                        + changesets.parents(from.id()).size() + " parents"));
    }

    private Revision checkedOut() {
        return changesets.checkedOut().orElseThrow(() -> empty("HEAD"));
    }

    private DeliveryException empty(String name) {
        return failure(name + " names no commit")
                .why(
                        changesets.tip().isEmpty()
                                ? "the repository has no commits yet"
                                : "nothing is checked out, as after 'hg clone --noupdate'")
                .hint("commit or 'hg update' first, or name a branch, a bookmark, a tag or an id");
    }

    private Optional<String> byName(String name) {
        List<Name> found =
                names().stream().filter(known -> known.name().equals(name)).toList();
        List<String> ids = found.stream().map(Name::id).distinct().toList();
        if (ids.size() < 2) {
            return ids.stream().findFirst();
        }
        boolean oneBranch = found.stream().allMatch(known -> known.kind().equals("branch"));
        if (oneBranch) {
            throw failure("the branch " + printable(name) + " has " + ids.size() + " heads")
                    .why(listed(ids))
                    .hint("give the id of one, or merge them; closed heads don't count");
        }
        throw failure("'" + printable(name) + "' means more than one commit")
                .why(found.stream()
                        .map(known -> known.described() + " is " + known.id().substring(0, SHORT_LENGTH))
                        .collect(Collectors.joining(", ")))
                .hint("give the id");
    }

    private Optional<String> byShortId(String digits) {
        List<String> found = changesets.startingWith(digits);
        if (found.size() > 1) {
            throw failure("the short id " + digits + " means more than one commit")
                    .why(listed(found))
                    .hint("give more of its digits");
        }
        if (found.isEmpty()) {
            changesets.hiddenStartingWith(digits).ifPresent(id -> {
                throw failure("the commit " + id.substring(0, SHORT_LENGTH) + " is hidden")
                        .why("it was rewritten or pruned, and other clones may not have it")
                        .hint("name what replaced it; its full id, " + id + ", is taken all the same");
            });
        }
        return found.stream().findFirst();
    }

    private List<Name> names() {
        var names = new ArrayList<Name>();
        for (List<String> row : hg.rows(2, "bookmarks", "--template", "{bookmark}\\0{node}\\0")) {
            names.add(new Name("bookmark", row.get(0), row.get(1)));
        }
        for (List<String> row : hg.rows(2, "tags", "--template", "{tag}\\0{node}\\0")) {
            if (!row.get(0).equals("tip")) {
                names.add(new Name("tag", row.get(0), row.get(1)));
            }
        }
        List<List<String>> heads =
                hg.rows(3, "heads", "--closed", "--template", "{branch}\\0{node}\\0{get(extras, \"close\")}\\0");
        List<String> open = heads.stream()
                .filter(row -> row.get(2).isEmpty())
                .map(row -> row.get(0))
                .toList();
        for (List<String> row : heads) {
            if (row.get(2).isEmpty() || !open.contains(row.get(0))) {
                names.add(new Name("branch", row.get(0), row.get(1)));
            }
        }
        return names;
    }

    private String listed(Collection<String> ids) {
        String more = ids.size() > MOST_LISTED ? " and " + (ids.size() - MOST_LISTED) + " more" : "";
        return changesets.lines(ids.stream().limit(MOST_LISTED).toList()).stream()
                        .map(line -> line.id().substring(0, SHORT_LENGTH) + " (" + printable(line.summary()) + ")")
                        .collect(Collectors.joining(", "))
                + more;
    }

    private DeliveryException noName(String text) {
        return failure("'" + printable(text) + "' can't be the name of a commit")
                .why(
                        "only a full or short id, a branch, a bookmark, a tag, tip or HEAD is read, with ~N or ^N behind it;"
                                + " the rest of Mercurial's language of revision sets is not")
                .hint("'hg log --template {node} --rev …' turns any expression into a full id");
    }

    private DeliveryException localNumber(String text) {
        return failure("'" + text + "' may be a local revision number, which is not read")
                .why("each clone counts its commits for itself, so the number means another commit elsewhere")
                .hint("'hg log --template {node} --rev " + text
                        + "' prints the id; if it is the beginning of an id, give more of its digits");
    }

    private DeliveryException unknown(String name) {
        DeliveryException failure = failure("no branch, bookmark, tag or commit is named '" + printable(name) + "'");
        boolean hex = HEX.matcher(name).matches();
        if (hex && name.length() < SHORTEST_ID) {
            return failure.why("a short id needs at least " + SHORTEST_ID + " digits");
        }
        return (hex ? failure.why("and no commit's id starts with it") : failure).hint(nearest(name));
    }

    private String nearest(String name) {
        List<String> known =
                names().stream().map(Name::name).distinct().sorted().toList();
        if (known.isEmpty()) {
            return "the repository has no commits yet: commit first";
        }
        return NearestWord.of(name, known)
                .map(word -> "did you mean '" + printable(word) + "'?")
                .orElseGet(() -> "known here: "
                        + known.stream()
                                .limit(MOST_LISTED)
                                .map(ChangesetNames::printable)
                                .collect(Collectors.joining(", "))
                        + (known.size() > MOST_LISTED ? " and " + (known.size() - MOST_LISTED) + " more" : ""));
    }

    /** Returns {@code text} without control characters, which must not reach a terminal. */
    static String printable(String text) {
        return text.replaceAll("\\p{Cntrl}", "?");
    }

    private DeliveryException failure(String what) {
        return DeliveryException.of(Problem.BAD_INPUT, what).where(place.toString());
    }
}
