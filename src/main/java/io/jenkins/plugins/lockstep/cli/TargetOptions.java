package io.jenkins.plugins.lockstep.cli;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.delivery.Target;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where images and releases go. */
final class TargetOptions {

    @Option(
            names = "--repository",
            paramLabel = "REF",
            description = "The image repository, instead of the project file's.")
    @Nullable
    String repository;

    @Option(
            names = "--to",
            paramLabel = "TO",
            description = "dir:PATH: a directory that stands in for registry and cluster.")
    List<String> to = List.of();

    /** Returns the target, by itself any cluster; paths are relative to the working directory. */
    Target target(Path workingDirectory) {
        List<String> directories =
                to.stream().filter(TargetOptions::isDirectory).toList();
        if (directories.size() > 1) {
            throw DeliveryException.of(Problem.BAD_USAGE, "more than one target is given")
                    .why(String.join(", ", directories))
                    .hint("give one --to dir:PATH");
        }
        return directories.isEmpty()
                ? new Target.Kubernetes(null, null, null)
                : Target.directory(directories.get(0), workingDirectory);
    }

    /** Returns what {@code --to} names besides a directory: what a rollback goes back to. */
    Optional<String> earlier() {
        List<String> others = to.stream().filter(value -> !isDirectory(value)).toList();
        if (others.size() > 1) {
            throw DeliveryException.of(Problem.BAD_USAGE, "two releases are named to go back to")
                    .why(String.join(", ", others));
        }
        return others.stream().findFirst();
    }

    private static boolean isDirectory(String value) {
        return value.startsWith("dir:");
    }
}
