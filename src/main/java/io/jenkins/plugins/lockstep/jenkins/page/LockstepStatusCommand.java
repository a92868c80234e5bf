package io.jenkins.plugins.lockstep.jenkins.page;

import hudson.Extension;
import hudson.cli.CLICommand;
import hudson.model.Item;
import hudson.model.Job;
import io.jenkins.plugins.lockstep.jenkins.board.Board;
import io.jenkins.plugins.lockstep.jenkins.board.BoardEnvironment;
import io.jenkins.plugins.lockstep.jenkins.board.BoardRelease;
import java.util.List;
import jenkins.YesNoMaybe;
import org.jspecify.annotations.Nullable;
import org.kohsuke.args4j.Argument;

/** {@code lockstep-status JOB}: prints what the release board of the job shows, a line for each environment. */
@Extension(dynamicLoadable = YesNoMaybe.YES)
public final class LockstepStatusCommand extends CLICommand {

    @Argument(index = 0, metaVar = "JOB", required = true, usage = "the job whose builds deploy")
    public @Nullable Job<?, ?> job;

    @Override
    public String getShortDescription() {
        return "Prints what runs in the environments of a job, as Lockstep last recorded it.";
    }

    @Override
    protected int run() {
        Job<?, ?> asked = job;
        if (asked == null) {
            throw new IllegalArgumentException("no job is named");
        }
        asked.checkPermission(Item.READ);
        List<Board> boards = new ReleaseBoardAction(asked).getBoards();
        if (boards.isEmpty()) {
            stdout.println("No build of " + asked.getFullName() + " keeps anything of Lockstep.");
        }
        for (Board board : boards) {
            stdout.println(board.getApp() + ", newest build " + board.getShortRevision());
            board.getEnvironments().forEach(environment -> stdout.println("  " + line(environment)));
        }
        return 0;
    }

    private static String line(BoardEnvironment environment) {
        BoardRelease current = environment.getCurrent();
        var line = new StringBuilder(environment.getName()).append(": ");
        if (environment.getAsOf() == null) {
            line.append("nobody has looked yet");
        } else {
            line.append(
                    current == null
                            ? "nothing was released yet"
                            : "release " + current.getNumber() + ", " + current.getShortRevision() + ", "
                                    + environment.getHealthWords());
            line.append(" (as of ").append(environment.getAsOf()).append(')');
        }
        if (environment.getHold() != null) {
            line.append("; ").append(environment.getHold());
        }
        if (environment.getTrouble() != null) {
            line.append("; the look ")
                    .append(environment.getTroubleAgo())
                    .append(" failed: ")
                    .append(environment.getTrouble().lines().findFirst().orElse(""));
        }
        return line.toString();
    }
}
