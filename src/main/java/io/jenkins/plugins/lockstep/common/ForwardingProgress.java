package io.jenkins.plugins.lockstep.common;

/** Hands everything on to another progress; sub-classes tell something else in its place. */
public abstract class ForwardingProgress implements Progress {

    private final Progress target;

    protected ForwardingProgress(Progress target) {
        this.target = target;
    }

    @Override
    public void step(String message) {
        target.step(message);
    }

    @Override
    public void detail(String message) {
        target.detail(message);
    }

    @Override
    public void warn(String message) {
        target.warn(message);
    }

    @Override
    public void advance(String task, double fraction) {
        target.advance(task, fraction);
    }
}
