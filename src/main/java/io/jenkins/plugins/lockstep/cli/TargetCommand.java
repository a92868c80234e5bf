package io.jenkins.plugins.lockstep.cli;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.delivery.Delivery;
import io.jenkins.plugins.lockstep.delivery.ProjectQuery;
import io.jenkins.plugins.lockstep.delivery.Projects;
import io.jenkins.plugins.lockstep.delivery.ProjectsResult;
import io.jenkins.plugins.lockstep.delivery.Target;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;

/** What the commands share that bring images somewhere, or use those that are there. */
abstract class TargetCommand extends OperationCommand {

    @Mixin
    TargetOptions targetOptions = new TargetOptions();

    @Override
    final @Nullable String repository() {
        return targetOptions.repository;
    }

    /**
     * Runs an operation on several projects, prints how each ended, and returns the exit code.
     *
     * @param revision what the user typed, null for the checked-out commit
     */
    final <R> int severally(
            Delivery delivery,
            ConsoleProgress progress,
            ProjectsOptions options,
            @Nullable String revision,
            Function<Projects, ProjectsResult<R>> operation,
            SeveralProjects.Summary<R> summary) {
        if (targetOptions.repository != null) {
            throw DeliveryException.of(Problem.BAD_USAGE, "one image repository is given for several projects")
                    .hint("leave --repository out: each project file names its own");
        }
        ProjectQuery query =
                options.query(root.shell.directory().resolve(root.options.directory), root.options.file, revision);
        Projects projects = delivery.projects(query, progress);
        ProjectsResult<R> result = operation.apply(projects);
        progress.close();
        return new SeveralProjects(this).print(projects, result, summary);
    }

    /** Returns the target. */
    Target target() {
        if (!goesBack()) {
            targetOptions.earlier().ifPresent(value -> Target.directory(value, root.shell.directory()));
        }
        return targetOptions.target(root.shell.directory());
    }

    /** Tells whether {@code --to} may name a release to go back to, besides a directory. */
    boolean goesBack() {
        return false;
    }
}
