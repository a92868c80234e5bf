package io.jenkins.plugins.lockstep.revision;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The newest commits of one revision's history, for people.
 *
 * @param commits the revision itself first, children always before their parents; at most {@link #MOST}
 */
public record RecentCommits(List<Commit> commits) {

    /** As many as anybody looks through. */
    public static final int MOST = 200;

    /** None is known. */
    public static final RecentCommits NONE = new RecentCommits(List.of());

    public RecentCommits {
        commits = List.copyOf(commits);
    }

    /**
     * One commit.
     *
     * @param id its full id
     * @param parents full ids; none for a first commit, two for a merge
     * @param author the name of who wrote it, without an address; shortened and without control characters
     * @param at when it was written, in whole seconds
     * @param subject the first line of its message; shortened and without control characters
     */
    public record Commit(String id, List<String> parents, String author, Instant at, String subject) {

        public Commit {
            parents = List.copyOf(parents);
            author = CommitRange.Commit.shown(author);
            subject = CommitRange.Commit.shown(subject);
        }
    }

    /** Returns the commit of a full id. */
    public Optional<Commit> find(String id) {
        return commits.stream().filter(commit -> commit.id().equals(id)).findFirst();
    }

    /**
     * Returns the commits that come along when {@code next} follows {@code running}: those that {@code next} contains and
     * {@code running} does not, newest first. Empty where one of the two is none of these commits: then it can't be told.
     */
    public Optional<List<Commit>> between(String running, String next) {
        if (find(running).isEmpty() || find(next).isEmpty()) {
            return Optional.empty();
        }
        Set<String> there = contained(running);
        Set<String> wanted = contained(next);
        return Optional.of(commits.stream()
                .filter(commit -> wanted.contains(commit.id()) && !there.contains(commit.id()))
                .toList());
    }

    private Set<String> contained(String tip) {
        Map<String, Commit> byId = new HashMap<>();
        commits.forEach(commit -> byId.put(commit.id(), commit));
        Set<String> seen = new HashSet<>(Set.of(tip));
        Deque<String> open = new ArrayDeque<>(seen);
        while (!open.isEmpty()) {
            Commit commit = byId.get(open.pop());
            if (commit != null) {
                commit.parents().stream().filter(seen::add).forEach(open::push);
            }
        }
        return seen;
    }
}
