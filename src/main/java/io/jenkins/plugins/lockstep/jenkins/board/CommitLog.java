package io.jenkins.plugins.lockstep.jenkins.board;

import io.jenkins.plugins.lockstep.revision.Revision;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The newest commits of a project, as far as they are known: older ones, and those of other branches, are not in it.
 *
 * @param commits the newest first
 */
public record CommitLog(List<Commit> commits) {

    static final CommitLog EMPTY = new CommitLog(List.of());

    public CommitLog {
        commits = List.copyOf(commits);
    }

    /** Returns the commit with the full id, null where it is not known. */
    @Nullable
    Commit find(@Nullable String id) {
        return commits.stream()
                .filter(commit -> commit.id().equals(id))
                .findFirst()
                .orElse(null);
    }

    /**
     * Says which commits come to where {@code older} runs when {@code newer} is shipped.
     *
     * @param older full id of what runs there, null where nothing does
     * @param newer full id of what would be shipped
     */
    Shipment shipment(@Nullable String older, String newer) {
        if (newer.equals(older)) {
            return Shipment.of(List.of(), 0, true, "the same revision runs there");
        }
        Map<String, Commit> known = byId();
        if (!known.containsKey(newer)) {
            return Shipment.unknown("the newest build does not know " + Revision.shortId(newer));
        }
        Set<String> there = older == null ? Set.of() : ancestry(known, older);
        Set<String> coming = ancestry(known, newer);
        var fresh = new LinkedHashSet<>(coming);
        fresh.removeAll(there);
        List<Commit> commits = this.commits.stream()
                .filter(commit -> fresh.contains(commit.id()))
                .toList();
        if (older == null) {
            return Shipment.of(commits, 0, isWhole(commits, known), "nothing runs there yet");
        }
        if (!known.containsKey(older)) {
            return Shipment.of(
                    commits,
                    0,
                    false,
                    "the newest build does not know " + Revision.shortId(older) + ", which runs there");
        }
        int back = (int) there.stream().filter(id -> !coming.contains(id)).count();
        return Shipment.of(commits, back, isWhole(commits, known), null);
    }

    /** Tells whether every parent is known, so that nothing older can be missing. */
    private static boolean isWhole(List<Commit> commits, Map<String, Commit> known) {
        return commits.stream().flatMap(commit -> commit.parents().stream()).allMatch(known::containsKey);
    }

    private Map<String, Commit> byId() {
        var known = new LinkedHashMap<String, Commit>();
        commits.forEach(commit -> known.put(commit.id(), commit));
        return known;
    }

    /** Returns a commit and those before it, as far as they are known. */
    private static Set<String> ancestry(Map<String, Commit> known, String id) {
        var found = new LinkedHashSet<String>();
        var next = new ArrayDeque<String>(List.of(id));
        while (!next.isEmpty()) {
            Commit commit = known.get(next.remove());
            if (commit != null && found.add(commit.id())) {
                next.addAll(commit.parents());
            }
        }
        return found;
    }
}
