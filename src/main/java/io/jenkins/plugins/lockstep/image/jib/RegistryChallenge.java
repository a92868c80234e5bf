package io.jenkins.plugins.lockstep.image.jib;

import com.google.cloud.tools.jib.api.Credential;
import com.google.cloud.tools.jib.http.Authorization;
import com.google.cloud.tools.jib.http.FailoverHttpClient;
import com.google.cloud.tools.jib.http.Request;
import com.google.cloud.tools.jib.http.Response;
import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.common.document.Json;
import io.jenkins.plugins.lockstep.common.document.Tree;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a registry wants to see before it answers: a password, or a token that somebody else gives for it (the
 * distribution registry's token authentication).
 *
 * @param text of its {@code WWW-Authenticate} header
 * @param registry {@code HOST[:PORT]}, for messages
 */
record RegistryChallenge(String text, String registry) {

    /** A token, or a page of tags; more is no answer of a registry. */
    private static final int MOST_BYTES = 16 * 1024 * 1024;

    private static final Pattern PARAMETER = Pattern.compile("([a-z]+)=\"([^\"]*)\"");

    /** Tells whether it wants a token; it may be had by anybody. */
    boolean wantsToken() {
        return text.regionMatches(true, 0, "Bearer", 0, "Bearer".length());
    }

    /**
     * Returns what to send along; empty where there is nothing that would do.
     *
     * @param login who to be, empty for nobody
     * @param timeoutMillis of connecting and of waiting for an answer, each; null for Jib's own
     * @throws IOException {@code ResponseException} where whoever gives the tokens gives none
     */
    Optional<Authorization> answer(FailoverHttpClient http, Optional<Credential> login, @Nullable Integer timeoutMillis)
            throws IOException {
        Optional<Authorization> basic = login.map(RegistryChallenge::basic);
        if (!wantsToken()) {
            return basic;
        }
        Optional<URL> url = tokenUrl();
        if (url.isEmpty()) {
            return Optional.empty();
        }
        Request.Builder request = Request.builder().setHttpTimeout(timeoutMillis);
        basic.ifPresent(request::setAuthorization);
        try (Response response = http.get(url.get(), request.build())) {
            Object answer = json(registry, response);
            String token = Tree.text(answer, "token");
            String other = Tree.text(answer, "access_token");
            return Optional.of(token.isEmpty() ? other : token)
                    .filter(given -> !given.isEmpty())
                    .map(Authorization::fromBearerToken);
        }
    }

    private Optional<URL> tokenUrl() throws MalformedURLException {
        String realm = null;
        List<String> query = new ArrayList<>();
        Matcher parameter = PARAMETER.matcher(text);
        while (parameter.find()) {
            if (parameter.group(1).equals("realm")) {
                realm = parameter.group(2);
            } else if (parameter.group(1).equals("service")
                    || parameter.group(1).equals("scope")) {
                query.add(parameter.group(1) + "=" + URLEncoder.encode(parameter.group(2), StandardCharsets.UTF_8));
            }
        }
        return realm == null
                ? Optional.empty()
                : Optional.of(new URL(realm + (realm.contains("?") ? "&" : "?") + String.join("&", query)));
    }

    private static Authorization basic(Credential login) {
        return Authorization.fromBasicCredentials(login.getUsername(), login.getPassword());
    }

    /** Reads an answer that is to be JSON. */
    static @Nullable Object json(String registry, Response response) throws IOException {
        try {
            return Json.read(new String(response.getBody().readNBytes(MOST_BYTES), StandardCharsets.UTF_8));
        } catch (DeliveryException e) {
            throw unusable(registry, "it is no JSON", e);
        }
    }

    /** Returns the failure for an answer that no registry gives. */
    static DeliveryException unusable(String registry, String why, @Nullable Exception cause) {
        DeliveryException failure = DeliveryException.of(
                        Problem.REGISTRY_UNAVAILABLE, "the registry's answer can't be used")
                .where(registry)
                .why(why)
                .hint("see that this is a registry, and no proxy or portal before it");
        return cause == null ? failure : failure.causedBy(cause);
    }
}
