package io.jenkins.plugins.lockstep.image.jib;

import com.google.cloud.tools.jib.api.Credential;
import com.google.cloud.tools.jib.api.LogEvent;
import com.google.cloud.tools.jib.http.Authorization;
import com.google.cloud.tools.jib.http.FailoverHttpClient;
import com.google.cloud.tools.jib.http.Request;
import com.google.cloud.tools.jib.http.Response;
import com.google.cloud.tools.jib.http.ResponseException;
import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.common.Progress;
import io.jenkins.plugins.lockstep.image.ImageReference;
import io.jenkins.plugins.lockstep.image.RegistryProbe;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketTimeoutException;
import java.net.URL;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Asks for {@code /v2/} once, and once more after a login; nothing else is tried again. */
public final class RegistryVisit implements RegistryProbe {

    /** Without a port and a dot a word is a path on Docker Hub, and no registry. */
    private static final Pattern NAME = Pattern.compile("localhost|[^/]*[.:][^/]*");

    private static final Pattern RETRY = Pattern.compile("[A-Z]+ https?://\\S+ failed and will be retried");

    private final String name;
    private final RegistryAccess access;
    private final Duration limit;

    /**
     * Creates a visit.
     *
     * @param registry {@code HOST[:PORT]}
     * @param access whose login is used
     * @param limit of each wait; a visit has few of them
     */
    public RegistryVisit(String registry, RegistryAccess access, Duration limit) {
        this.name = registry.strip();
        this.access = access;
        this.limit = limit;
    }

    @Override
    public Welcome visit() {
        ImageName image = image();
        var http = new FailoverHttpClient(access.allowsPlainHttp(image.registry()), false, this::endAtFirstFailure);
        try {
            return visit(http, image.registry());
        } catch (IOException | RuntimeException e) {
            throw e instanceof DeliveryException known ? known : new JibFailures(access.cacheDirectory()).of(e, image);
        } finally {
            shutDown(http);
        }
    }

    private Welcome visit(FailoverHttpClient http, String registry) throws IOException {
        Optional<Credential> login = access.credential(registry, Progress.NONE);
        boolean withheld = login.isEmpty() && access.logins().find(registry).isPresent();
        String challenge;
        try (Response response = http.get(url(registry), request(null))) {
            requireRegistry(registry, response.getStatusCode());
            return withheld ? Welcome.UNPROVEN : Welcome.WITHOUT_LOGIN;
        } catch (ResponseException e) {
            requireRegistry(registry, e.getStatusCode());
            challenge = e.getHeaders().getAuthenticate();
            if (e.getStatusCode() != 401 || challenge == null) {
                throw e;
            }
        }
        var asked = new RegistryChallenge(challenge, registry);
        if (login.isEmpty() && !asked.wantsToken()) {
            throw withheld ? unproven(registry, null) : uninvited(registry, null);
        }
        try {
            Authorization authorization =
                    asked.answer(http, login, millis()).orElseThrow(() -> refused(registry, login, null));
            try (Response response = http.get(url(registry), request(authorization))) {
                requireRegistry(registry, response.getStatusCode());
            }
        } catch (ResponseException e) {
            if (e.requestAuthorizationCleared()) {
                throw unproven(registry, e);
            }
            if (e.getStatusCode() == 401 || e.getStatusCode() == 403) {
                throw refused(registry, login, e);
            }
            throw e;
        }
        return login.isPresent() ? Welcome.LOGGED_IN : Welcome.AS_ANYBODY;
    }

    private ImageName image() {
        String lower = name.toLowerCase(Locale.ROOT);
        if (!NAME.matcher(name).matches() || lower.contains("://")) {
            throw DeliveryException.of(Problem.BAD_INPUT, "'" + name + "' is no name of a registry")
                    .hint("write HOST or HOST:PORT as image references have it, for example registry.example.com:5000");
        }
        return ImageName.of(ImageReference.parse(name + "/lockstep"));
    }

    private static void requireRegistry(String registry, int status) {
        if (status == 404) {
            throw DeliveryException.of(Problem.REGISTRY_UNAVAILABLE, "no registry answers there")
                    .where(registry)
                    .why("it does not know /v2/, which every registry has (HTTP status 404)")
                    .hint("check the name and the port: it is where images are pulled from, not the web pages");
        }
    }

    private static DeliveryException uninvited(String registry, @Nullable Exception cause) {
        return failed("the registry wants a login, and there is none", registry, cause)
                .hint("choose a login for it, or leave it out if nothing of it is used");
    }

    private static DeliveryException unproven(String registry, @Nullable Exception cause) {
        return failed("the registry wants a login, and none was sent", registry, cause)
                .why("it speaks plain HTTP, or can't prove who it is: everybody on the way could read the login")
                .hint("let the registry speak HTTPS with a trusted certificate");
    }

    private static DeliveryException refused(String registry, Optional<Credential> login, @Nullable Exception cause) {
        return login.map(credential -> failed(
                                "the registry does not accept the login of '" + credential.getUsername() + "'",
                                registry,
                                cause)
                        .hint("check user name and password; many registries want an access token for a password"))
                .orElseGet(() -> uninvited(registry, cause));
    }

    private static DeliveryException failed(String what, String registry, @Nullable Exception cause) {
        DeliveryException failure =
                DeliveryException.of(Problem.REGISTRY_UNAUTHORIZED, what).where(registry);
        return cause == null ? failure : failure.causedBy(cause);
    }

    private Request request(@Nullable Authorization authorization) {
        Request.Builder request = Request.builder().setHttpTimeout(millis());
        return (authorization == null ? request : request.setAuthorization(authorization)).build();
    }

    private int millis() {
        return Math.toIntExact(limit.toMillis());
    }

    private static URL url(String registry) throws IOException {
        return new URL("https://" + registry + "/v2/");
    }

    /** Jib would try for a minute; what it met it does not tell here, so the server is looked at once more. */
    private void endAtFirstFailure(LogEvent event) {
        if (RETRY.matcher(event.getMessage()).matches()) {
            new HopelessRetries(RegistryRetries.telling(Progress.NONE)).accept(event);
            throw new UncheckedIOException(new SocketTimeoutException("no answer, and not tried again"));
        }
    }

    private static void shutDown(FailoverHttpClient http) {
        try {
            http.shutDown();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
