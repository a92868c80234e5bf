package io.jenkins.plugins.lockstep.delivery;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Where releases go, and where images are kept. */
public sealed interface Target {

    /**
     * A registry and a Kubernetes cluster.
     *
     * @param kubeconfig the file, null to look where kubectl looks
     * @param context the context of that file, null for the environment's {@code cluster} or else the current one
     * @param namespace null for the environment's, or else the context's
     */
    record Kubernetes(@Nullable Path kubeconfig, @Nullable String context, @Nullable String namespace)
            implements Target {}

    /**
     * A directory that stands in for registry and cluster.
     *
     * @param path made where it is missing
     */
    record Directory(Path path) implements Target {}

    /**
     * Parses what {@code --to} takes.
     *
     * @throws DeliveryException {@link Problem#BAD_USAGE} where it is not {@code dir:PATH}
     */
    static Target parse(String text) {
        return parse(text, Path.of(""));
    }

    /**
     * Parses what {@code --to} takes; a relative path is one of {@code base}.
     *
     * @throws DeliveryException {@link Problem#BAD_USAGE} where it is not {@code dir:PATH}
     */
    static Target parse(String text, Path base) {
        if (!text.startsWith("dir:") || text.length() == "dir:".length()) {
            throw DeliveryException.of(Problem.BAD_USAGE, "'" + text + "' is no target")
                    .hint("write dir:PATH, for example dir:/tmp/lockstep");
        }
        try {
            return new Directory(
                    base.resolve(text.substring("dir:".length())).toAbsolutePath().normalize());
        } catch (InvalidPathException e) {
            throw DeliveryException.of(Problem.BAD_USAGE, "'" + text + "' is no path of this machine")
                    .why(e.getReason())
                    .causedBy(e);
        }
    }
}
