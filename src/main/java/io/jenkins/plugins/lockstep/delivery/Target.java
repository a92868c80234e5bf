package io.jenkins.plugins.lockstep.delivery;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Where releases go, and where images are kept. */
public sealed interface Target {

    /** What a directory target begins with. */
    String DIRECTORY_PREFIX = "dir:";

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
     * A registry, and a Kubernetes cluster that the front end has configured. Nothing is looked up in the surroundings of
     * the process.
     *
     * @param clusters finds it
     * @param cluster its name, null for the environment's {@code cluster} or else the default one
     * @param namespace null for the environment's, or else the cluster's own
     */
    record Configured(ClusterLookup clusters, @Nullable String cluster, @Nullable String namespace) implements Target {

        /** Leaves the clusters out: they have credentials. */
        @Override
        public String toString() {
            return "Configured[" + cluster + ", " + namespace + "]";
        }
    }

    /**
     * A directory that stands in for registry and cluster.
     *
     * @param path absolute; made where it is missing
     */
    record Directory(Path path) implements Target {}

    /** Returns the same target without what was said of one environment's place in it. */
    default Target withoutPlace() {
        if (this instanceof Kubernetes kubernetes) {
            return new Kubernetes(kubernetes.kubeconfig(), null, null);
        }
        return this instanceof Configured configured ? new Configured(configured.clusters(), null, null) : this;
    }

    /**
     * Returns the same target as far as it says anything, and what an environment says for the rest.
     *
     * @param ownCluster what the project file says, null for nothing
     * @param ownNamespace what the project file says, null for nothing
     */
    default Target within(@Nullable String ownCluster, @Nullable String ownNamespace) {
        if (this instanceof Kubernetes kubernetes) {
            return new Kubernetes(
                    kubernetes.kubeconfig(),
                    kubernetes.context() != null ? kubernetes.context() : ownCluster,
                    kubernetes.namespace() != null ? kubernetes.namespace() : ownNamespace);
        }
        return this instanceof Configured configured
                ? new Configured(
                        configured.clusters(),
                        configured.cluster() != null ? configured.cluster() : ownCluster,
                        configured.namespace() != null ? configured.namespace() : ownNamespace)
                : this;
    }

    /** Returns what this says of an environment's cluster, null where it leaves that to the environment. */
    default @Nullable String saidCluster() {
        if (this instanceof Kubernetes kubernetes) {
            return kubernetes.context();
        }
        return this instanceof Configured configured ? configured.cluster() : null;
    }

    /** Returns what this says of an environment's namespace, null where it leaves that to the environment. */
    default @Nullable String saidNamespace() {
        if (this instanceof Kubernetes kubernetes) {
            return kubernetes.namespace();
        }
        return this instanceof Configured configured ? configured.namespace() : null;
    }

    /**
     * Tells whether this puts an environment elsewhere than the project file does.
     *
     * @param cluster what the file says, null for nothing
     * @param namespace what the file says, null for nothing
     */
    default boolean isElsewhereFor(@Nullable String cluster, @Nullable String namespace) {
        return isOther(saidCluster(), cluster) || isOther(saidNamespace(), namespace);
    }

    private static boolean isOther(@Nullable String said, @Nullable String own) {
        return said != null && own != null && !said.equals(own);
    }

    /**
     * Parses {@code dir:PATH}.
     *
     * @param base what a relative path is relative to
     * @throws DeliveryException {@link Problem#BAD_USAGE} where it is nothing like that
     */
    static Target directory(String text, Path base) {
        if (!text.startsWith(DIRECTORY_PREFIX) || text.length() == DIRECTORY_PREFIX.length()) {
            throw DeliveryException.of(Problem.BAD_USAGE, "'" + text + "' is no target")
                    .hint("write dir:PATH, for example dir:/tmp/lockstep");
        }
        try {
            return new Directory(
                    base.resolve(text.substring(DIRECTORY_PREFIX.length())).normalize());
        } catch (InvalidPathException e) {
            throw DeliveryException.of(Problem.BAD_USAGE, "'" + text + "' is no path of this machine")
                    .why(e.getReason())
                    .hint("write another path; if it is right, its letters may be missing in this locale:"
                            + " set LC_ALL=C.UTF-8")
                    .causedBy(e);
        }
    }
}
