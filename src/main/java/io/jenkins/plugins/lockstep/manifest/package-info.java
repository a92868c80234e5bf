/**
 * Kubernetes documents: reading them, pinning them to one revision, and everything else that needs no cluster.
 *
 * <p>May depend on {@code common} and {@code revision}. Objects are plain trees; no client library is seen here.
 */
@NullMarked
package io.jenkins.plugins.lockstep.manifest;

import org.jspecify.annotations.NullMarked;
