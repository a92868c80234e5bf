package io.jenkins.plugins.lockstep.jenkins.page;

import hudson.Extension;
import hudson.ExtensionList;
import hudson.model.Item;
import hudson.model.ItemGroup;
import hudson.model.Job;
import io.jenkins.plugins.lockstep.jenkins.board.Board;
import io.jenkins.plugins.lockstep.jenkins.board.BoardStore;
import io.jenkins.plugins.lockstep.jenkins.board.RecordedProject;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.regex.Pattern;
import jenkins.YesNoMaybe;
import jenkins.model.Jenkins;

/**
 * Which jobs have a release board, and what their boards show. What a job's builds recorded lies in the job's own
 * directory, so that it is renamed, moved and deleted with the job.
 *
 * <p>Thread-safe.
 */
@Extension(dynamicLoadable = YesNoMaybe.YES)
public final class Boards {

    private static final Logger LOGGER = Logger.getLogger(Boards.class.getName());

    private static final Pattern APP = Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?");

    /** The full names of the jobs that have a board: folders ask for those below them at each of their pages. */
    private final ConcurrentSkipListSet<String> jobs = new ConcurrentSkipListSet<>();

    static Boards get() {
        return ExtensionList.lookupSingleton(Boards.class);
    }

    /** Returns the directory that belongs to Lockstep in a job's own. */
    static Path directory(Job<?, ?> job) {
        return job.getRootDir().toPath().resolve("lockstep");
    }

    /** Returns where the state of an application of a job is recorded. */
    static BoardStore store(Job<?, ?> job, String app) {
        return new BoardStore(boards(job).resolve(app));
    }

    /** Tells whether any build of a job ever kept anything of Lockstep: one look at the disk. */
    boolean has(Job<?, ?> job) {
        return Files.isDirectory(boards(job));
    }

    /** Returns the applications of a job, by name. */
    static List<String> apps(Job<?, ?> job) {
        var apps = new TreeSet<String>();
        try (DirectoryStream<Path> directories = Files.newDirectoryStream(boards(job), Files::isDirectory)) {
            directories.forEach(directory -> apps.add(directory.getFileName().toString()));
        } catch (NoSuchFileException | NotDirectoryException e) {
            return List.of();
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, "the release board of " + job.getFullName() + " can't be read", e);
        }
        return List.copyOf(apps);
    }

    /** Returns the boards of a job, one for each application. Reads files alone. */
    static List<Board> of(Job<?, ?> job, Instant now) {
        return apps(job).stream()
                .map(app -> Board.read(store(job, app), now))
                .filter(Objects::nonNull)
                .toList();
    }

    /**
     * Refuses a name that can't be a directory of its own: it may come from a machine that is trusted less.
     *
     * @throws IOException where it is not the name of an application
     */
    static void checkName(String app) throws IOException {
        if (!APP.matcher(app).matches()) {
            throw new IOException("'" + app + "' is not the name of an application");
        }
    }

    /** Keeps what a build said of its project. */
    void keep(Job<?, ?> job, RecordedProject project) throws IOException {
        checkName(project.app());
        store(job, project.app()).keep(project);
        jobs.add(job.getFullName());
    }

    /** Tells whether a job below a folder has a board; asks no disk. */
    boolean hasBelow(ItemGroup<?> folder) {
        String prefix = folder.getFullName() + "/";
        String first = jobs.ceiling(prefix);
        return first != null && first.startsWith(prefix);
    }

    /** Returns the jobs below a folder that have a board and that the current user may see, by name. */
    List<Job<?, ?>> below(ItemGroup<?> folder) {
        String prefix = folder.getFullName() + "/";
        var found = new ArrayList<Job<?, ?>>();
        for (String name : jobs.tailSet(prefix)) {
            if (!name.startsWith(prefix)) {
                break;
            }
            Job<?, ?> job = Jenkins.get().getItemByFullName(name, Job.class);
            if (job != null && job.hasPermission(Item.READ)) {
                found.add(job);
            }
        }
        return found;
    }

    /** Notes that a job has a board. */
    void found(Job<?, ?> job) {
        jobs.add(job.getFullName());
    }

    /** Forgets a job or a folder, which is gone. */
    void gone(String fullName) {
        jobs.removeIf(name -> isAtOrBelow(name, fullName));
    }

    /** Notes that a job or a folder is somewhere else now. */
    void moved(String oldName, String newName) {
        for (String name : List.copyOf(jobs)) {
            if (isAtOrBelow(name, oldName)) {
                jobs.remove(name);
                jobs.add(newName + name.substring(oldName.length()));
            }
        }
    }

    private static boolean isAtOrBelow(String name, String above) {
        return name.equals(above) || name.startsWith(above + "/");
    }

    private static Path boards(Job<?, ?> job) {
        return directory(job).resolve("board");
    }
}
