package io.jenkins.plugins.lockstep.jenkins.page;

import hudson.Extension;
import hudson.ExtensionList;
import hudson.model.AsyncPeriodicWork;
import hudson.model.Job;
import hudson.model.TaskListener;
import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.delivery.HistoryResult;
import io.jenkins.plugins.lockstep.delivery.StatusResult.EnvironmentStatus;
import io.jenkins.plugins.lockstep.jenkins.board.BoardStore;
import io.jenkins.plugins.lockstep.jenkins.board.RecordedEnvironment;
import io.jenkins.plugins.lockstep.jenkins.board.RecordedProject;
import io.jenkins.plugins.lockstep.jenkins.board.RefreshSchedule;
import io.jenkins.plugins.lockstep.jenkins.run.ControllerOperations;
import java.io.IOException;
import java.time.Instant;
import java.util.concurrent.ExecutorService;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.YesNoMaybe;
import jenkins.model.Jenkins;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the environments again, beside the requests: those of jobs whose board somebody saw lately, each minute, and
 * those that were just released to. Never more than {@value #MOST} looks at a time, one for each job.
 */
@Extension(dynamicLoadable = YesNoMaybe.YES)
public final class BoardRefresh extends AsyncPeriodicWork {

    private static final Logger LOGGER = Logger.getLogger(BoardRefresh.class.getName());
    private static final int MOST = 4;

    /** How many releases are asked whether they can be rolled back to. */
    private static final int MOST_TARGETS = 10;

    private final RefreshSchedule schedule = new RefreshSchedule();
    private final ExecutorService pool = Background.pool("Lockstep: release boards", MOST);

    public BoardRefresh() {
        super("Lockstep: release boards");
    }

    static BoardRefresh get() {
        return ExtensionList.lookupSingleton(BoardRefresh.class);
    }

    @Override
    public long getRecurrencePeriod() {
        return MIN;
    }

    @Override
    protected Level getNormalLoggingLevel() {
        return Level.FINE;
    }

    @Override
    protected void execute(TaskListener listener) {
        for (String name : schedule.due(Instant.now())) {
            Job<?, ?> job = Jenkins.get().getItemByFullName(name, Job.class);
            if (job != null) {
                begin(job);
            }
        }
    }

    /** Notes that somebody sees the board of a job; looks again where what is recorded is old. */
    void seen(Job<?, ?> job, @Nullable Instant lookedAt) {
        Instant now = Instant.now();
        schedule.seen(job.getFullName(), lookedAt, now);
        if (schedule.isDue(job.getFullName(), now)) {
            begin(job);
        }
    }

    /** Looks at a job's environments now, or once more where that is under way: they have changed, or somebody asks. */
    void now(Job<?, ?> job) {
        if (!schedule.again(job.getFullName())) {
            begin(job);
        }
    }

    boolean isLooking(Job<?, ?> job) {
        return schedule.isLooking(job.getFullName());
    }

    private void begin(Job<?, ?> job) {
        String name = job.getFullName();
        if (schedule.begin(name)) {
            pool.execute(() -> {
                boolean good = false;
                try {
                    good = look(job);
                } finally {
                    if (schedule.end(name, good, Instant.now())) {
                        begin(job);
                    }
                }
            });
        }
    }

    private static boolean look(Job<?, ?> job) {
        boolean good = true;
        for (String app : Boards.apps(job)) {
            BoardStore store = Boards.store(job, app);
            RecordedProject project = store.project();
            if (project != null) {
                for (RecordedProject.Stage stage : project.environments()) {
                    good &= look(job, store, app, stage.name());
                }
            }
        }
        return good;
    }

    private static boolean look(Job<?, ?> job, BoardStore store, String app, String environment) {
        Instant now = Instant.now();
        try {
            store.keep(look(JobOperations.find(job, app), environment, now));
            return true;
        } catch (DeliveryException failure) {
            if (failure.problem() == Problem.DEFECT) {
                LOGGER.log(Level.WARNING, "could not look at " + environment + " of " + job.getFullName(), failure);
            }
            keepFailure(job, store, environment, now, Failures.text(failure));
        } catch (IOException failure) {
            LOGGER.log(Level.WARNING, "could not record " + environment + " of " + job.getFullName(), failure);
        } catch (RuntimeException mistake) {
            LOGGER.log(Level.WARNING, "could not look at " + environment + " of " + job.getFullName(), mistake);
            keepFailure(job, store, environment, now, "a defect in Lockstep; the controller's log has it");
        }
        return false;
    }

    private static RecordedEnvironment look(ControllerOperations operations, String environment, Instant now) {
        EnvironmentStatus status = operations.status(environment).environments().stream()
                .filter(found -> found.environment().equals(environment))
                .findFirst()
                .orElseThrow();
        if (status.failure() != null && !status.isReached()) {
            throw status.failure();
        }
        HistoryResult history = operations.history(environment, RecordedEnvironment.MOST_RELEASES);
        return RecordedEnvironment.of(status, history, operations.readiness(environment, MOST_TARGETS), now);
    }

    private static void keepFailure(Job<?, ?> job, BoardStore store, String environment, Instant now, String message) {
        try {
            RecordedEnvironment before = store.environment(environment);
            store.keep((before == null ? RecordedEnvironment.unseen(environment) : before).failed(now, message));
        } catch (IOException failure) {
            LOGGER.log(Level.WARNING, "could not record " + environment + " of " + job.getFullName(), failure);
        }
    }
}
