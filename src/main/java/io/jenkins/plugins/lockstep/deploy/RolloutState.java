package io.jenkins.plugins.lockstep.deploy;

import org.jspecify.annotations.Nullable;

/** How far one object of a rollout is. */
sealed interface RolloutState {

    /** Returns one clause about it, without the object's name. */
    String words();

    /** Not there yet, and nothing says that it can't get there. */
    record Progressing(String words) implements RolloutState {}

    /** As it shall be, or nothing that a rollout waits for. */
    record Done(String words) implements RolloutState {}

    /**
     * It can't get there by itself.
     *
     * @param log the container whose last words are evidence, null where there is none
     * @param partial whether the cluster is about to tell more of the cause: another watch is a little behind
     */
    record Failed(Verdict verdict, @Nullable ContainerLog log, boolean partial) implements RolloutState {

        Failed(Verdict verdict, @Nullable ContainerLog log) {
            this(verdict, log, false);
        }

        @Override
        public String words() {
            return verdict.message();
        }
    }

    /**
     * A container's log.
     *
     * @param previous the instance before the current one
     */
    record ContainerLog(String namespace, String pod, String container, boolean previous) {

        ContainerLog with(boolean ofPrevious) {
            return new ContainerLog(namespace, pod, container, ofPrevious);
        }
    }
}
