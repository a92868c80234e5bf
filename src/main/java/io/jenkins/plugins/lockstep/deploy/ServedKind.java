package io.jenkins.plugins.lockstep.deploy;

/**
 * A kind that the cluster serves.
 *
 * @param apiVersion for example {@code apps/v1}
 * @param kind for example {@code Deployment}
 * @param plural the word in URLs, for example {@code deployments}
 * @param namespaced false for cluster-scoped kinds
 */
public record ServedKind(String apiVersion, String kind, String plural, boolean namespaced) {}
