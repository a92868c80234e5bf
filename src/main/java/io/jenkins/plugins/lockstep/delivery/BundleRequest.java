package io.jenkins.plugins.lockstep.delivery;

import org.jspecify.annotations.Nullable;

/**
 * A bundle of one revision, made without any cluster.
 *
 * @param project which project, at which revision; its images must exist
 * @param target where its images are
 * @param environment the only one to render, null for all. Gates can ask about the others all the same
 * @param namespace where to put it instead of the project file's, null for the file's; only for one environment
 * @param defaults where an environment goes that names no namespace
 */
public record BundleRequest(
        ProjectLocation project,
        Target target,
        @Nullable String environment,
        @Nullable String namespace,
        DefaultNamespaces defaults) {

    /** Asks for all environments, each where the project file puts it. */
    public BundleRequest(ProjectLocation project, Target target, DefaultNamespaces defaults) {
        this(project, target, null, null, defaults);
    }

    /** Knows where an environment goes that names no namespace. */
    @FunctionalInterface
    public interface DefaultNamespaces {

        /**
         * Returns the namespace of a cluster, null where it has none: then it is {@code default}.
         *
         * @param cluster as the environment says, null for the cluster that is taken where none is named
         */
        @Nullable
        String of(@Nullable String cluster);
    }
}
