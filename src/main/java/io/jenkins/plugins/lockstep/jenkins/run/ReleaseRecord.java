package io.jenkins.plugins.lockstep.jenkins.run;

import io.jenkins.plugins.lockstep.revision.Revision;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a run, or someone at the release board, released or tried to: flat, because Jenkins stores it. Immutable once it
 * is in a {@link LockstepRunAction}; what happens to the release makes another one with the same key.
 */
public final class ReleaseRecord {

    final String key;
    final String operation;
    final String environment;
    final String by;
    final long begunAt;

    @Nullable
    String app;

    @Nullable
    String revision;

    @Nullable
    String cluster;

    @Nullable
    String namespace;

    @Nullable
    Integer number;

    List<ImageRecord> images = new ArrayList<>();

    @Nullable
    String code;

    @Nullable
    String message;

    @Nullable
    String hint;

    boolean good;
    boolean unchanged;

    @Nullable
    Integer rollbackOf;

    @Nullable
    Integer restored;

    @Nullable
    String restoredRevision;

    long endedAt;

    /** The bundle that it began with, and the run that keeps it: with it the release goes on after a restart of the controller. */
    @Nullable
    String bundleApp;

    @Nullable
    String bundleRevision;

    @Nullable
    String bundleFile;

    @Nullable
    String bundleRun;

    /**
     * Makes what is known before the operation begins.
     *
     * @param key unique in the run
     * @param operation {@code deploy}, {@code release} or {@code rollback}
     * @param begunAt milliseconds since 1970
     */
    ReleaseRecord(String key, String operation, String environment, String by, long begunAt) {
        this.key = key;
        this.operation = operation;
        this.environment = environment;
        this.by = by;
        this.begunAt = begunAt;
    }

    ReleaseRecord copy() {
        var copy = new ReleaseRecord(key, operation, environment, by, begunAt);
        copy.app = app;
        copy.revision = revision;
        copy.cluster = cluster;
        copy.namespace = namespace;
        copy.number = number;
        copy.images = new ArrayList<>(images);
        copy.code = code;
        copy.message = message;
        copy.hint = hint;
        copy.good = good;
        copy.unchanged = unchanged;
        copy.rollbackOf = rollbackOf;
        copy.restored = restored;
        copy.restoredRevision = restoredRevision;
        copy.endedAt = endedAt;
        copy.bundleApp = bundleApp;
        copy.bundleRevision = bundleRevision;
        copy.bundleFile = bundleFile;
        copy.bundleRun = bundleRun;
        return copy;
    }

    /** Returns {@code deploy}, {@code release} or {@code rollback}. */
    public String getOperation() {
        return operation;
    }

    public String getEnvironment() {
        return environment;
    }

    /** Returns who released, as the ledger tells it. */
    public String getBy() {
        return by;
    }

    /** Returns when it began, in milliseconds since 1970. */
    public long getBegunAt() {
        return begunAt;
    }

    /** Returns when it ended, in milliseconds since 1970; 0 while it runs. */
    public long getEndedAt() {
        return endedAt;
    }

    public boolean isRunning() {
        return endedAt == 0;
    }

    /** Returns the application, null until it is known. */
    public @Nullable String getApp() {
        return app;
    }

    /** Returns the full id, null until it is known. */
    public @Nullable String getRevision() {
        return revision;
    }

    public @Nullable String getShortRevision() {
        return revision == null ? null : Revision.shortId(revision);
    }

    /** Returns the configured cluster's name, null for the default one and where none is configured. */
    public @Nullable String getCluster() {
        return cluster;
    }

    /** Returns the namespace where the step names one, else null. */
    public @Nullable String getNamespace() {
        return namespace;
    }

    /** Returns the release's number, null where none was begun: it was refused, or has not come so far. */
    public @Nullable Integer getNumber() {
        return number;
    }

    public List<ImageRecord> getImages() {
        return List.copyOf(images);
    }

    /**
     * Returns the code of the verdict, for example {@code running} or {@code crash-loop}, or of the problem where no release
     * was begun, for example {@code held}; null while it runs.
     */
    public @Nullable String getCode() {
        return code;
    }

    /** Returns the verdict or the problem as a sentence, null while it runs. */
    public @Nullable String getMessage() {
        return message;
    }

    public @Nullable String getHint() {
        return hint;
    }

    /** Tells whether the environment is now as it was asked for. */
    public boolean isGood() {
        return good;
    }

    /** Tells whether the environment was so already, so that no release was made; the number is the current one's. */
    public boolean isUnchanged() {
        return unchanged;
    }

    /** Returns the number of the release that a rollback brought back, null where it is none. */
    public @Nullable Integer getRollbackOf() {
        return rollbackOf;
    }

    /** Returns the number of the good release that was restored when this one failed, null where none was. */
    public @Nullable Integer getRestored() {
        return restored;
    }

    public @Nullable String getRestoredRevision() {
        return restoredRevision;
    }
}
