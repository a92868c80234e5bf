package io.jenkins.plugins.lockstep.jenkins.board;

import io.jenkins.plugins.lockstep.revision.Revision;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;

/** A release as a reader sees it now. */
@ExportedBean(defaultVisibility = 999)
public final class BoardRelease {

    private final RecordedRelease recorded;
    private final boolean current;
    private final CommitLog log;
    private final Instant now;

    BoardRelease(RecordedRelease recorded, boolean current, CommitLog log, Instant now) {
        this.recorded = recorded;
        this.current = current;
        this.log = log;
        this.now = now;
    }

    @Exported
    public int getNumber() {
        return recorded.number();
    }

    /** Returns the full id. */
    @Exported
    public String getRevision() {
        return recorded.revision();
    }

    public String getShortRevision() {
        return Revision.shortId(recorded.revision());
    }

    /** Returns the first line of the commit's message, null where it is not known. */
    @Exported
    public @Nullable String getSubject() {
        Commit commit = log.find(recorded.revision());
        return commit == null ? null : commit.subject();
    }

    /** Returns repository, tag and digest of the first image, null where there is none. */
    @Exported
    public @Nullable String getImage() {
        return recorded.image();
    }

    /** Returns the image in pieces that a page may put on lines of their own: what is before the digest, and the digest. */
    public List<String> getImageParts() {
        String image = recorded.image();
        if (image == null) {
            return List.of();
        }
        int at = image.indexOf('@');
        return at < 0 ? List.of(image) : List.of(image.substring(0, at), image.substring(at));
    }

    /** Returns when it began, for machines. */
    @Exported
    public String getAt() {
        return recorded.at().toString();
    }

    /** Returns how long ago it began. */
    public String getAgo() {
        return Ages.ago(recorded.at(), now);
    }

    @Exported
    public String getBy() {
        return recorded.by();
    }

    /** Returns the stable id of the build that released, null outside of a build. */
    @Exported
    public @Nullable String getBuild() {
        return recorded.build();
    }

    /** Tells whether it is what runs. */
    @Exported
    public boolean isCurrent() {
        return current;
    }

    @Exported
    public boolean isGood() {
        return recorded.isGood();
    }

    public boolean isRunning() {
        return recorded.verdict() == null;
    }

    /** Returns the word of the verdict, null while it runs. */
    @Exported
    public @Nullable String getVerdict() {
        return recorded.verdict();
    }

    @Exported
    public @Nullable String getMessage() {
        return recorded.message();
    }

    @Exported
    public @Nullable String getHint() {
        return recorded.hint();
    }

    @Exported
    public @Nullable Integer getRollbackOf() {
        return recorded.rollbackOf();
    }

    @Exported
    public @Nullable Integer getRestored() {
        return recorded.restored();
    }

    /** Tells whether it can be rolled back to: null where it can't or where that was not looked at. */
    @Exported
    public @Nullable Boolean getReady() {
        if (recorded.readiness() == null) {
            return null;
        }
        return recorded.readiness().reasons().isEmpty();
    }

    /** Tells whether a rollback to it may be offered. */
    public boolean isTarget() {
        return Boolean.TRUE.equals(getReady());
    }

    /** Returns what a rollback to it would lack. */
    @Exported
    public List<String> getReasons() {
        return recorded.readiness() == null ? List.of() : recorded.readiness().reasons();
    }

    /** Returns what a rollback to it would do besides. */
    public List<String> getNotes() {
        return recorded.readiness() == null ? List.of() : recorded.readiness().notes();
    }
}
