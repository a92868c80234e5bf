package io.jenkins.plugins.lockstep.jenkins.page;

import hudson.Extension;
import hudson.XmlFile;
import hudson.model.Job;
import hudson.model.Run;
import hudson.model.Saveable;
import hudson.model.listeners.SaveableListener;
import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.delivery.BundleSummary;
import io.jenkins.plugins.lockstep.jenkins.board.Commit;
import io.jenkins.plugins.lockstep.jenkins.board.CommitLog;
import io.jenkins.plugins.lockstep.jenkins.board.RecordedProject;
import io.jenkins.plugins.lockstep.jenkins.run.KeptBundle;
import io.jenkins.plugins.lockstep.jenkins.run.LockstepRunAction;
import java.io.IOException;
import java.time.Instant;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.ExecutorService;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.YesNoMaybe;
import org.jspecify.annotations.Nullable;

/**
 * Hears that a run has built or released something: Jenkins then stores the run with its {@link LockstepRunAction}. The
 * board learns what the bundle says of the project, and looks at the environments again.
 */
@Extension(dynamicLoadable = YesNoMaybe.YES)
public final class RunRecordListener extends SaveableListener {

    private static final Logger LOGGER = Logger.getLogger(RunRecordListener.class.getName());

    private final ExecutorService pool = Background.pool("Lockstep: what builds made", 1);

    /** What was heard of already; a run is stored much more often than it has something new. */
    private final Map<LockstepRunAction, Seen> seen = Collections.synchronizedMap(new WeakHashMap<>());

    private record Seen(int bundles, long ended) {

        static Seen of(LockstepRunAction action) {
            return new Seen(
                    action.getBundles().size(),
                    action.getReleases().stream()
                            .filter(release -> !release.isRunning())
                            .count());
        }
    }

    @Override
    public void onChange(Saveable stored, @Nullable XmlFile file) {
        if (stored instanceof Run<?, ?> run) {
            LockstepRunAction.find(run).ifPresent(action -> heard(run, action));
        }
    }

    private void heard(Run<?, ?> run, LockstepRunAction action) {
        Seen now = Seen.of(action);
        Seen before = seen.put(action, now);
        if (!now.equals(before)) {
            pool.execute(() -> learn(run, before == null || before.bundles() != now.bundles()));
        }
    }

    private static void learn(Run<?, ?> run, boolean built) {
        Job<?, ?> job = run.getParent();
        if (built) {
            var apps = new HashSet<String>();
            // The newest of each application comes first.
            for (KeptBundle bundle : KeptBundle.of(run)) {
                if (apps.add(bundle.app())) {
                    keep(job, run, bundle);
                }
            }
        }
        if (Boards.get().has(job)) {
            BoardRefresh.get().now(job);
        }
    }

    private static void keep(Job<?, ?> job, Run<?, ?> run, KeptBundle bundle) {
        try {
            Boards.checkName(bundle.app());
            RecordedProject recorded = Boards.store(job, bundle.app()).project();
            if (recorded == null || number(recorded.build()) <= run.getNumber()) {
                Boards.get().keep(job, project(run, BundleSummary.of(bundle)));
            }
        } catch (DeliveryException | IOException e) {
            LOGGER.log(Level.WARNING, "the release board can't read " + bundle.place(), e);
        }
    }

    private static int number(String build) {
        try {
            return Integer.parseInt(build.substring(build.lastIndexOf('#') + 1));
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    private static RecordedProject project(Run<?, ?> run, BundleSummary summary) {
        List<Commit> commits = summary.commits().commits().stream()
                .map(commit ->
                        new Commit(commit.id(), commit.parents(), commit.author(), commit.at(), commit.subject()))
                .toList();
        return new RecordedProject(
                summary.app(),
                summary.revision(),
                run.getExternalizableId(),
                Instant.now(),
                summary.environments().stream()
                        .map(name ->
                                new RecordedProject.Stage(name, summary.after().get(name)))
                        .toList(),
                new CommitLog(commits));
    }
}
