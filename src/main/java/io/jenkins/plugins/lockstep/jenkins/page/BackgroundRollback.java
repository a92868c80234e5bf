package io.jenkins.plugins.lockstep.jenkins.page;

import hudson.console.AnnotatedLargeText;
import hudson.model.Api;
import hudson.model.Job;
import hudson.model.ModelObject;
import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.delivery.Actor;
import io.jenkins.plugins.lockstep.delivery.DeployResult;
import io.jenkins.plugins.lockstep.history.Release;
import io.jenkins.plugins.lockstep.jenkins.board.Ages;
import io.jenkins.plugins.lockstep.jenkins.config.LockstepPermissions;
import io.jenkins.plugins.lockstep.jenkins.page.RollbackRecord.State;
import io.jenkins.plugins.lockstep.jenkins.run.ControllerOperations;
import io.jenkins.plugins.lockstep.jenkins.run.RolloutArguments;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.kohsuke.stapler.HttpResponse;
import org.kohsuke.stapler.HttpResponses;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;
import org.kohsuke.stapler.verb.POST;

/**
 * A rollback that somebody asked for at the release board, by REST or by the command line: runs beside all requests, has
 * a page with its log, and takes no executor.
 *
 * <p>A restart of the controller ends its thread and nothing else: the record on the disk still says that it runs, and
 * the controller goes on with it ({@link Rollbacks#resume}).
 */
@ExportedBean
public final class BackgroundRollback implements ModelObject {

    private static final Logger LOGGER = Logger.getLogger(BackgroundRollback.class.getName());

    private final Job<?, ?> job;
    private final int number;
    private final Path directory;
    private volatile RollbackRecord record;
    private @Nullable Thread thread;
    private boolean stopped;

    BackgroundRollback(Job<?, ?> job, int number, Path directory, RollbackRecord record) {
        this.job = job;
        this.number = number;
        this.directory = directory;
        this.record = record;
    }

    /** Does the work; returns when it has ended, however that was. */
    void run(boolean resumed) {
        synchronized (this) {
            thread = Thread.currentThread();
            if (stopped) {
                thread.interrupt();
            }
        }
        try (var log = new LogFile(log())) {
            log.step(
                    resumed
                            ? "The controller was restarted: going on"
                            : record.by() + " rolls " + record.app() + " in " + record.environment() + " back to "
                                    + record.to());
            roll(resumed, log);
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, "the log of " + getFullName() + " can't be written", e);
            end(State.FAILED, null, null, "the log can't be written: " + e.getMessage(), null);
        } finally {
            synchronized (this) {
                thread = null;
            }
        }
    }

    private void roll(boolean resumed, LogFile log) {
        try {
            DeployResult result = result(resumed, log);
            String message = result.verdict().message();
            result.failure()
                    .ifPresentOrElse(
                            failure -> log.step("Failed: " + Failures.text(failure)),
                            () -> log.step("Done: " + message));
            end(
                    result.verdict().isGood() ? State.DONE : State.FAILED,
                    result.release().number(),
                    result.verdict().isGood()
                            ? result.release().revision()
                            : result.restored() == null
                                    ? null
                                    : result.restored().revision(),
                    message,
                    result.verdict().hint());
        } catch (InterruptedException stop) {
            log.step("Aborted");
            end(State.ABORTED, null, null, "aborted", null);
        } catch (DeliveryException failure) {
            boolean aborted = failure.problem() == Problem.INTERRUPTED;
            log.step((aborted ? "Aborted: " : "Failed: ") + Failures.text(failure));
            end(aborted ? State.ABORTED : State.FAILED, null, null, failure.what(), failure.hint());
        } catch (RuntimeException | Error mistake) {
            LOGGER.log(Level.WARNING, getFullName(), mistake);
            log.step("This is a defect in Lockstep; the controller's log has its stack trace. Please report it.");
            end(State.FAILED, null, null, "a defect in Lockstep; the controller's log has it", null);
        }
    }

    private DeployResult result(boolean resumed, LogFile log) throws InterruptedException {
        ControllerOperations operations = JobOperations.find(job, record.app());
        var actor = new Actor(record.by(), getFullName());
        if (resumed) {
            Optional<DeployResult> continued =
                    operations.resume(record.environment(), RolloutArguments.DEFAULT, actor, begun(operations), log);
            if (continued.isPresent()) {
                return continued.get();
            }
        }
        return operations.rollback(
                record.environment(),
                record.to(),
                RolloutArguments.DEFAULT,
                actor,
                release -> keep(record.released(release)),
                log);
    }

    /** Returns the number of what it has begun; the ledger knows it even where it could not be written down here. */
    private @Nullable Integer begun(ControllerOperations operations) {
        return record.release() != null
                ? record.release()
                : operations.history(record.environment()).releases().stream()
                        .filter(release -> getFullName().equals(release.build())
                                && !release.at().isBefore(record.begun()))
                        .map(Release::number)
                        .findFirst()
                        .orElse(null);
    }

    private void end(
            State state,
            @Nullable Integer release,
            @Nullable String revision,
            @Nullable String message,
            @Nullable String hint) {
        keep(record.ended(state, release, revision, message, hint, Instant.now()));
    }

    private void keep(RollbackRecord changed) {
        record = changed;
        try {
            changed.write(directory.resolve(Rollbacks.RECORD));
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, getFullName() + " can't be recorded", e);
        }
    }

    /** Stops it; it is recorded as aborted, in the ledger too. */
    synchronized void stop() {
        stopped = true;
        if (thread != null) {
            thread.interrupt();
        }
    }

    /** Serves the <em>Abort</em> button. */
    @POST
    public HttpResponse doAbort() {
        LockstepPermissions.checkRollback(job);
        stop();
        return HttpResponses.redirectTo(".");
    }

    @Override
    public String getDisplayName() {
        return "Rollback #" + number;
    }

    /** Returns what the ledger and the controller's log call it, {@code folder/job rollback #3}. */
    @Exported
    public String getFullName() {
        return job.getFullName() + " rollback #" + number;
    }

    public Job<?, ?> getJob() {
        return job;
    }

    @Exported
    public int getNumber() {
        return number;
    }

    @Exported
    public String getApp() {
        return record.app();
    }

    @Exported
    public String getEnvironment() {
        return record.environment();
    }

    /** Returns what was asked for. */
    @Exported
    public String getTo() {
        return record.to();
    }

    @Exported
    public String getBy() {
        return record.by();
    }

    /** Returns {@code running}, {@code done}, {@code failed} or {@code aborted}. */
    @Exported
    public String getState() {
        return record.state().word();
    }

    public boolean isRunning() {
        return record.state() == State.RUNNING;
    }

    public boolean isAborted() {
        return record.state() == State.ABORTED;
    }

    public boolean isMayAbort() {
        return job.hasPermission(LockstepPermissions.ROLLBACK);
    }

    /** Returns how long ago somebody asked for it. */
    public String getAgo() {
        return Ages.ago(record.begun(), Instant.now());
    }

    public boolean isGood() {
        return record.state() == State.DONE;
    }

    /** Returns the number of the release that it made, null where none was begun. */
    @Exported
    public @Nullable Integer getRelease() {
        return record.release();
    }

    /** Returns the full id of what runs after it, null where that did not change. */
    @Exported
    public @Nullable String getRevision() {
        return record.revision();
    }

    @Exported
    public @Nullable String getMessage() {
        return record.message();
    }

    @Exported
    public @Nullable String getHint() {
        return record.hint();
    }

    @Exported
    public String getBegun() {
        return record.begun().toString();
    }

    @Exported
    public @Nullable String getEnded() {
        return record.ended() == null ? null : record.ended().toString();
    }

    @Exported
    public String getUrl() {
        return job.getUrl() + ReleaseBoardAction.URL + "/" + Rollbacks.URL + "/" + number + "/";
    }

    /** Returns the log for the page that follows it. */
    public AnnotatedLargeText<BackgroundRollback> getLogText() {
        return new AnnotatedLargeText<>(log().toFile(), StandardCharsets.UTF_8, !isRunning(), this);
    }

    /** Writes the whole log, escaped for a page. */
    public void writeLogTo(Writer page) throws IOException {
        getLogText().writeHtmlTo(0, page);
    }

    /** Serves the remote API. */
    public Api getApi() {
        return new Api(this);
    }

    Path log() {
        return directory.resolve("log");
    }
}
