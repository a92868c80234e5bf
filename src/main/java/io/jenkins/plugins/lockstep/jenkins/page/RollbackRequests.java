package io.jenkins.plugins.lockstep.jenkins.page;

import hudson.model.Job;
import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.common.document.NearestWord;
import io.jenkins.plugins.lockstep.history.RollbackTarget;
import io.jenkins.plugins.lockstep.jenkins.board.RecordedProject;
import io.jenkins.plugins.lockstep.jenkins.config.Requester;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What somebody asks for at the board, by REST or by the command line, checked as far as records tell. */
final class RollbackRequests {

    private RollbackRequests() {}

    /**
     * What became of a request.
     *
     * @param url of the page that tells how it goes on, below the controller's root
     * @param rollback the background task, null where a job does it
     */
    record Accepted(String url, @Nullable BackgroundRollback rollback) {}

    /**
     * Begins a rollback for the current user, whose permission has been checked.
     *
     * @param app null for the only one
     * @param to null for {@code previous}
     * @throws DeliveryException {@link Problem#BAD_USAGE} where there is no such application or environment, where
     *     {@code to} is nothing to go back to, and where a rollback of the environment is under way
     */
    static Accepted submit(Job<?, ?> job, @Nullable String app, @Nullable String environment, @Nullable String to)
            throws IOException {
        RecordedProject project = project(job, app);
        String name = environment == null ? "" : environment;
        if (project.stage(name).isEmpty()) {
            throw DeliveryException.of(Problem.BAD_USAGE, project.app() + " has no environment named '" + name + "'")
                    .hint(NearestWord.hint(
                            name,
                            project.environments().stream()
                                    .map(RecordedProject.Stage::name)
                                    .toList()));
        }
        String target = RollbackTarget.parse(to == null ? "previous" : to).toString();
        RollbackJob named = RollbackJob.of(job);
        if (named != null) {
            return new Accepted(named.schedule(job, project.app(), name, target), null);
        }
        String user = Requester.current().by();
        synchronized (RollbackThreads.get()) {
            var rollbacks = new Rollbacks(job);
            BackgroundRollback running = rollbacks.running(project.app(), name);
            if (running != null) {
                throw DeliveryException.of(Problem.BAD_USAGE, name + " is being rolled back already")
                        .where(running.getFullName())
                        .hint("wait for it, or abort it");
            }
            BackgroundRollback begun = rollbacks.begin(project.app(), name, target, user);
            return new Accepted(begun.getUrl(), begun);
        }
    }

    private static RecordedProject project(Job<?, ?> job, @Nullable String app) {
        List<String> apps = Boards.apps(job);
        if (apps.isEmpty()) {
            throw DeliveryException.of(
                            Problem.BAD_USAGE, "no build of " + job.getFullName() + " keeps anything to roll back with")
                    .hint("run lockstepBuild or lockstepDeploy in a build of the job first");
        }
        if (app == null && apps.size() > 1) {
            throw DeliveryException.of(Problem.BAD_USAGE, job.getFullName() + " has several applications")
                    .hint("name one of them: " + String.join(", ", apps));
        }
        String name = app == null ? apps.get(0) : app;
        RecordedProject project = apps.contains(name) ? Boards.store(job, name).project() : null;
        if (project == null) {
            throw DeliveryException.of(
                            Problem.BAD_USAGE, job.getFullName() + " has no application named '" + name + "'")
                    .hint(NearestWord.hint(name, apps));
        }
        return project;
    }
}
