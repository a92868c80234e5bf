package io.jenkins.plugins.lockstep.jenkins.run;

import io.jenkins.plugins.lockstep.revision.Revision;
import java.util.ArrayList;
import java.util.List;

/** What a run built of one application: flat, because Jenkins stores it. */
public final class BuiltRecord {

    private final String app;
    private final String vcs;
    private final String revision;
    private final List<ImageRecord> images;

    BuiltRecord(String app, String vcs, String revision, List<ImageRecord> images) {
        this.app = app;
        this.vcs = vcs;
        this.revision = revision;
        this.images = new ArrayList<>(images);
    }

    public String getApp() {
        return app;
    }

    /** Returns {@code git} or {@code mercurial}. */
    public String getVcs() {
        return vcs;
    }

    /** Returns the full id. */
    public String getRevision() {
        return revision;
    }

    public String getShortRevision() {
        return Revision.shortId(revision);
    }

    /** Returns the images in the order of the project file. */
    public List<ImageRecord> getImages() {
        return List.copyOf(images);
    }
}
