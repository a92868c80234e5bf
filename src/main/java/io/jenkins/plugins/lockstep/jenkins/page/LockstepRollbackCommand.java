package io.jenkins.plugins.lockstep.jenkins.page;

import hudson.AbortException;
import hudson.Extension;
import hudson.cli.CLICommand;
import hudson.model.Job;
import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.jenkins.config.LockstepPermissions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.util.concurrent.TimeUnit;
import jenkins.YesNoMaybe;
import jenkins.model.Jenkins;
import org.jspecify.annotations.Nullable;
import org.kohsuke.args4j.Argument;
import org.kohsuke.args4j.Option;

/**
 * {@code lockstep-rollback JOB ENVIRONMENT [--app NAME] [--to TARGET] [--no-wait]}: begins the same background task as the
 * button and follows its log. Whoever stops the command leaves the task alone.
 */
@Extension(dynamicLoadable = YesNoMaybe.YES)
public final class LockstepRollbackCommand extends CLICommand {

    private static final long PAUSE_MILLIS = 250;

    @Argument(index = 0, metaVar = "JOB", required = true, usage = "the job whose builds deploy")
    public @Nullable Job<?, ?> job;

    @Argument(
            index = 1,
            metaVar = "ENVIRONMENT",
            required = true,
            usage = "the environment, as the project file names it")
    public @Nullable String environment;

    @Option(name = "--app", metaVar = "NAME", usage = "the application, where the job has several")
    public @Nullable String app;

    @Option(name = "--to", metaVar = "TARGET", usage = "previous (the default), #N for a release, or a revision")
    public @Nullable String to;

    @Option(name = "--no-wait", usage = "print where the rollback can be followed, and go")
    public boolean noWait;

    @Override
    public String getShortDescription() {
        return "Rolls an environment of a job back to an earlier release with Lockstep.";
    }

    @Override
    protected int run() throws IOException, InterruptedException {
        Job<?, ?> asked = job;
        if (asked == null) {
            throw new IllegalArgumentException("no job is named");
        }
        LockstepPermissions.checkRollback(asked);
        try {
            RollbackRequests.Accepted accepted = RollbackRequests.submit(asked, app, environment, to);
            String root = Jenkins.get().getRootUrl();
            stdout.println((root == null ? "" : root) + accepted.url());
            return noWait || accepted.rollback() == null ? 0 : follow(accepted.rollback());
        } catch (DeliveryException refused) {
            throw new AbortException(Failures.text(refused));
        }
    }

    private int follow(BackgroundRollback rollback) throws IOException, InterruptedException {
        long shown = 0;
        boolean running = true;
        while (running) {
            running = rollback.isRunning();
            shown = print(rollback, shown);
            if (running) {
                TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
            }
        }
        return rollback.isGood() ? 0 : 1;
    }

    private long print(BackgroundRollback rollback, long from) throws IOException {
        try (InputStream log = Files.newInputStream(rollback.log())) {
            log.skipNBytes(from);
            return from + log.transferTo(stdout);
        } catch (NoSuchFileException e) {
            // It still waits for a thread.
            return from;
        } finally {
            stdout.flush();
        }
    }
}
