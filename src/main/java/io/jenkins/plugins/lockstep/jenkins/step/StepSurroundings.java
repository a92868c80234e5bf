package io.jenkins.plugins.lockstep.jenkins.step;

import hudson.EnvVars;
import hudson.FilePath;
import hudson.model.Run;
import hudson.model.TaskListener;
import io.jenkins.plugins.lockstep.jenkins.run.Surroundings;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jspecify.annotations.Nullable;

/**
 * What a step has around it.
 *
 * @param resuming whether the controller was restarted, so that an agent may still be on its way back
 */
record StepSurroundings(
        StepContext context, Run<?, ?> run, TaskListener listener, EnvVars environment, boolean resuming)
        implements Surroundings {

    /** How long an agent may take to come back; the same as Pipeline's {@code node} gives it. */
    private static final Duration RETURN = Duration.ofMinutes(5);

    @Override
    public @Nullable FilePath workspace() throws IOException, InterruptedException {
        Instant until = Instant.now().plus(RETURN);
        while (true) {
            try {
                return context.get(FilePath.class);
            } catch (IOException away) {
                if (!resuming || Instant.now().isAfter(until)) {
                    throw away;
                }
                TimeUnit.SECONDS.sleep(2);
            }
        }
    }
}
