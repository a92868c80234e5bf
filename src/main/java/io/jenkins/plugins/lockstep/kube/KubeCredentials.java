package io.jenkins.plugins.lockstep.kube;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import org.jspecify.annotations.Nullable;

/** Who asks, as far as a request says it in a header; a client certificate says it in the TLS handshake. */
interface KubeCredentials {

    /** Says nothing. */
    KubeCredentials NONE = () -> null;

    /**
     * Returns the {@code Authorization} header of the next request, null for none. Called for each request, from many
     * threads.
     */
    @Nullable
    String authorization() throws InterruptedException;

    /**
     * Reacts to {@code 401 Unauthorized}.
     *
     * @param refused the header that was refused
     * @return whether {@link #authorization()} may give another one now
     */
    default boolean renew(@Nullable String refused) {
        return false;
    }

    /**
     * Returns the header that a bearer token makes.
     *
     * @param place where the token is configured, for the error
     * @throws DeliveryException {@link Problem#BAD_INPUT} where it can't be sent, without showing it
     */
    static String bearer(String token, String place) {
        String stripped = token.strip();
        if (stripped.isEmpty() || !stripped.chars().allMatch(letter -> letter > ' ' && letter < 0x7f)) {
            throw DeliveryException.of(Problem.BAD_INPUT, "the token is empty, or no token")
                    .where(place)
                    .why("a token is one line of printable ASCII without blanks")
                    .hint("copy it again, whole and without what stands around it");
        }
        return "Bearer " + stripped;
    }

    /** Returns credentials that never change. */
    static KubeCredentials of(String authorization) {
        return () -> authorization;
    }
}
