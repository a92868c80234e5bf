package io.jenkins.plugins.lockstep.delivery;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.common.Progress;
import io.jenkins.plugins.lockstep.common.RepositoryPath;
import io.jenkins.plugins.lockstep.common.document.NearestWord;
import io.jenkins.plugins.lockstep.image.ImageDefinition;
import io.jenkins.plugins.lockstep.project.Project;
import io.jenkins.plugins.lockstep.project.ProjectInputs;
import io.jenkins.plugins.lockstep.project.ProjectReader;
import io.jenkins.plugins.lockstep.revision.Ancestry;
import io.jenkins.plugins.lockstep.revision.Repository;
import io.jenkins.plugins.lockstep.revision.RepositoryFinder;
import io.jenkins.plugins.lockstep.revision.Revision;
import io.jenkins.plugins.lockstep.revision.RevisionFiles;
import io.jenkins.plugins.lockstep.revision.RevisionFiles.TrackedFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Finds the projects of a repository in one commit, reads and checks all of them, and leaves out what has not changed. */
final class ProjectSearch {

    private static final int MOST_MISTAKES_SHOWN = 10;

    private final Delivery delivery;
    private final RepositoryFinder repositories;

    ProjectSearch(Delivery delivery, RepositoryFinder repositories) {
        this.delivery = delivery;
        this.repositories = repositories;
    }

    Projects find(ProjectQuery query, Progress progress) {
        Path start = OpenProject.existing(query.directory());
        try (Repository repository = repositories.open(start)) {
            Revision revision = repository.resolve(query.revision() == null ? "HEAD" : query.revision());
            RevisionFiles files = repository.files(revision);
            Path root = OpenProject.existing(repository.root());
            List<TrackedFile> tracked = files.list("");
            Set<String> everywhere = tracked.stream()
                    .map(TrackedFile::path)
                    .filter(path -> name(path).equals(query.fileName()))
                    .collect(Collectors.toCollection(TreeSet::new));
            Set<String> wanted = query.paths().isEmpty()
                    ? below(start, root, everywhere, revision, query)
                    : named(start, root, files, everywhere, revision, query);
            List<Project> projects = read(wanted, files);
            checkImages(projects);
            progress.step("revision " + revision.id() + ": " + counted(projects.size()));

            List<SelectedProject> located = located(projects, start, root, revision);
            if (query.changedSince() == null) {
                return new Projects(delivery, revision, located, List.of());
            }
            checkSources(projects, tracked);
            var directories = new TreeSet<String>();
            wanted.forEach(file -> directories.add(RepositoryPath.parent(file)));
            everywhere.stream()
                    .filter(file -> !wanted.contains(file) && isProject(file, files))
                    .forEach(file -> directories.add(RepositoryPath.parent(file)));
            var inputs = new HashMap<String, ProjectInputs>();
            Map<String, String> links = files.links();
            projects.forEach(
                    project -> inputs.put(project.file(), project.inputs().following(links, directories)));
            return changed(repository, revision, query.changedSince(), located, inputs, directories, progress);
        }
    }

    /** A file of that name may be a test's sample: the project around it must not lose what is beside it. */
    private static boolean isProject(String file, RevisionFiles files) {
        try {
            new ProjectReader().read(file, files.read(file));
            return true;
        } catch (DeliveryException e) {
            return false;
        }
    }

    private static Set<String> below(
            Path start, Path root, Set<String> everywhere, Revision revision, ProjectQuery query) {
        String directory = inRepository(root, start);
        Set<String> found = everywhere.stream()
                .filter(file -> directory.isEmpty() || file.startsWith(directory + "/"))
                .collect(Collectors.toCollection(TreeSet::new));
        if (found.isEmpty()) {
            throw DeliveryException.of(
                            Problem.BAD_INPUT,
                            "commit " + revision.shortId() + " has no " + query.fileName() + " at or below "
                                    + (directory.isEmpty() ? "its top directory" : directory))
                    .where(start.toString())
                    .hint(
                            everywhere.isEmpty()
                                    ? "commit a project file: everything is read from the commit"
                                    : "there are others in the repository, for example "
                                            + everywhere.iterator().next());
        }
        return found;
    }

    private static Set<String> named(
            Path start, Path root, RevisionFiles files, Set<String> everywhere, Revision revision, ProjectQuery query) {
        var found = new TreeSet<String>();
        for (Path given : query.paths()) {
            String path = inRepository(root, start.resolve(given).normalize());
            String inside = path.isEmpty() ? query.fileName() : path + "/" + query.fileName();
            if (!path.isEmpty() && files.file(path).isPresent()) {
                found.add(path);
            } else if (files.file(inside).isPresent()) {
                found.add(inside);
            } else {
                List<String> known =
                        everywhere.stream().map(RepositoryPath::parent).toList();
                throw DeliveryException.of(
                                Problem.BAD_USAGE,
                                "commit " + revision.shortId() + " has no project at " + (path.isEmpty() ? "." : path))
                        .where(start.resolve(given).normalize().toString())
                        .why("it is neither a file of the commit nor a directory with " + query.fileName())
                        .hint(
                                known.isEmpty()
                                        ? "commit a project file: everything is read from the commit"
                                        : NearestWord.hint(path, known));
            }
        }
        return found;
    }

    private static String inRepository(Path root, Path path) {
        String found = OpenProject.repositoryPath(root, path);
        if (found == null) {
            throw DeliveryException.of(Problem.BAD_USAGE, "the project is outside the repository")
                    .where(path.toString())
                    .why("the repository's work tree is " + root)
                    .hint("projects that are worked on together belong to one repository");
        }
        return found;
    }

    private static String name(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    private static String counted(int projects) {
        return projects == 1 ? "1 project" : projects + " projects";
    }

    /** Reads every project file, and refuses all of them for the mistakes of any. */
    private static List<Project> read(Collection<String> paths, RevisionFiles files) {
        var projects = new ArrayList<Project>();
        var mistakes = new ArrayList<DeliveryException>();
        for (String path : paths) {
            try {
                projects.add(new ProjectReader().read(path, files.read(path)));
            } catch (DeliveryException e) {
                if (e.problem() != Problem.BAD_INPUT) {
                    throw e;
                }
                mistakes.add(e);
            }
        }
        if (mistakes.size() == 1) {
            throw mistakes.get(0);
        }
        if (!mistakes.isEmpty()) {
            int more = mistakes.size() - MOST_MISTAKES_SHOWN;
            throw DeliveryException.of(Problem.BAD_INPUT, mistakes.size() + " project files have mistakes")
                    .where(mistakes.get(0).where())
                    .why(mistakes.stream()
                                    .limit(MOST_MISTAKES_SHOWN)
                                    .map(DeliveryException::getMessage)
                                    .collect(Collectors.joining("\n"))
                            + (more > 0 ? "\nand " + more + " more" : ""))
                    .hint("correct them and commit; nothing was done for any project");
        }
        return projects;
    }

    /** Two projects that tag one repository with one revision would take each other's images for their own. */
    private static void checkImages(List<Project> projects) {
        var owners = new HashMap<String, Project>();
        for (Project project : projects) {
            for (ImageDefinition image : project.images().values()) {
                String repository = image.repository().repository();
                Project owner = owners.putIfAbsent(repository, project);
                if (owner != null && !owner.file().equals(project.file())) {
                    throw DeliveryException.of(
                                    Problem.BAD_INPUT, "two projects share the image repository " + repository)
                            .where(project.file())
                            .why(owner.file() + " has it too, and both would be tagged with the revision there")
                            .hint("give each image a repository of its own");
                }
            }
        }
    }

    private static List<SelectedProject> located(List<Project> projects, Path start, Path root, Revision revision) {
        Map<String, Long> apps = projects.stream().collect(Collectors.groupingBy(Project::app, Collectors.counting()));
        var located = new ArrayList<SelectedProject>();
        for (Project project : projects) {
            boolean unique = apps.getOrDefault(project.app(), 0L) == 1;
            Path file = start.relativize(root.resolve(project.file()));
            located.add(new SelectedProject(
                    unique ? project.app() : project.app() + " " + project.file(),
                    project,
                    new ProjectLocation(start, file, revision.id(), null),
                    "it was asked for"));
        }
        return located;
    }

    /** A glob that takes nothing is a typing mistake, and the project would silently be left out for it. */
    private static void checkSources(List<Project> projects, List<TrackedFile> tracked) {
        for (Project project : projects) {
            for (ProjectInputs.Source source : project.inputs().sources()) {
                if (tracked.stream().noneMatch(file -> source.takes(file.path()))) {
                    throw DeliveryException.of(
                                    Problem.BAD_INPUT, "no file of the commit is one of '" + source.written() + "'")
                            .where(source.place())
                            .hint("correct the glob, which is relative to the project file, or remove it");
                }
            }
        }
    }

    private Projects changed(
            Repository repository,
            Revision revision,
            String expression,
            List<SelectedProject> projects,
            Map<String, ProjectInputs> inputs,
            Set<String> directories,
            Progress progress) {
        Revision since = since(repository, expression, revision);
        List<String> paths = repository.changedPaths(since, revision);
        var selected = new ArrayList<SelectedProject>();
        var leftOut = new ArrayList<Projects.LeftOut>();
        for (SelectedProject project : projects) {
            ProjectInputs whole = Objects.requireNonNull(inputs.get(project.file()));
            List<String> own = paths.stream()
                    .filter(path -> whole.contains(path, directories))
                    .toList();
            if (own.isEmpty()) {
                String why = "none of its files changed since " + since.shortId();
                leftOut.add(new Projects.LeftOut(project.app(), project.file(), why));
                progress.detail("[" + project.name() + "] left out: " + why);
            } else {
                String why = own.get(0) + (own.size() > 1 ? " and " + (own.size() - 1) + " more" : "")
                        + " changed since " + since.shortId();
                selected.add(project.because(why));
                progress.step("[" + project.name() + "] chosen: " + why);
            }
        }
        if (!leftOut.isEmpty()) {
            progress.step(counted(leftOut.size()) + " left out: none of their files changed since " + since.shortId());
        }
        return new Projects(delivery, revision, selected, leftOut);
    }

    /** Resolves the older commit; where it is none of the revision's ancestors, the difference would not tell. */
    private static Revision since(Repository repository, String expression, Revision revision) {
        Revision since = repository.resolve(expression);
        Ancestry ancestry = repository.ancestry(since.id(), revision.id());
        DeliveryException refusal = DeliveryException.of(
                        Problem.BAD_INPUT, "'" + expression + "' is no ancestor of " + revision.shortId())
                .where("commit " + since.id());
        return switch (ancestry.relation()) {
            case SAME, ANCESTOR -> since;
            case DESCENDANT ->
                throw refusal.why("it is a descendant").hint("name an older commit, or the newer one with --revision");
            case DIVERGED ->
                throw refusal.why("they have parted at " + ancestry.mergeBase())
                        .hint("to compare with where they parted: --changed-since " + ancestry.mergeBase());
            case UNRELATED -> throw refusal.why("they share no history").hint("name a commit of this history");
            case UNKNOWN ->
                throw DeliveryException.of(
                                Problem.BAD_INPUT,
                                "whether '" + expression + "' is an ancestor of " + revision.shortId()
                                        + " can't be told")
                        .where("commit " + since.id())
                        .why("the clone is shallow, and the history between them is missing")
                        .hint("fetch the whole history, for Git: git fetch --unshallow");
        };
    }
}
