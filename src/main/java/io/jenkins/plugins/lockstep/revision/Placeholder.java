package io.jenkins.plugins.lockstep.revision;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Arrays;
import java.util.Optional;

/** What some tools leave in place of a file's content: to ship it would ship none of the content. */
public enum Placeholder {
    LFS_POINTER(
            "a Git LFS pointer",
            "the file is kept by Git LFS",
            "the commit holds a pointer to it, not its content",
            "'git lfs untrack' it and commit its content",
            "'git lfs pull' brings the content; in Jenkins, add 'Git LFS pull after checkout' to the checkout"),
    GIT_CRYPT(
            "encrypted by git-crypt",
            "the file is encrypted by git-crypt",
            "the commit holds it encrypted, and Lockstep has no key",
            "commit it plain if it is no secret, or keep it in a Secret and name that",
            "'git-crypt unlock' before the build"),
    ANNEX_POINTER(
            "a git-annex pointer",
            "the file is kept by git-annex",
            "the commit holds a pointer to it, not its content",
            "'git annex unannex' it and commit its content",
            "'git annex get' brings the content");

    /** The most bytes at the start of a file that {@link #of} looks at; a shorter file is given whole. */
    public static final int BYTES = LfsPointer.SIZE_LIMIT;

    private static final String GIT_CRYPT_HEADER = "\0GITCRYPT\0";
    private static final String ANNEX_PREFIX = "/annex/objects/";

    private final String noun;
    private final String committed;
    private final String committedWhy;
    private final String committedHint;
    private final String presentHint;

    Placeholder(String noun, String committed, String committedWhy, String committedHint, String presentHint) {
        this.noun = noun;
        this.committed = committed;
        this.committedWhy = committedWhy;
        this.committedHint = committedHint;
        this.presentHint = presentHint;
    }

    /**
     * Tells what {@code start} is the start of.
     *
     * @param start the file's first {@link #BYTES} bytes or more, or all of it where it has fewer
     */
    public static Optional<Placeholder> of(byte[] start) {
        if (startsWith(start, GIT_CRYPT_HEADER)) {
            return Optional.of(GIT_CRYPT);
        }
        if (startsWith(start, ANNEX_PREFIX)) {
            return Optional.of(ANNEX_POINTER);
        }
        return LfsPointer.parse(start).map(pointer -> LFS_POINTER);
    }

    private static boolean startsWith(byte[] content, String prefix) {
        byte[] expected = prefix.getBytes(ISO_8859_1);
        return content.length >= expected.length
                && Arrays.mismatch(content, 0, expected.length, expected, 0, expected.length) < 0;
    }

    /** Returns what a file is, to follow "is". */
    public String noun() {
        return noun;
    }

    /** Returns what is wrong with a file of a commit. */
    public String committed() {
        return committed;
    }

    /** Returns why a file of a commit can't be read. */
    public String committedWhy() {
        return committedWhy;
    }

    /** Returns what to do about a file of a commit. */
    public String committedHint() {
        return committedHint;
    }

    /** Returns what to do about a file of a work tree. */
    public String presentHint() {
        return presentHint;
    }
}
