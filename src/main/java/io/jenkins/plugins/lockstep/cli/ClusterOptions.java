package io.jenkins.plugins.lockstep.cli;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.delivery.Target;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which cluster releases go to. */
final class ClusterOptions {

    private static final Pattern NAMESPACE = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");

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

    /**
     * Returns the cluster, or the directory that stands in for it.
     *
     * @param target what {@code --to} says
     * @param workingDirectory what paths are relative to
     */
    Target target(Target target, Path workingDirectory) {
        if (target instanceof Target.Kubernetes) {
            checkNamespace();
            return new Target.Kubernetes(
                    kubeconfig == null
                            ? null
                            : workingDirectory.resolve(kubeconfig).normalize(),
                    context,
                    namespace);
        }
        if (kubeconfig != null || context != null || namespace != null) {
            throw DeliveryException.of(Problem.BAD_USAGE, "more than one target is given")
                    .hint("give one --to dir:PATH, or --kubeconfig, --context and --namespace");
        }
        return target;
    }

    private void checkNamespace() {
        if (namespace != null && !NAMESPACE.matcher(namespace).matches()) {
            throw DeliveryException.of(Problem.BAD_USAGE, "'" + namespace + "' is not a name that a namespace can have")
                    .where("--namespace")
                    .hint("use lower-case letters, digits and dashes, at most 63, a letter or digit first and last");
        }
    }
}
