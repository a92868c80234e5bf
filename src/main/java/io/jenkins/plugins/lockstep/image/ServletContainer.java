package io.jenkins.plugins.lockstep.image;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Where well-known servlet containers look for the web application that answers at {@code /}. */
public final class ServletContainer {

    private static final Map<String, String> WEB_ROOTS = new TreeMap<>(Map.of(
            "tomcat", "/usr/local/tomcat/webapps/ROOT",
            "tomee", "/usr/local/tomee/webapps/ROOT",
            "jetty", "/var/lib/jetty/webapps/ROOT"));

    private ServletContainer() {}

    /**
     * Returns the place for a base whose repository has a container's name: Docker Hub's official image, or a mirror of
     * it. Bitnami's images have the same names and other places. Empty for every other base.
     */
    public static Optional<String> webRoot(String base) {
        String repository;
        try {
            repository = ImageReference.parse(base).repository();
        } catch (DeliveryException e) {
            return Optional.empty();
        }
        if (repository.contains("bitnami")) {
            return Optional.empty();
        }
        return Optional.ofNullable(WEB_ROOTS.get(repository.substring(repository.lastIndexOf('/') + 1)));
    }

    /** Tells whether an application that could start itself is to be put into a container. */
    static boolean isMeant(String base, @Nullable String root) {
        return root == null ? webRoot(base).isPresent() : root.contains("/webapps/");
    }

    static String known() {
        return String.join(", ", WEB_ROOTS.keySet());
    }
}
