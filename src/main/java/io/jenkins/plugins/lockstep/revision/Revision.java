package io.jenkins.plugins.lockstep.revision;

import java.time.Instant;
import java.util.regex.Pattern;

/**
 * One commit, by its full id.
 *
 * @param vcs the system whose commit it is
 * @param id 40 lower-case hex digits
 * @param committedAt the commit's own time, in whole seconds
 */
public record Revision(Vcs vcs, String id, Instant committedAt) {

    private static final Pattern FULL_ID = Pattern.compile("[0-9a-f]{40}");

    public Revision {
        if (!isFullId(id)) {
            throw new IllegalArgumentException("not 40 hex digits: " + id);
        }
    }

    /** Tells whether {@code text} is a full id as it stands, 40 lower-case hex digits. */
    public static boolean isFullId(String text) {
        return FULL_ID.matcher(text).matches();
    }

    /** Returns the image tag of this revision: the full id, which every registry accepts. */
    public String tag() {
        return id;
    }

    /** Returns the first 12 digits, for messages. */
    public String shortId() {
        return shortId(id);
    }

    /** Returns the first 12 digits of an id, for messages. */
    public static String shortId(String id) {
        return id.substring(0, Math.min(12, id.length()));
    }

    @Override
    public String toString() {
        return id;
    }
}
