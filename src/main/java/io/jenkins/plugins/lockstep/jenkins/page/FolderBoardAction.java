package io.jenkins.plugins.lockstep.jenkins.page;

import com.cloudbees.hudson.plugins.folder.AbstractFolder;
import hudson.model.Action;
import hudson.model.Api;
import hudson.model.Job;
import io.jenkins.plugins.lockstep.jenkins.board.Board;
import io.jenkins.plugins.lockstep.jenkins.board.BoardEnvironment;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;

/**
 * The release board of a folder or multibranch project: the jobs below it that the reader may see, a line for each
 * application, the environments across.
 */
@ExportedBean
public final class FolderBoardAction implements Action {

    /** How many jobs are shown. */
    static final int MOST = 100;

    private final AbstractFolder<?> folder;

    FolderBoardAction(AbstractFolder<?> folder) {
        this.folder = folder;
    }

    /** An application of a job. */
    @ExportedBean(defaultVisibility = 999)
    public static final class Line {

        private final Job<?, ?> job;
        private final Board board;

        Line(Job<?, ?> job, Board board) {
            this.job = job;
            this.board = board;
        }

        public Job<?, ?> getJob() {
            return job;
        }

        /** Returns the job's full name. */
        @Exported
        public String getName() {
            return job.getFullName();
        }

        @Exported
        public Board getBoard() {
            return board;
        }

        /** Returns the environment of a name, null where this application has none. */
        public @Nullable BoardEnvironment environment(String name) {
            return board.environment(name);
        }
    }

    @Override
    public String getIconFileName() {
        return "symbol-paper-plane-outline";
    }

    @Override
    public String getDisplayName() {
        return "Release board";
    }

    @Override
    public String getUrlName() {
        return ReleaseBoardAction.URL;
    }

    public AbstractFolder<?> getFolder() {
        return folder;
    }

    /** Returns the applications of the jobs that the current user may see, by the names of the jobs. */
    @Exported
    public List<Line> getLines() {
        var lines = new ArrayList<Line>();
        for (Job<?, ?> job : Boards.get().below(folder).stream().limit(MOST).toList()) {
            for (Board board : new ReleaseBoardAction(job).getBoards()) {
                lines.add(new Line(job, board));
            }
        }
        return lines;
    }

    /** Returns how many jobs more there are than are shown. */
    public int getMore() {
        return Math.max(0, Boards.get().below(folder).size() - MOST);
    }

    /** Returns the environments of all lines, each once, in the order in which they are met. */
    public Set<String> environments(List<Line> lines) {
        var names = new LinkedHashSet<String>();
        lines.forEach(
                line -> line.getBoard().getEnvironments().forEach(environment -> names.add(environment.getName())));
        return names;
    }

    /** Returns whose fragments of a page this one uses, too. */
    public Class<?> getBoardClass() {
        return ReleaseBoardAction.class;
    }

    /** Returns a job's name as seen from the folder. */
    public String nameOf(Job<?, ?> job) {
        return job.getFullName().substring(folder.getFullName().length() + 1);
    }

    /** Serves the remote API. */
    public Api getApi() {
        return new Api(this);
    }
}
