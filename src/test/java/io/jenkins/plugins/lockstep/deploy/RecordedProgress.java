package io.jenkins.plugins.lockstep.deploy;

import io.jenkins.plugins.lockstep.common.Progress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Remembers what was told. */
final class RecordedProgress implements Progress {

    private final List<String> steps = new CopyOnWriteArrayList<>();

    @Override
    public void step(String message) {
        steps.add(message);
    }

    List<String> steps() {
        return steps;
    }
}
