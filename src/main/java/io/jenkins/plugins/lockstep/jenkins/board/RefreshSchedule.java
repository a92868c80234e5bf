package io.jenkins.plugins.lockstep.jenkins.board;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Says when which job is looked at again: a job whose board somebody saw lately, when what is recorded is older than a
 * minute; one look at a time for each; after a failure later and later.
 *
 * <p>Thread-safe. Forgets a job that nobody sees any more.
 */
public final class RefreshSchedule {

    /** How old a record may be before it is refreshed. */
    public static final Duration FRESH = Duration.ofMinutes(1);

    /** How long after somebody saw a board it is kept fresh. */
    static final Duration WATCHED = Duration.ofMinutes(10);

    static final Duration LONGEST_WAIT = Duration.ofMinutes(30);

    private final Map<String, Entry> entries = new HashMap<>();

    private static final class Entry {
        @Nullable
        Instant seen;

        @Nullable
        Instant looked;

        boolean looking;
        boolean again;
        int failures;

        boolean isDue(Instant now) {
            return looked == null || !now.isBefore(looked.plus(pause()));
        }

        private Duration pause() {
            Duration pause = FRESH.multipliedBy(1L << Math.min(failures, 10));
            return pause.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : pause;
        }
    }

    /**
     * Notes that somebody sees the board of a job.
     *
     * @param lookedAt when it was last looked at as far as its record says, null for never
     */
    public synchronized void seen(String job, @Nullable Instant lookedAt, Instant now) {
        Entry entry = entries.computeIfAbsent(job, name -> new Entry());
        entry.seen = now;
        if (entry.looked == null) {
            entry.looked = lookedAt;
        }
    }

    /** Returns the jobs that are watched and due. */
    public synchronized List<String> due(Instant now) {
        entries.values()
                .removeIf(entry -> !entry.looking
                        && (entry.seen == null || entry.seen.plus(WATCHED).isBefore(now)));
        return entries.entrySet().stream()
                .filter(entry -> !entry.getValue().looking && entry.getValue().isDue(now))
                .map(Map.Entry::getKey)
                .toList();
    }

    /** Tells whether a job is due. */
    public synchronized boolean isDue(String job, Instant now) {
        Entry entry = entries.get(job);
        return entry == null || (!entry.looking && entry.isDue(now));
    }

    /** Begins a look; false where one is under way. */
    public synchronized boolean begin(String job) {
        Entry entry = entries.computeIfAbsent(job, name -> new Entry());
        if (entry.looking) {
            return false;
        }
        entry.looking = true;
        return true;
    }

    /** Asks for another look as soon as the one that is under way has ended; false where there is none under way. */
    public synchronized boolean again(String job) {
        Entry entry = entries.get(job);
        if (entry == null || !entry.looking) {
            return false;
        }
        entry.again = true;
        return true;
    }

    /**
     * Ends a look.
     *
     * @return whether somebody asked for another one meanwhile
     */
    public synchronized boolean end(String job, boolean good, Instant now) {
        Entry entry = entries.get(job);
        if (entry == null) {
            return false;
        }
        entry.looking = false;
        entry.looked = now;
        entry.failures = good ? 0 : entry.failures + 1;
        boolean again = entry.again;
        entry.again = false;
        return again;
    }

    /** Tells whether a look is under way. */
    public synchronized boolean isLooking(String job) {
        Entry entry = entries.get(job);
        return entry != null && entry.looking;
    }
}
