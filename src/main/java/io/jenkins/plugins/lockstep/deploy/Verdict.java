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
        /** The API server refused an object: invalid, forbidden, immutable field, kind not served, admission. */
        REJECTED(false),
        /** Fields of an object belong to another field manager. */
        FIELD_CONFLICT(false),
        /** A ConfigMap, a Secret or a key of one that a pod needs is not there. */
        MISSING_CONFIGURATION(false),
        /** The registry says that there is no such image, or that the node may not have it. */
        IMAGE_REFUSED(false),
        /** The node can't reach the image's registry. */
        REGISTRY_UNREACHABLE(false),
        /** A container ends again and again. */
        CRASH_LOOP(false),
        /** A Job failed. */
        JOB_FAILED(false),
        /** Not ready when the time was up. */
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
