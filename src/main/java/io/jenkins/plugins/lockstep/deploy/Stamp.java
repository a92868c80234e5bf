package io.jenkins.plugins.lockstep.deploy;

/**
 * What Lockstep writes onto an object's own metadata, never into a pod template (design, section 5, rule 1).
 *
 * @param app label {@code lockstep.io/app}
 * @param environment label {@code lockstep.io/environment}
 * @param revision annotation {@code lockstep.io/revision}
 * @param release annotation {@code lockstep.io/release}
 * @param seal annotation {@code lockstep.io/seal}
 */
public record Stamp(String app, String environment, String revision, int release, String seal) {

    public static final String APP_LABEL = "lockstep.io/app";
    public static final String ENVIRONMENT_LABEL = "lockstep.io/environment";
    public static final String REVISION_ANNOTATION = "lockstep.io/revision";
    public static final String RELEASE_ANNOTATION = "lockstep.io/release";
    public static final String SEAL_ANNOTATION = "lockstep.io/seal";

    /** Annotation with the hash of the rendered object as it was applied last. */
    public static final String APPLIED_ANNOTATION = "lockstep.io/applied";

    /**
     * Annotation with {@code true} on an object that Lockstep created, so that this is known also where the deploy died
     * before the ledger's inventory was written.
     */
    public static final String CREATED_ANNOTATION = "lockstep.io/created";
}
