package io.jenkins.plugins.lockstep.delivery;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.revision.Repository;
import io.jenkins.plugins.lockstep.revision.RepositoryFinder;
import io.jenkins.plugins.lockstep.scaffold.ProjectDraft;
import io.jenkins.plugins.lockstep.scaffold.Scaffolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes the project file of a repository that has none; nothing need be committed yet. */
final class InitProject {

    private final RepositoryFinder repositories;

    InitProject(RepositoryFinder repositories) {
        this.repositories = repositories;
    }

    InitResult run(InitRequest request) {
        Path file = request.directory().resolve(request.file()).toAbsolutePath().normalize();
        Path directory = file.getParent();
        if (directory == null || !Files.isDirectory(directory)) {
            throw DeliveryException.of(Problem.BAD_USAGE, "there is no directory " + directory)
                    .hint("name one of the repository's directories, for example with -C DIR");
        }
        if (Files.exists(file) && !request.force() && !request.dryRun()) {
            throw DeliveryException.of(Problem.BAD_USAGE, "there is a project file already")
                    .where(file.toString())
                    .hint("edit it, look at a new one with --dry-run, or replace it with --force");
        }
        String vcs = versionControl(directory);
        ProjectDraft draft = new Scaffolder().draft(directory, originUrl(directory), request.options());
        if (!request.dryRun()) {
            write(file, draft.text());
        }
        return new InitResult(file, !request.dryRun(), draft, next(vcs, file, draft));
    }

    private static void write(Path file, String text) {
        try {
            WholeFiles.write(Map.of(file, text));
        } catch (IOException e) {
            throw DeliveryException.of(Problem.BAD_USAGE, "the project file can't be written")
                    .where(file.toString())
                    .why(WholeFiles.reason(e))
                    .hint("see that it is no directory and that you may write there, or print it with --dry-run")
                    .causedBy(e);
        }
    }

    /** A repository that can't be opened yet tells no origin; every other command will say why it can't. */
    private @Nullable String originUrl(Path directory) {
        try (Repository repository = repositories.open(directory)) {
            return repository.originUrl().orElse(null);
        } catch (DeliveryException e) {
            return null;
        }
    }

    /** Returns {@code git}, {@code hg}, or the empty string where no repository holds the directory. */
    private static String versionControl(Path directory) {
        for (Path place = directory; place != null; place = place.getParent()) {
            for (String vcs : List.of("git", "hg")) {
                if (Files.exists(place.resolve("." + vcs))) {
                    return vcs;
                }
            }
        }
        return "";
    }

    private static List<String> next(String vcs, Path file, ProjectDraft draft) {
        var commands = new ArrayList<String>();
        if (vcs.isEmpty()) {
            commands.add("git init");
        }
        String system = vcs.isEmpty() ? "git" : vcs;
        String name = String.valueOf(file.getFileName());
        commands.add(system + " add " + name + " && " + system + " commit -m \"Describe the project for Lockstep\"");
        commands.addAll(draft.build());
        String option = name.equals(ProjectLocation.DEFAULT_FILE) ? "" : " --file " + name;
        String environment = draft.environments().get(0);
        commands.add("lockstep release " + environment + option + " --to dir:../lockstep-try");
        commands.add("lockstep release " + environment + option);
        return List.copyOf(commands);
    }
}
