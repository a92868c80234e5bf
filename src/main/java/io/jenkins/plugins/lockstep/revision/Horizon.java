package io.jenkins.plugins.lockstep.revision;

/**
 * Where the knowledge of a {@link Lineage} ends, in words: for those whom it can't tell how two revisions relate.
 *
 * @param who what was asked, such as {@code this repository}
 * @param why why it may not know
 * @param hint what helps
 */
public record Horizon(String who, String why, String hint) {

    /** That of a clone. */
    static final Horizon OF_A_CLONE = new Horizon(
            "this repository",
            "it is a shallow clone, or lacks that commit",
            "fetch the whole history (git fetch --unshallow, hg pull; in Jenkins no shallow clone) and the branch that has"
                    + " it");
}
