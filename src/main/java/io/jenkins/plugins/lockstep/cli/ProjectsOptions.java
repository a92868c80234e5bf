package io.jenkins.plugins.lockstep.cli;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.delivery.Concurrency;
import io.jenkins.plugins.lockstep.delivery.ProjectQuery;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Several projects of one repository at once. */
final class ProjectsOptions {

    /** The options' names, for commands that don't have them. */
    static final Set<String> NAMES = Set.of("--all", "--project", "--changed-since", "--jobs", "--fail-fast");

    @Option(names = "--all", description = "Every project at or below DIR that the commit has.")
    boolean all;

    @Option(
            names = "--project",
            paramLabel = "PATH",
            description = "This project: a project file or its directory, relative to DIR; may be repeated.")
    List<Path> paths = List.of();

    @Option(
            names = "--changed-since",
            paramLabel = "R",
            description = "Only projects whose files changed since R, an ancestor of the revision"
                    + " (of all, unless --project says which).")
    @Nullable
    String changedSince;

    @Option(
            names = "--jobs",
            paramLabel = "N",
            description = "How many projects at a time (default: one for each processor, at most 4).")
    @Nullable
    Integer jobs;

    @Option(
            names = "--fail-fast",
            description = "Begin no other project once one has failed (default: the others go on).")
    boolean failFast;

    /** Tells whether the command is to work on several projects, be it one or none in the end. */
    boolean several() {
        boolean several = all || !paths.isEmpty() || changedSince != null;
        if (!several && (jobs != null || failFast)) {
            throw DeliveryException.of(
                            Problem.BAD_USAGE, (jobs != null ? "--jobs" : "--fail-fast") + " is for several projects")
                    .hint("say which: --all, --project PATH or --changed-since R");
        }
        if (all && !paths.isEmpty()) {
            throw DeliveryException.of(Problem.BAD_USAGE, "--all and --project contradict each other")
                    .hint("keep one of them");
        }
        if (jobs != null && jobs < 1) {
            throw DeliveryException.of(Problem.BAD_USAGE, "--jobs " + jobs + " would do nothing")
                    .hint("give a number from 1 on");
        }
        return several;
    }

    ProjectQuery query(Path directory, Path file, @Nullable String revision) {
        Path name = file.getFileName();
        if (name == null || file.getNameCount() != 1) {
            throw DeliveryException.of(
                            Problem.BAD_USAGE, "--file " + file + " names one project, and several are meant")
                    .hint("give the project files' common name, or say which with --project PATH");
        }
        return new ProjectQuery(directory, name.toString(), paths, changedSince, revision);
    }

    Concurrency concurrency() {
        int atOnce = jobs == null ? Concurrency.standard().jobs() : jobs;
        return new Concurrency(atOnce, failFast);
    }
}
