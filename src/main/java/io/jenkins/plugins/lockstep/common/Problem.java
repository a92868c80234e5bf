package io.jenkins.plugins.lockstep.common;

/**
 * Kinds of failure, each with the exit code that the command line ends with (design, section 3).
 *
 * <p>The name, in lower case with dashes, is the {@code code} of the JSON error document.
 */
public enum Problem {
    /** A mistake in Lockstep itself. */
    DEFECT(1),
    /** The command, step or option was used wrongly. */
    BAD_USAGE(2),
    /** A file, a repository or a revision that can't be used as it is. */
    BAD_INPUT(2),
    /** Tracked files differ from the commit that would be shipped. */
    UNCOMMITTED_CHANGES(3),
    /** The revision's tag exists and holds something else. */
    TAG_HELD(3),
    /** A field of an object belongs to another field manager. */
    FIELD_CONFLICT(3),
    /** What a saved plan covers has changed since it was made. */
    PLAN_OUTDATED(3),
    /** Someone else is releasing to this environment. */
    LOCKED(3),
    /** The revision is older than what runs. */
    OLDER_REVISION(3),
    /** The revision has parted from what runs: commits that run would be lost. */
    DIVERGED_REVISION(3),
    /** The repository, or a saved plan, can't tell how the revision relates to what runs. */
    HISTORY_UNKNOWN(3),
    /** The environment, or this revision in it, is held. */
    HELD(3),
    /** The revision has not run well in the environment that comes first, or that can't be asked. */
    GATE_CLOSED(3),
    /** A newer revision was released while this one waited for its turn. */
    SUPERSEDED(3),
    /** The registry can't be reached or answered with a failure. */
    REGISTRY_UNAVAILABLE(4),
    /** The registry refused the credentials, or wants some. */
    REGISTRY_UNAUTHORIZED(4),
    /** No image for this revision, or the recorded image is gone. */
    IMAGE_MISSING(4),
    /** The API server can't be reached or answered with a failure. */
    CLUSTER_UNAVAILABLE(5),
    /** The API server refused who asked. */
    CLUSTER_FORBIDDEN(5),
    /** The API server refused what was asked: an invalid object, a kind that it does not serve, a missing namespace. */
    CLUSTER_REJECTED(5),
    /** The rollout failed; the environment is as before, or as the report says. */
    ROLLOUT_FAILED(6),
    /** The rollout failed and the way back failed too: someone must look. */
    RESTORE_FAILED(7),
    /** The question was answered with no. */
    ANSWER_NO(8),
    /** Stopped by a person, a signal or an abort. */
    INTERRUPTED(130);

    private final int exitCode;

    Problem(int exitCode) {
        this.exitCode = exitCode;
    }

    /** Returns the process exit code of the contract, 1 to 130. */
    public int exitCode() {
        return exitCode;
    }

    /** Returns the stable word for machines, for example {@code uncommitted-changes}. */
    public String code() {
        return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    }
}
