package io.jenkins.plugins.lockstep.jenkins.page;

import hudson.model.Job;
import hudson.model.ModelObject;
import io.jenkins.plugins.lockstep.jenkins.board.Board;
import io.jenkins.plugins.lockstep.jenkins.board.BoardEnvironment;
import org.jspecify.annotations.Nullable;

/** The board of one application, {@code job/NAME/lockstep/app/APP/}: leads to the pages of its environments. */
public final class BoardPage implements ModelObject {

    private final ReleaseBoardAction action;
    private final Board board;

    BoardPage(ReleaseBoardAction action, Board board) {
        this.action = action;
        this.board = board;
    }

    @Override
    public String getDisplayName() {
        return board.getApp();
    }

    public ReleaseBoardAction getAction() {
        return action;
    }

    public Job<?, ?> getJob() {
        return action.getJob();
    }

    public Board getBoard() {
        return board;
    }

    /** Returns what {@code environment/NAME} names, null for nothing. */
    public @Nullable EnvironmentPage getEnvironment(String name) {
        BoardEnvironment environment = board.environment(name);
        return environment == null ? null : new EnvironmentPage(this, environment);
    }
}
