package io.jenkins.plugins.lockstep.jenkins.run;

import hudson.EnvVars;
import hudson.FilePath;
import hudson.model.Run;
import hudson.model.TaskListener;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** What a build has around an operation. */
public interface Surroundings {

    Run<?, ?> run();

    TaskListener listener();

    EnvVars environment();

    /**
     * Returns the workspace, null outside of any.
     *
     * @throws IOException where its agent is gone
     */
    @Nullable
    FilePath workspace() throws IOException, InterruptedException;
}
