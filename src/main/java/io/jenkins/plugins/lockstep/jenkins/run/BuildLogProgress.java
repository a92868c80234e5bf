package io.jenkins.plugins.lockstep.jenkins.run;

import hudson.model.TaskListener;
import io.jenkins.plugins.lockstep.common.Progress;
import java.io.PrintStream;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Tells the engine's progress in the build log, a line each. */
final class BuildLogProgress implements Progress {

    private final PrintStream log;
    private final Set<String> warnings = ConcurrentHashMap.newKeySet();

    BuildLogProgress(TaskListener listener) {
        this.log = listener.getLogger();
    }

    @Override
    public void step(String message) {
        log.println(message);
    }

    @Override
    public void warn(String message) {
        if (warnings.add(message)) {
            Progress.super.warn(message);
        }
    }
}
