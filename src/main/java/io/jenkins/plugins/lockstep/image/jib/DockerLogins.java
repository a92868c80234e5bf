package io.jenkins.plugins.lockstep.image.jib;

import com.google.cloud.tools.jib.api.Credential;
import com.google.cloud.tools.jib.registry.RegistryAliasGroup;
import com.google.cloud.tools.jib.registry.credentials.CredentialHelperNotFoundException;
import com.google.cloud.tools.jib.registry.credentials.CredentialHelperUnhandledServerUrlException;
import com.google.cloud.tools.jib.registry.credentials.DockerCredentialHelper;
import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Progress;
import io.jenkins.plugins.lockstep.common.document.Json;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The logins that {@code docker login} keeps: in Docker's {@code config.json}, or in the credential helpers that it names.
 *
 * <p>Jib reads the same file, but starts helpers with the environment of its own process; in a controller that is not
 * the build's.
 */
final class DockerLogins {

    private final Map<String, String> environment;
    private final Progress progress;

    DockerLogins(Map<String, String> environment, Progress progress) {
        this.environment = environment;
        this.progress = progress;
    }

    Optional<Credential> find(String registry) {
        Path file = configFile();
        if (file == null || !Files.isRegularFile(file)) {
            return Optional.empty();
        }
        Map<?, ?> config = read(file);
        for (String alias : RegistryAliasGroup.getAliasesGroup(registry)) {
            Optional<Credential> found = fromHelper(config, alias).or(() -> fromFile(config, alias));
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    private @Nullable Path configFile() {
        String directory = environment.get("DOCKER_CONFIG");
        if (directory != null && !directory.isBlank()) {
            return Path.of(directory, "config.json");
        }
        String home = environment.getOrDefault("HOME", environment.get("USERPROFILE"));
        return home == null ? null : Path.of(home, ".docker", "config.json");
    }

    /** A file that can't be read is as good as none, but its owner wants to know. */
    private Map<?, ?> read(Path file) {
        try {
            return asMap(Json.read(Files.readString(file)));
        } catch (IOException | DeliveryException e) {
            // Not the reason: a parser's message may quote a login.
            progress.warn(file + " can't be read; going on without its logins");
            return Map.of();
        }
    }

    private Optional<Credential> fromHelper(Map<?, ?> config, String registry) {
        Map<?, ?> helpers = asMap(config.get("credHelpers"));
        Optional<String> key = key(helpers, registry);
        Object helper = key.<Object>map(helpers::get).orElse(config.get("credsStore"));
        return helper instanceof String name && !name.isBlank() ? ask(name, key.orElse(registry)) : Optional.empty();
    }

    private Optional<Credential> ask(String helper, String server) {
        try {
            return Optional.of(
                    new DockerCredentialHelper(server, executable("docker-credential-" + helper), environment)
                            .retrieve());
        } catch (CredentialHelperUnhandledServerUrlException e) {
            progress.detail("docker-credential-" + helper + " has no login for " + server);
        } catch (CredentialHelperNotFoundException | IOException e) {
            // Not the reason: it may quote what the helper printed.
            progress.warn("docker-credential-" + helper + ", which Docker's configuration names for " + server
                    + ", can't be started");
        }
        return Optional.empty();
    }

    /** Java starts programs by its own search path; the helper must be found on the build's. */
    private Path executable(String name) {
        String searched = environment.getOrDefault("PATH", "");
        return Stream.of(searched.split(File.pathSeparator))
                .filter(directory -> !directory.isEmpty())
                .map(directory -> Path.of(directory, name))
                .filter(Files::isExecutable)
                .findFirst()
                .orElse(Path.of(name));
    }

    private static Optional<Credential> fromFile(Map<?, ?> config, String registry) {
        Map<?, ?> logins = asMap(config.get("auths"));
        Map<?, ?> login = asMap(key(logins, registry).<Object>map(logins::get).orElse(null));
        Object token = login.get("identitytoken");
        if (token instanceof String text && !text.isEmpty()) {
            return Optional.of(Credential.from(Credential.OAUTH2_TOKEN_USER_NAME, text));
        }
        if (login.get("auth") instanceof String encoded) {
            return decode(encoded);
        }
        return login.get("username") instanceof String username && login.get("password") instanceof String password
                ? Optional.of(Credential.from(username, password))
                : Optional.empty();
    }

    private static Optional<Credential> decode(String encoded) {
        try {
            String login = new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8);
            int colon = login.indexOf(':');
            return colon < 1
                    ? Optional.empty()
                    : Optional.of(Credential.from(login.substring(0, colon), login.substring(colon + 1)));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Docker writes a registry with or without scheme and path ({@code https://index.docker.io/v1/}). */
    private static Optional<String> key(Map<?, ?> map, String registry) {
        List<String> exact = List.of(registry, "https://" + registry);
        return Stream.concat(
                        exact.stream(),
                        map.keySet().stream()
                                .map(String::valueOf)
                                .filter(key -> exact.stream().anyMatch(name -> key.startsWith(name + "/")))
                                .sorted())
                .filter(map::containsKey)
                .findFirst();
    }

    private static Map<?, ?> asMap(@Nullable Object tree) {
        return tree instanceof Map<?, ?> map ? map : Map.of();
    }
}
