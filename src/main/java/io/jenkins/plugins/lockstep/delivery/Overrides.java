package io.jenkins.plugins.lockstep.delivery;

import org.jspecify.annotations.Nullable;

/**
 * Which guards someone told to let a release pass; what was overridden is recorded with the release.
 *
 * @param allowOlder an ancestor of what runs may be deployed although the history goes forward
 * @param allowDiverged a revision that has diverged from what runs may be deployed although the history goes forward
 * @param skipGate the environment that comes before this one ({@code after:}) is not asked
 * @param fixes the held revision that this one mends, as a user types it; null where none is named
 */
public record Overrides(boolean allowOlder, boolean allowDiverged, boolean skipGate, @Nullable String fixes) {

    /** No guard is overridden. */
    public static final Overrides NONE = new Overrides(false, false, false, null);
}
