/**
 * The Kubernetes cluster: the only package that talks to an API server.
 *
 * <p>May depend on {@code common} and implements the ports {@code deploy.Cluster} and {@code history.Ledger} with their
 * values; the only place that sees the Kubernetes client library and what it brings (OkHttp, Bouncy Castle). Objects
 * stay plain trees: the library's typed models would lose fields of kinds and versions that they do not know.
 */
@NullMarked
package io.jenkins.plugins.lockstep.kube;

import org.jspecify.annotations.NullMarked;
