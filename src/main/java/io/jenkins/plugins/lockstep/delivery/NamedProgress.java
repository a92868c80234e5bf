package io.jenkins.plugins.lockstep.delivery;

import io.jenkins.plugins.lockstep.common.Progress;

/** Puts a project's name in front of each line, so that projects that run side by side can be told apart. */
final class NamedProgress implements Progress {

    private final String prefix;
    private final Progress shared;

    NamedProgress(String name, Progress shared) {
        this.prefix = "[" + name + "] ";
        this.shared = shared;
    }

    @Override
    public void step(String message) {
        shared.step(named(message));
    }

    @Override
    public void detail(String message) {
        shared.detail(named(message));
    }

    @Override
    public void warn(String message) {
        shared.warn(named(message));
    }

    /** Several bars at once would only flicker: how many projects have ended is told instead. */
    @Override
    public void advance(String task, double fraction) {}

    private String named(String message) {
        return prefix + message.replace("\n", "\n" + prefix);
    }
}
