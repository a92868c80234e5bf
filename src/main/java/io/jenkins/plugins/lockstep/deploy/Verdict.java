package io.jenkins.plugins.lockstep.deploy;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a rollout ended.
 *
 * @param code the one cause
 * @param message one sentence, without a full stop
 * @param evidence what shows it: events, the last lines of a container's log; never a Secret's value
 * @param hint what to do now, null where nothing is to be done
 */
public record Verdict(Code code, String message, List<String> evidence, @Nullable String hint) {

    public Verdict {
        evidence = List.copyOf(evidence);
    }

    /** The causes; {@link #word()} is what JSON and the ledger hold. */
    public enum Code {
        /** Everything is ready. */
        RUNNING(true),
        /** Every object was written where no pods run: a directory target. */
        WRITTEN(true),
        /** The API server refused an object: it is not valid. */
        REJECTED(false),
        /** An object has another value in a field that never changes. */
        IMMUTABLE_FIELD(false),
        /** Whoever deploys may not do that. */
        FORBIDDEN(false),
        /** The cluster does not know the kind, or not in this version. */
        KIND_NOT_SERVED(false),
        /** The namespace is not there, or goes away. */
        NAMESPACE_MISSING(false),
        /** A policy of the cluster refuses an object or the pods of one: a webhook, pod security, a limit range. */
        ADMISSION_DENIED(false),
        /** Fields of an object belong to another field manager. */
        FIELD_CONFLICT(false),
        /** A ConfigMap, a Secret, a key of one, a claim or a service account that a pod needs is not there. */
        MISSING_CONFIGURATION(false),
        /** A volume that is there can't be mounted or attached. */
        VOLUME_NOT_MOUNTED(false),
        /** Nobody makes the volume that a claim asks for. */
        VOLUME_PENDING(false),
        /** The registry says that there is no such image. */
        IMAGE_NOT_FOUND(false),
        /** The registry says that the node may not have the image, or the name is none. */
        IMAGE_REFUSED(false),
        /** The node can't reach the image's registry, or the registry has a fault of its own. */
        REGISTRY_UNREACHABLE(false),
        /** No node takes a pod. */
        UNSCHEDULABLE(false),
        /** A resource quota of the namespace leaves no room for a pod. */
        QUOTA_EXCEEDED(false),
        /** The node can't create a container as the manifest describes it. */
        CONTAINER_NOT_CREATED(false),
        /** A container ends again and again. */
        CRASH_LOOP(false),
        /** A container is killed again and again for using more memory than it may. */
        OUT_OF_MEMORY(false),
        /** The command of a container is not in its image, or can't be run. */
        COMMAND_NOT_FOUND(false),
        /** An init container ends badly again and again. */
        INIT_FAILED(false),
        /** A container is restarted again and again because its liveness or startup probe fails. */
        LIVENESS_FAILED(false),
        /** A Job failed. */
        JOB_FAILED(false),
        /** A pod that nobody starts again ended badly. */
        POD_FAILED(false),
        /** A probe did not pass before the time was up. */
        NOT_READY(false),
        /** Not done when the time was up, and no probe says why. */
        DEADLINE(false),
        /** The API server failed in the middle of it. */
        CLUSTER_FAILED(false),
        /** Stopped by a person or a signal. */
        INTERRUPTED(false),
        /** Nothing was done: a newer revision was released while this one waited for its turn. */
        SUPERSEDED(false),
        /** Whoever released died without a word; written by the next release. */
        CRASHED(false);

        private final boolean good;

        Code(boolean good) {
            this.good = good;
        }

        /** Tells whether a release that ended so may be rolled back to. */
        public boolean isGood() {
            return good;
        }

        /** Returns the word in JSON and ledger, for example {@code crash-loop}. */
        public String word() {
            return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
        }

        /** Returns the code of a word; {@link #CRASHED} for one that this version does not know. */
        public static Code ofWord(String word) {
            for (Code code : values()) {
                if (code.word().equals(word)) {
                    return code;
                }
            }
            return CRASHED;
        }
    }

    public boolean isGood() {
        return code.isGood();
    }
}
