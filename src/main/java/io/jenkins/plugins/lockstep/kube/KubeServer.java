package io.jenkins.plugins.lockstep.kube;

/** A cluster that someone means, and who to be there. {@link KubeClusters} opens it. */
public sealed interface KubeServer permits KubeTarget, KubeEndpoint, KubeDocument {}
