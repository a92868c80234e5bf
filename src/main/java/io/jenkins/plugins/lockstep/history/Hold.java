package io.jenkins.plugins.lockstep.history;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * An environment's refusal of revisions, until someone lifts it (design, section 5, rule 13).
 *
 * @param kind what it refuses, and because of what
 * @param by who set it
 * @param at since when
 * @param reason why; null where someone held by hand and gave none
 * @param release the release that set it, null where someone held by hand
 * @param revisions the bad ones, full ids, the one held last first; empty where someone held by hand
 */
public record Hold(
        Kind kind, String by, Instant at, @Nullable String reason, @Nullable Integer release, List<String> revisions) {

    /** What a hold refuses, and because of what. */
    public enum Kind {
        /** Someone rolled back: every revision but the one that runs. */
        ROLLBACK,
        /** The revision failed and what ran before it was restored: that revision alone. */
        FAILURE,
        /** Someone said so: every revision but the one that runs. */
        BY_HAND;

        /** Returns the word in JSON, for example {@code by-hand}. */
        public String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    public Hold {
        revisions = List.copyOf(revisions);
    }
}
