package io.jenkins.plugins.lockstep.jenkins.run;

import hudson.model.TaskListener;
import io.jenkins.plugins.lockstep.common.Progress;
import java.io.PrintStream;

/** Tells the engine's progress in the build log, a line each. */
final class BuildLogProgress implements Progress {

    private final PrintStream log;

    BuildLogProgress(TaskListener listener) {
        this.log = listener.getLogger();
    }

    @Override
    public void step(String message) {
        log.println(message);
    }
}
