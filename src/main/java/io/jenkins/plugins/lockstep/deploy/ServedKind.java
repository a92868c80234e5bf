package io.jenkins.plugins.lockstep.deploy;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A kind that the cluster serves.
 *
 * @param apiVersion for example {@code apps/v1}
 * @param kind for example {@code Deployment}
 * @param plural the word in URLs, for example {@code deployments}
 * @param namespaced false for cluster-scoped kinds
 */
public record ServedKind(String apiVersion, String kind, String plural, boolean namespaced) {

    // Written out: what Java generates for a record is linked at each start of a command, for milliseconds a record.
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ServedKind served
                && apiVersion.equals(served.apiVersion)
                && kind.equals(served.kind)
                && plural.equals(served.plural)
                && namespaced == served.namespaced;
    }

    @Override
    public int hashCode() {
        return Objects.hash(apiVersion, kind, plural, namespaced);
    }
}
