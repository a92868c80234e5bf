package io.jenkins.plugins.lockstep.manifest;

import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The identity of an object in a cluster; the version of its API is no part of it.
 *
 * @param group the API group, empty for the core group
 * @param kind for example {@code Deployment}
 * @param namespace empty for cluster-scoped objects
 * @param name the object's name
 */
public record ResourceKey(String group, String kind, String namespace, String name) {

    /** Returns the group of an {@code apiVersion}: {@code apps} of {@code apps/v1}, nothing of {@code v1}. */
    public static String groupOf(String apiVersion) {
        int slash = apiVersion.indexOf('/');
        return slash < 0 ? "" : apiVersion.substring(0, slash);
    }

    // Written out: what Java generates for a record is linked at each start of a command, for milliseconds a record.
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ResourceKey key
                && name.equals(key.name)
                && kind.equals(key.kind)
                && group.equals(key.group)
                && namespace.equals(key.namespace);
    }

    @Override
    public int hashCode() {
        return Objects.hash(group, kind, namespace, name);
    }

    /** Returns what messages call the object: {@code deployment/cart}. */
    @Override
    public String toString() {
        return kind.toLowerCase(Locale.ROOT) + "/" + name;
    }
}
