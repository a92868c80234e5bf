package io.jenkins.plugins.lockstep.deploy;

import io.jenkins.plugins.lockstep.manifest.ResourceKey;

/**
 * An object of the release before that the new one does not want, and that stays all the same.
 *
 * @param key the object
 * @param reason why it stays
 */
public record Spared(ResourceKey key, Reason reason) {

    /** Why something is not pruned. */
    public enum Reason {
        ADOPTED("Lockstep did not create it"),
        DATA("losing it would lose data; --prune-data prunes it"),
        NEVER("its annotation lockstep.io/prune says never"),
        SHARED("it never changes, and older pods may still need it"),
        COMPLETED("it is a Job that did its work"),
        LEFT_OUT("a rollback starts no Job"),
        NOT_SERVED("the cluster does not serve its kind any more"),
        NOT_SEEN("this user may not list its kind"),
        NOT_ALLOWED("the cluster is not configured to have it deleted");

        private final String words;

        Reason(String words) {
            this.words = words;
        }

        /** Returns a clause for people. */
        public String words() {
            return words;
        }
    }
}
