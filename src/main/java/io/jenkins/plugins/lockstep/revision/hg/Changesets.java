package io.jenkins.plugins.lockstep.revision.hg;

import io.jenkins.plugins.lockstep.revision.CommitRange;
import io.jenkins.plugins.lockstep.revision.RecentCommits;
import io.jenkins.plugins.lockstep.revision.Revision;
import io.jenkins.plugins.lockstep.revision.Vcs;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Questions about changesets by their full ids.
 *
 * <p>What is hidden (rewritten or pruned, and kept by this clone alone) is found as well: whoever has the full id means it.
 */
final class Changesets {

    /** Mercurial's ids for "none" and for "what is in the work tree". */
    private static final List<String> NO_CHANGESETS = List.of("0".repeat(40), "f".repeat(40));

    private final HgClient hg;

    Changesets(HgClient hg) {
        this.hg = hg;
    }

    /**
     * One changeset, for messages.
     *
     * @param summary the first line of its message
     */
    record Line(String id, String summary) {}

    /** Returns the changeset, or empty where the repository does not have it. */
    Optional<Revision> find(String id) {
        return one("id(" + checked(id) + ")", true);
    }

    /** Returns the changesets of {@code ids} that the repository has, in no order. */
    List<String> present(Collection<String> ids) {
        return ids(ids.stream().map(id -> "id(" + checked(id) + ")").collect(Collectors.joining(" + ")), "all");
    }

    /** Returns the checked-out changeset, the first parent of an uncommitted merge; empty where none is. */
    Optional<Revision> checkedOut() {
        return one(".", false);
    }

    /** Returns what this clone got last. */
    Optional<Revision> tip() {
        return one("tip", false);
    }

    /** Returns the parents of the work tree: two while a merge is not committed. */
    List<String> parentsOfWorkTree() {
        return ids("parents()", "all");
    }

    /** Returns the parents of a changeset. */
    List<String> parents(String id) {
        return ids("parents(" + checked(id) + ")", "all");
    }

    /** Returns the ancestor that first parents lead to in so many steps. */
    Optional<Revision> back(String id, int steps) {
        return one(checked(id) + "~" + steps, true);
    }

    /** Returns the n-th parent, from 1. */
    Optional<Revision> parent(String id, int number) {
        List<String> parents = parents(id);
        return number <= parents.size() ? find(parents.get(number - 1)) : Optional.empty();
    }

    /** Returns the visible changesets whose ids begin so; {@code prefix} is hex. */
    List<String> startingWith(String prefix) {
        List<String> unique = ids("id(" + checkedPrefix(prefix) + ")", "visible");
        if (!unique.isEmpty()) {
            return unique;
        }
        // None at all or several: Mercurial does not say which.
        var found = new ArrayList<String>();
        hg.rows(
                1,
                row -> {
                    String id = ascii(row.get(0));
                    if (id.startsWith(prefix)) {
                        found.add(id);
                    }
                },
                List.of("log", "--rev", "all()", "--template", "{node}\\0"));
        return found;
    }

    /** Returns the one hidden changeset whose id begins so. */
    Optional<String> hiddenStartingWith(String prefix) {
        return ids("id(" + checkedPrefix(prefix) + ")", "all").stream().findFirst();
    }

    /** Returns the ids with the first lines of their messages. */
    List<Line> lines(Collection<String> ids) {
        String set = ids.stream().map(id -> "id(" + checked(id) + ")").collect(Collectors.joining(" + "));
        return hg.rows(2, "log", "--hidden", "--rev", set, "--template", "{node}\\0{desc|firstline}\\0").stream()
                .map(row -> new Line(row.get(0), row.get(1)))
                .toList();
    }

    /** Returns the newest common ancestor, or empty where the two have none. */
    Optional<String> commonAncestor(String one, String two) {
        return ids("ancestor(" + checked(one) + ", " + checked(two) + ")", "all").stream()
                .findFirst();
    }

    /** Returns the newest ancestors, itself first; children always before their parents. */
    List<String> ancestors(String id, int most) {
        var found = new ArrayList<String>();
        hg.rows(
                1,
                row -> found.add(ascii(row.get(0))),
                List.of(
                        "log",
                        "--hidden",
                        "--rev",
                        "reverse(::" + checked(id) + ")",
                        "--limit",
                        Integer.toString(most),
                        "--template",
                        "{node}\\0"));
        return List.copyOf(found);
    }

    /** Describes the newest ancestors, itself first; children always before their parents. */
    RecentCommits recent(String id, int most) {
        var found = new ArrayList<RecentCommits.Commit>();
        hg.rows(
                6,
                row -> found.add(new RecentCommits.Commit(
                        ascii(row.get(0)),
                        Stream.of(ascii(row.get(1)), ascii(row.get(2)))
                                .filter(parent -> !NO_CHANGESETS.contains(parent))
                                .toList(),
                        text(row.get(3)),
                        time(ascii(row.get(4))),
                        text(row.get(5)))),
                List.of(
                        "log",
                        "--hidden",
                        "--rev",
                        "reverse(::" + checked(id) + ")",
                        "--limit",
                        Integer.toString(most),
                        "--template",
                        "{node}\\0{p1node}\\0{p2node}\\0{author|person}\\0{date|hgdate}\\0{desc|firstline}\\0"));
        return new RecentCommits(found);
    }

    /** Returns what {@code one} contains and {@code two} does not, the newest {@code most} with their first lines. */
    CommitRange only(String one, String two, int most) {
        var newest = new ArrayList<CommitRange.Commit>();
        var count = new AtomicInteger();
        hg.rows(
                2,
                row -> {
                    if (count.getAndIncrement() < most) {
                        newest.add(new CommitRange.Commit(ascii(row.get(0)), text(row.get(1))));
                    }
                },
                List.of(
                        "log",
                        "--hidden",
                        "--rev",
                        "reverse(only(" + checked(one) + ", " + checked(two) + "))",
                        "--template",
                        "{node}\\0{desc|firstline}\\0"));
        return new CommitRange(count.get(), newest);
    }

    private Optional<Revision> one(String set, boolean hidden) {
        var command = new ArrayList<>(List.of("log", "--rev", set, "--template", "{node}\\0{date|hgdate}\\0"));
        if (hidden) {
            command.add("--hidden");
        }
        return hg.rows(2, command.toArray(String[]::new)).stream()
                .filter(row -> !NO_CHANGESETS.contains(row.get(0)))
                .map(row -> new Revision(Vcs.MERCURIAL, row.get(0), time(row.get(1))))
                .findFirst();
    }

    private List<String> ids(String set, String which) {
        var command = new ArrayList<>(List.of("log", "--rev", set, "--template", "{node}\\0"));
        if (which.equals("all")) {
            command.add("--hidden");
        }
        return hg.rows(1, command.toArray(String[]::new)).stream()
                .map(row -> row.get(0))
                .filter(id -> !NO_CHANGESETS.contains(id))
                .toList();
    }

    /** Written as seconds since 1970 and the time zone's distance. */
    private static Instant time(String hgdate) {
        return Instant.ofEpochSecond(Long.parseLong(hgdate.substring(0, hgdate.indexOf(' '))));
    }

    private static String ascii(byte[] field) {
        return new String(field, java.nio.charset.StandardCharsets.ISO_8859_1);
    }

    private static String text(byte[] field) {
        return new String(field, java.nio.charset.StandardCharsets.UTF_8);
    }

    /** Nothing else than an id may ever become part of a query. */
    private static String checked(String id) {
        if (!Revision.isFullId(id)) {
            throw new IllegalArgumentException("not 40 hex digits: " + id);
        }
        return id;
    }

    private static String checkedPrefix(String prefix) {
        if (!prefix.matches("[0-9a-f]{1,40}")) {
            throw new IllegalArgumentException("not hex digits: " + prefix);
        }
        return prefix;
    }
}
