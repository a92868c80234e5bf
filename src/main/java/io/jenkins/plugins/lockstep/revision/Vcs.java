package io.jenkins.plugins.lockstep.revision;

/** The version control systems that Lockstep reads. */
public enum Vcs {
    GIT,
    MERCURIAL;

    /** Returns the word used in JSON and in the ledger: {@code git} or {@code mercurial}. */
    public String word() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
