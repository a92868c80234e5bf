package io.jenkins.plugins.lockstep.manifest;

/** Knows which kinds live in a namespace. A cluster knows best; {@link #BUILT_IN} answers without one. */
@FunctionalInterface
public interface Scopes {

    /** Kubernetes' own kinds; every other kind is taken for namespaced, as most are. */
    Scopes BUILT_IN = new BuiltInScopes();

    /** Tells whether objects of this kind live in a namespace. */
    boolean isNamespaced(String apiVersion, String kind);
}
