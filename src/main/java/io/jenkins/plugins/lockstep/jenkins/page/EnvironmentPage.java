package io.jenkins.plugins.lockstep.jenkins.page;

import hudson.model.Job;
import hudson.model.ModelObject;
import io.jenkins.plugins.lockstep.jenkins.board.BoardEnvironment;
import io.jenkins.plugins.lockstep.jenkins.board.BoardRelease;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One environment, {@code …/environment/NAME/}: its state and its releases. */
public final class EnvironmentPage implements ModelObject {

    private static final Pattern NUMBER = Pattern.compile("[1-9][0-9]{0,8}");

    private final BoardPage page;
    private final BoardEnvironment environment;

    EnvironmentPage(BoardPage page, BoardEnvironment environment) {
        this.page = page;
        this.environment = environment;
    }

    @Override
    public String getDisplayName() {
        return environment.getName();
    }

    public ReleaseBoardAction getAction() {
        return page.getAction();
    }

    public Job<?, ?> getJob() {
        return page.getJob();
    }

    public String getApp() {
        return page.getBoard().getApp();
    }

    public BoardEnvironment getEnvironment() {
        return environment;
    }

    /** Returns the page's address below the controller's root. */
    public String getUrl() {
        return getJob().getUrl() + ReleaseBoardAction.URL + "/app/" + getApp() + "/environment/" + environment.getName()
                + "/";
    }

    /** Returns what {@code release/N} names, null for nothing. */
    public @Nullable ReleasePage getRelease(String number) {
        BoardRelease release = NUMBER.matcher(number).matches() ? environment.release(Integer.parseInt(number)) : null;
        return release == null ? null : new ReleasePage(this, release);
    }
}
