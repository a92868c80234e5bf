package io.jenkins.plugins.lockstep.jenkins.run;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a run knows of a bundle that it keeps, see {@link KeptBundle}: flat, because Jenkins stores it. */
public final class BundleRecord {

    private final String app;
    private final String vcs;
    private final String revision;
    private final @Nullable String purpose;
    private final boolean encrypted;
    private final List<String> environments;
    private final List<String> problems;

    /**
     * @param purpose the key of the one operation that it was made for; null for what was built, which is what the run is about
     * @param encrypted whether the file is encrypted, because an object is a Secret
     * @param environments what it can be deployed to
     * @param problems why other environments are not among them, a sentence each
     */
    BundleRecord(
            String app,
            String vcs,
            String revision,
            @Nullable String purpose,
            boolean encrypted,
            List<String> environments,
            List<String> problems) {
        this.app = app;
        this.vcs = vcs;
        this.revision = revision;
        this.purpose = purpose;
        this.encrypted = encrypted;
        this.environments = new ArrayList<>(environments);
        this.problems = new ArrayList<>(problems);
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

    /** Tells whether the run built or found the revision's images, instead of only deploying them. */
    public boolean isBuilt() {
        return purpose == null;
    }

    boolean isEncrypted() {
        return encrypted;
    }

    /** Returns what it can be deployed to, in the order of the project file. */
    public List<String> getEnvironments() {
        return List.copyOf(environments);
    }

    /** Returns why other environments are not among them, a sentence each. */
    public List<String> getProblems() {
        return List.copyOf(problems);
    }

    /** Returns the file's name in the run's directory of bundles. */
    String fileName() {
        return app + "-" + revision + (purpose == null ? "" : "-" + purpose)
                + (encrypted ? ".bundle.encrypted" : ".bundle");
    }

    boolean isOfTheSame(BundleRecord other) {
        return app.equals(other.app) && revision.equals(other.revision) && Objects.equals(purpose, other.purpose);
    }
}
