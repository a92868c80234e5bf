package io.jenkins.plugins.lockstep.deploy;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import java.util.List;

/**
 * Why an API server refused an object, for programs: the cause of a {@code DeliveryException} whose problem is {@code
 * CLUSTER_REJECTED} or {@code CLUSTER_FORBIDDEN}, where the adapter could tell.
 */
public final class Rejection extends Exception {

    private static final long serialVersionUID = 1L;

    private final Verdict.Code code;
    private final transient List<String> fields;

    /**
     * Says what kind of refusal it is.
     *
     * @param code one of {@link Verdict.Code#REJECTED}, {@link Verdict.Code#IMMUTABLE_FIELD}, {@link
     *     Verdict.Code#FORBIDDEN}, {@link Verdict.Code#KIND_NOT_SERVED}, {@link Verdict.Code#NAMESPACE_MISSING}, {@link
     *     Verdict.Code#ADMISSION_DENIED}, {@link Verdict.Code#QUOTA_EXCEEDED}
     * @param fields the field paths that the server names, as it writes them; empty where it names none
     */
    public Rejection(Verdict.Code code, List<String> fields) {
        super(code.word(), null, false, false);
        this.code = code;
        this.fields = List.copyOf(fields);
    }

    /** Returns what a failed call ends a release as: what the server's refusal says, if it is one. */
    public static Verdict.Code codeOf(DeliveryException failure) {
        if (failure.getCause() instanceof Rejection rejection) {
            return rejection.code();
        }
        return switch (failure.problem()) {
            case FIELD_CONFLICT -> Verdict.Code.FIELD_CONFLICT;
            case CLUSTER_REJECTED -> Verdict.Code.REJECTED;
            case CLUSTER_FORBIDDEN -> Verdict.Code.FORBIDDEN;
            default -> Verdict.Code.CLUSTER_FAILED;
        };
    }

    public Verdict.Code code() {
        return code;
    }

    public List<String> fields() {
        return fields;
    }
}
