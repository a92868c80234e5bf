package io.jenkins.plugins.lockstep.cli;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.delivery.Target;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where releases go. */
final class TargetOptions {

    @Option(
            names = "--repository",
            paramLabel = "REF",
            description = "The image repository, instead of the project file's.")
    @Nullable
    String repository;

    @Option(
            names = "--plain-http",
            paramLabel = "HOST[:PORT]",
            description = "Speak plain HTTP with this registry; may be repeated. No login is ever sent there."
                    + " (Registries on this machine's loopback need no such permission.)")
    Set<String> plainHttp = Set.of();

    @Option(
            names = "--kubeconfig",
            paramLabel = "FILE",
            description = "The kubeconfig (default: as kubectl, KUBECONFIG or ~/.kube/config).")
    @Nullable
    Path kubeconfig;

    @Option(
            names = "--context",
            paramLabel = "NAME",
            description = "The kubeconfig's context (default: the environment's cluster, or else the current one).")
    @Nullable
    String context;

    @Option(
            names = "--namespace",
            paramLabel = "NAME",
            description = "The namespace (default: the environment's, or else the context's).")
    @Nullable
    String namespace;

    @Option(
            names = "--to",
            paramLabel = "TO",
            description = "dir:PATH: a directory that stands in for registry and cluster."
                    + " For rollback also what to go back to: a revision, previous, or #N.")
    List<String> to = List.of();

    /** Returns the target; paths are relative to the working directory. */
    Target target(Path workingDirectory) {
        List<String> directories =
                to.stream().filter(TargetOptions::isDirectory).toList();
        if (directories.isEmpty()) {
            return new Target.Kubernetes(
                    kubeconfig == null ? null : workingDirectory.resolve(kubeconfig), context, namespace);
        }
        if (directories.size() > 1 || kubeconfig != null || context != null || namespace != null) {
            throw DeliveryException.of(Problem.BAD_USAGE, "more than one target is given")
                    .hint("give one --to dir:PATH, or --kubeconfig, --context and --namespace");
        }
        return Target.directory(directories.get(0), workingDirectory);
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
