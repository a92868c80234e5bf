package io.jenkins.plugins.lockstep.jenkins.page;

import hudson.model.Job;
import hudson.model.ModelObject;
import io.jenkins.plugins.lockstep.jenkins.board.BoardEnvironment;
import io.jenkins.plugins.lockstep.jenkins.board.BoardRelease;

/**
 * One release, {@code …/environment/NAME/release/N/}: all that is recorded of it, and where it can be rolled back to, the
 * question whether that is meant.
 */
public final class ReleasePage implements ModelObject {

    private final EnvironmentPage page;
    private final BoardRelease release;

    ReleasePage(EnvironmentPage page, BoardRelease release) {
        this.page = page;
        this.release = release;
    }

    @Override
    public String getDisplayName() {
        return "Release " + release.getNumber();
    }

    public ReleaseBoardAction getAction() {
        return page.getAction();
    }

    public Job<?, ?> getJob() {
        return page.getJob();
    }

    public EnvironmentPage getPage() {
        return page;
    }

    public BoardEnvironment getEnvironment() {
        return page.getEnvironment();
    }

    public BoardRelease getRelease() {
        return release;
    }
}
