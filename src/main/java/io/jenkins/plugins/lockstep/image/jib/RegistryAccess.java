package io.jenkins.plugins.lockstep.image.jib;

import com.google.cloud.tools.jib.api.Credential;
import io.jenkins.plugins.lockstep.common.Progress;
import io.jenkins.plugins.lockstep.image.RegistryLogins;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * How registries are reached: logins, plain HTTP, and what is kept of base images.
 *
 * <p>Plain HTTP, or TLS whose certificate nobody vouches for, is only spoken with registries on this machine's loopback
 * and with those named in {@code plainHttpRegistries}. Logins are never sent over plain HTTP, and not at all to the
 * named ones: they can't prove who they are.
 *
 * @param environment where Docker's configuration is looked for ({@code DOCKER_CONFIG}, else {@code HOME} or
 *     {@code USERPROFILE}) and what its credential helpers are started with ({@code PATH} included)
 * @param logins asked before Docker's configuration
 * @param cacheDirectory keeps the layers of base images; may be shared by any number of builds and processes
 * @param plainHttpRegistries each as {@code HOST[:PORT]}, beside those on loopback
 * @param retries how passing faults are met
 * @param recent what was seen of these registries a short while ago
 */
public record RegistryAccess(
        Map<String, String> environment,
        RegistryLogins logins,
        Path cacheDirectory,
        Set<String> plainHttpRegistries,
        RegistryRetries retries,
        RecentAnswers recent) {

    private static final Pattern LOOPBACK =
            Pattern.compile("(localhost|127\\.[0-9]{1,3}\\.[0-9]{1,3}\\.[0-9]{1,3}|\\[::1])(:[0-9]+)?");

    public RegistryAccess {
        environment = Map.copyOf(environment);
        plainHttpRegistries = Set.copyOf(plainHttpRegistries);
    }

    /** Remembers images for as long as it is used itself. */
    public RegistryAccess(
            Map<String, String> environment,
            RegistryLogins logins,
            Path cacheDirectory,
            Set<String> plainHttpRegistries,
            RegistryRetries retries) {
        this(environment, logins, cacheDirectory, plainHttpRegistries, retries, new RecentAnswers());
    }

    /** Tells nobody of passing faults. */
    public RegistryAccess(
            Map<String, String> environment,
            RegistryLogins logins,
            Path cacheDirectory,
            Set<String> plainHttpRegistries) {
        this(environment, logins, cacheDirectory, plainHttpRegistries, RegistryRetries.telling(Progress.NONE));
    }

    /** Tells whether a registry may be spoken to without proof of who it is. */
    boolean allowsPlainHttp(String registry) {
        return isLoopback(registry) || plainHttpRegistries.contains(registry);
    }

    /** Returns the login for a registry, where there is one and the registry may be given it. */
    Optional<Credential> credential(String registry, Progress progress) {
        if (allowsPlainHttp(registry) && !isLoopback(registry)) {
            return Optional.empty();
        }
        return logins.find(registry)
                .map(login -> Credential.from(login.username(), login.password()))
                .or(() -> new DockerLogins(environment, progress).find(registry));
    }

    static boolean isLoopback(String registry) {
        return LOOPBACK.matcher(registry).matches();
    }
}
