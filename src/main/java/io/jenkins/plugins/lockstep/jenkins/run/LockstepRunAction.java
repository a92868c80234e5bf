package io.jenkins.plugins.lockstep.jenkins.run;

import hudson.model.Run;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import jenkins.model.RunAction2;
import org.jspecify.annotations.Nullable;

/**
 * What a run built and released; one for each run that did either. Everything in it is flat, because Jenkins stores it
 * with the run.
 *
 * <p>Thread-safe: branches of a Pipeline release side by side. A list is replaced whenever something is added, so that the
 * run can be stored meanwhile.
 */
public final class LockstepRunAction implements RunAction2 {

    private transient @Nullable Run<?, ?> run;
    private volatile List<BuiltRecord> built = new ArrayList<>();
    private volatile List<BundleRecord> bundles = new ArrayList<>();
    private volatile List<ReleaseRecord> releases = new ArrayList<>();

    LockstepRunAction() {}

    /** Returns the run's action, or empty where it neither built nor released anything. */
    public static Optional<LockstepRunAction> find(Run<?, ?> run) {
        return Optional.ofNullable(run.getAction(LockstepRunAction.class));
    }

    /** Returns the run's action, a new one where it has none. */
    static LockstepRunAction of(Run<?, ?> run) {
        // Saving a run locks it, too; adding an action does not.
        synchronized (run) {
            LockstepRunAction found = run.getAction(LockstepRunAction.class);
            if (found == null) {
                found = new LockstepRunAction();
                found.run = run;
                run.addAction(found);
            }
            return found;
        }
    }

    @Override
    public void onAttached(Run<?, ?> attachedTo) {
        this.run = attachedTo;
    }

    @Override
    public void onLoad(Run<?, ?> loadedWith) {
        this.run = loadedWith;
    }

    public @Nullable Run<?, ?> getRun() {
        return run;
    }

    /** Returns what was built, each application's revision once, in the order in which it was. */
    public List<BuiltRecord> getBuilt() {
        return List.copyOf(built);
    }

    /** Returns what is known of the bundles that the run keeps, in the order in which they were made. */
    public List<BundleRecord> getBundles() {
        return List.copyOf(bundles);
    }

    /** Returns what was released or refused or is under way, in the order in which it began. */
    public List<ReleaseRecord> getReleases() {
        return List.copyOf(releases);
    }

    /** Remembers what was built. */
    void add(BuiltRecord record) throws IOException {
        synchronized (this) {
            var all = new ArrayList<>(built);
            all.removeIf(one ->
                    one.getApp().equals(record.getApp()) && one.getRevision().equals(record.getRevision()));
            all.add(record);
            built = all;
        }
        save();
    }

    /** Remembers a bundle; it takes the place of one of the same application and revision. */
    void add(BundleRecord record) throws IOException {
        synchronized (this) {
            var all = new ArrayList<>(bundles);
            all.removeIf(record::isOfTheSame);
            all.add(record);
            bundles = all;
        }
        save();
    }

    /** Remembers a release that begins, or begins again after a restart of the controller. */
    void begin(ReleaseRecord record) throws IOException {
        synchronized (this) {
            var all = new ArrayList<>(releases);
            if (all.stream().noneMatch(one -> one.key.equals(record.key))) {
                all.add(record);
            }
            releases = all;
        }
        save();
    }

    /** Remembers what happened to a release. */
    void change(String key, Consumer<ReleaseRecord> change) throws IOException {
        synchronized (this) {
            var all = new ArrayList<>(releases);
            all.replaceAll(one -> {
                if (!one.key.equals(key)) {
                    return one;
                }
                ReleaseRecord copy = one.copy();
                change.accept(copy);
                return copy;
            });
            releases = all;
        }
        save();
    }

    private void save() throws IOException {
        Run<?, ?> mine = run;
        if (mine != null) {
            mine.save();
        }
    }

    @Override
    public @Nullable String getIconFileName() {
        return null;
    }

    @Override
    public @Nullable String getDisplayName() {
        return null;
    }

    @Override
    public @Nullable String getUrlName() {
        return null;
    }
}
