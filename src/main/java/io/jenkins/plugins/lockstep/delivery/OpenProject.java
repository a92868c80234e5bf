package io.jenkins.plugins.lockstep.delivery;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Glob;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.image.CommittedFiles;
import io.jenkins.plugins.lockstep.image.ImageDefinition;
import io.jenkins.plugins.lockstep.image.ImageReference;
import io.jenkins.plugins.lockstep.project.BaseLock;
import io.jenkins.plugins.lockstep.project.Project;
import io.jenkins.plugins.lockstep.project.ProjectReader;
import io.jenkins.plugins.lockstep.revision.Repository;
import io.jenkins.plugins.lockstep.revision.RepositoryFinder;
import io.jenkins.plugins.lockstep.revision.Revision;
import io.jenkins.plugins.lockstep.revision.RevisionFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A project as one revision has it: the repository is open, the project file is read from the commit. */
final class OpenProject implements AutoCloseable {

    private static final int MOST_PATHS_SHOWN = 5;

    /** What Java puts in the place of a byte that its locale can't read, in arguments and in the working directory. */
    private static final Pattern UNREADABLE_LETTER = Pattern.compile("[?\\uFFFD]");

    private final Repository repository;
    private final Revision revision;
    private final RevisionFiles files;
    private final Path root;
    private final Path directory;
    private final Project declared;
    private final Project project;

    private OpenProject(
            Repository repository,
            Revision revision,
            RevisionFiles files,
            Path root,
            Path directory,
            Project declared,
            Project project) {
        this.repository = repository;
        this.revision = revision;
        this.files = files;
        this.root = root;
        this.directory = directory;
        this.declared = declared;
        this.project = project;
    }

    /** Opens a project at the revision that {@code location} names, or at the checked-out one. */
    static OpenProject open(RepositoryFinder finder, ProjectLocation location) {
        Path start = existing(location.directory());
        Repository repository = finder.open(start);
        try {
            Revision revision = repository.resolve(location.revision() == null ? "HEAD" : location.revision());
            RevisionFiles files = repository.files(revision);
            Path root = existing(repository.root());
            Path file = start.resolve(location.file()).normalize();
            String path = repositoryPath(root, file);
            if (path == null) {
                throw outside(root, file);
            }
            if (files.file(path).isEmpty()) {
                throw missing(revision, files, path, file);
            }
            Project project = new ProjectReader().read(path, files.read(path));
            Path parent = file.getParent();
            return new OpenProject(
                    repository,
                    revision,
                    files,
                    root,
                    parent == null ? root : parent,
                    project,
                    withRepository(project, location.repository()));
        } catch (RuntimeException e) {
            repository.close();
            throw e;
        }
    }

    Repository repository() {
        return repository;
    }

    Revision revision() {
        return revision;
    }

    RevisionFiles files() {
        return files;
    }

    Project project() {
        return project;
    }

    /** Returns the commit's lock file, or empty where it has none. */
    Optional<BaseLock> baseLock() {
        String path = BaseLock.file(project.file());
        return files.file(path).map(file -> BaseLock.read(path, files.read(path)));
    }

    /** Returns the repository that the project file itself names for an image, whatever the caller has chosen. */
    ImageReference declaredRepository(String image) {
        return Objects.requireNonNull(declared.images().get(image)).repository();
    }

    /** The project file's directory in the work tree. */
    Path directory() {
        return directory;
    }

    /** The project file's directory as a path in the repository. */
    String repositoryDirectory() {
        String path = repositoryPath(root, directory);
        return path == null ? "" : path;
    }

    /** Returns what the commit says of files in the work tree; nothing of build outputs. */
    CommittedFiles committedFiles() {
        return new CommittedFiles() {
            @Override
            public boolean isExecutable(Path file) {
                String path = repositoryPath(OpenProject.this.root, file);
                return path != null
                        && files.file(path)
                                .map(RevisionFiles.TrackedFile::executable)
                                .orElse(false);
            }

            @Override
            public Optional<String> link(Path file) {
                return Optional.ofNullable(repositoryPath(OpenProject.this.root, file))
                        .flatMap(files::link);
            }

            @Override
            public Optional<Path> root() {
                return Optional.of(OpenProject.this.root);
            }
        };
    }

    /** Tells whether the work tree is at this revision, so that what was built there was built from it. */
    boolean isCheckedOut() {
        return repository.resolve("HEAD").id().equals(revision.id());
    }

    /**
     * Makes sure that the work tree holds what the commit holds.
     *
     * @throws DeliveryException {@link Problem#UNCOMMITTED_CHANGES} with the first few paths, and how many more
     */
    void requireNoUncommittedChanges() {
        List<Glob> allowed = project.allowChanges().stream().map(Glob::new).toList();
        List<String> changed = repository.uncommittedChanges().stream()
                .filter(path -> {
                    String fromProject = slashed(directory.relativize(root.resolve(path)));
                    return allowed.stream().noneMatch(glob -> glob.matches(fromProject));
                })
                .toList();
        if (changed.isEmpty()) {
            return;
        }
        int more = changed.size() - MOST_PATHS_SHOWN;
        throw DeliveryException.of(
                        Problem.UNCOMMITTED_CHANGES,
                        (changed.size() == 1 ? "a tracked file differs" : changed.size() + " tracked files differ")
                                + " from commit " + revision.shortId())
                .where(root.toString())
                .why(String.join(", ", changed.subList(0, Math.min(MOST_PATHS_SHOWN, changed.size())))
                        + (more > 0 ? " and " + more + " more" : ""))
                .hint("commit them, or put them back; a file that the build itself changes can be listed under"
                        + " allowChanges in " + project.file());
    }

    @Override
    public void close() {
        repository.close();
    }

    static DeliveryException outside(Path root, Path file) {
        return DeliveryException.of(Problem.BAD_USAGE, "the project file is outside the repository")
                .where(file.toString())
                .why("the repository's work tree is " + root);
    }

    private static DeliveryException missing(Revision revision, RevisionFiles files, String path, Path file) {
        if (path.isEmpty() || Files.isDirectory(file)) {
            return DeliveryException.of(Problem.BAD_USAGE, "the project file " + file + " is a directory")
                    .hint("name the file with --file FILE, or its directory with -C DIR");
        }
        var failure = DeliveryException.of(Problem.BAD_INPUT, "commit " + revision.shortId() + " has no file " + path);
        return Files.isRegularFile(file)
                ? failure.hint("it is in the work tree: commit it, since everything is read from the commit")
                : failure.why(others(files, path))
                        .hint("run this in the project's directory, or say which with -C DIR or --file FILE");
    }

    /** Says where the commit has files of that name, or returns null where it has none, or its names can't be read. */
    private static @Nullable String others(RevisionFiles files, String path) {
        String name = path.substring(path.lastIndexOf('/') + 1);
        List<String> found;
        try {
            found = files.list("").stream()
                    .map(RevisionFiles.TrackedFile::path)
                    .filter(tracked -> tracked.equals(name) || tracked.endsWith("/" + name))
                    .toList();
        } catch (DeliveryException e) {
            return null;
        }
        int more = found.size() - MOST_PATHS_SHOWN;
        return found.isEmpty()
                ? null
                : "it has " + String.join(", ", found.subList(0, Math.min(MOST_PATHS_SHOWN, found.size())))
                        + (more > 0 ? " and " + more + " more" : "");
    }

    private static Project withRepository(Project project, @Nullable String override) {
        if (override == null) {
            return project;
        }
        if (project.images().size() != 1) {
            throw DeliveryException.of(Problem.BAD_USAGE, "one image repository is given for several images")
                    .where(project.file())
                    .why("the project has the images "
                            + String.join(", ", project.images().keySet()))
                    .hint("set the repositories in the project file");
        }
        ImageReference repository = ImageReference.parse(override);
        if (repository.tag() != null || repository.digest() != null) {
            throw DeliveryException.of(Problem.BAD_USAGE, "'" + override + "' has a tag or a digest")
                    .hint("give the repository alone: the tag is always the revision");
        }
        var images = new LinkedHashMap<String, ImageDefinition>();
        project.images().forEach((name, image) -> images.put(name, image.withRepository(repository)));
        return project.withImages(images);
    }

    /** Returns a path of the work tree as one of the repository, null where it is outside. */
    static @Nullable String repositoryPath(Path root, Path file) {
        Path relative = root.relativize(file.normalize());
        if (relative.startsWith("..")) {
            return null;
        }
        return slashed(relative);
    }

    private static String slashed(Path path) {
        return path.toString().replace(path.getFileSystem().getSeparator(), "/");
    }

    /** Returns a directory by its real path; refuses one that is not there. */
    static Path existing(Path directory) {
        try {
            return directory.toRealPath();
        } catch (IOException e) {
            boolean readable = !UNREADABLE_LETTER.matcher(directory.toString()).find();
            throw DeliveryException.of(Problem.BAD_USAGE, "there is no directory " + directory)
                    .why(readable ? null : "its name seems to have letters that this locale lacks")
                    .hint(
                            readable
                                    ? "name one of the repository's directories, for example with -C DIR"
                                    : "set LC_ALL=C.UTF-8 and start it again")
                    .causedBy(e);
        }
    }
}
