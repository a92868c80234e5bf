package io.jenkins.plugins.lockstep.jenkins.page;

import hudson.Util;
import hudson.model.Action;
import hudson.model.Api;
import hudson.model.Failure;
import hudson.model.Job;
import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.jenkins.board.Board;
import io.jenkins.plugins.lockstep.jenkins.config.LockstepPermissions;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.kohsuke.stapler.Header;
import org.kohsuke.stapler.HttpResponse;
import org.kohsuke.stapler.HttpResponses;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;
import org.kohsuke.stapler.verb.POST;

/**
 * The release board of a job, {@code job/NAME/lockstep/}: what runs in each environment as it was last recorded, what was
 * released before, and the way back. Who may read the job may see it.
 */
@ExportedBean
public final class ReleaseBoardAction implements Action {

    static final String URL = "lockstep";

    private static final Pattern BUILD = Pattern.compile("(.+)#([1-9][0-9]*)");

    private final Job<?, ?> job;

    ReleaseBoardAction(Job<?, ?> job) {
        this.job = job;
    }

    @Override
    public String getIconFileName() {
        return "symbol-paper-plane-outline";
    }

    @Override
    public String getDisplayName() {
        return "Release board";
    }

    @Override
    public String getUrlName() {
        return URL;
    }

    public Job<?, ?> getJob() {
        return job;
    }

    /** Returns the boards, one for each application, and sees to it that they are fresh when somebody looks again. */
    @Exported
    public List<Board> getBoards() {
        List<Board> boards = Boards.of(job, Instant.now());
        if (!boards.isEmpty()) {
            BoardRefresh.get()
                    .seen(
                            job,
                            boards.stream()
                                    .map(Board::oldestLook)
                                    .min(Instant::compareTo)
                                    .orElse(Instant.EPOCH));
        }
        return boards;
    }

    /** Tells whether somebody looks at the environments at this moment. */
    @Exported
    public boolean isRefreshing() {
        return BoardRefresh.get().isLooking(job);
    }

    public boolean isMayRollback() {
        return job.hasPermission(LockstepPermissions.ROLLBACK);
    }

    /** Returns the name of the job that rolls back for this one, null where the controller does it itself. */
    public @Nullable String getRollbackJob() {
        RollbackJob named = RollbackJob.of(job);
        return named == null ? null : named.name();
    }

    public boolean isMayRefresh() {
        return job.hasPermission(LockstepPermissions.DEPLOY);
    }

    /** Returns what {@code app/NAME} names, null for nothing. */
    public @Nullable BoardPage getApp(String name) {
        return getBoards().stream()
                .filter(board -> board.getApp().equals(name))
                .map(board -> new BoardPage(this, board))
                .findFirst()
                .orElse(null);
    }

    /** Returns what {@code rollbacks} names. */
    public Rollbacks getRollbacks() {
        return new Rollbacks(job);
    }

    /** Returns the address of a build of this job below the controller's root, null where it is another's or no build. */
    public @Nullable String buildUrl(@Nullable String build) {
        Matcher named = BUILD.matcher(build == null ? "" : build);
        if (!named.matches()) {
            return null;
        }
        if (named.group(1).equals(job.getFullName())) {
            return job.getUrl() + named.group(2) + "/";
        }
        return named.group(1).equals(job.getFullName() + " rollback ")
                ? job.getUrl() + URL + "/" + Rollbacks.URL + "/" + named.group(2) + "/"
                : null;
    }

    /** Serves the <em>Refresh</em> button: looks now, however fresh the record is. */
    @POST
    public HttpResponse doRefresh() {
        LockstepPermissions.checkDeploy(job);
        BoardRefresh.get().now(job);
        return HttpResponses.redirectTo(".");
    }

    /**
     * Begins a rollback beside the request.
     *
     * @param app the application; may be left out where the job has one alone
     * @param environment of the application
     * @param to {@code previous} (the default), {@code #N} or a revision
     * @param accept {@code application/json} leads to the rollback's JSON instead of its page
     */
    @POST
    public HttpResponse doRollback(
            @QueryParameter @Nullable String app,
            @QueryParameter @Nullable String environment,
            @QueryParameter @Nullable String to,
            @Header("Accept") @Nullable String accept)
            throws IOException {
        LockstepPermissions.checkRollback(job);
        try {
            RollbackRequests.Accepted accepted = RollbackRequests.submit(
                    job, Util.fixEmptyAndTrim(app), Util.fixEmptyAndTrim(environment), Util.fixEmptyAndTrim(to));
            boolean json = accept != null && accept.contains("application/json");
            return HttpResponses.redirectViaContextPath(accepted.url() + (json ? "api/json" : ""));
        } catch (DeliveryException refused) {
            throw new Failure(Failures.text(refused));
        }
    }

    /** Serves the remote API. */
    public Api getApi() {
        return new Api(this);
    }
}
