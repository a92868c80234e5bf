package io.jenkins.plugins.lockstep.kube;

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

    /** Returns credentials that never change. */
    static KubeCredentials of(String authorization) {
        return () -> authorization;
    }
}
