package io.jenkins.plugins.lockstep.image.jib;

import com.google.cloud.tools.jib.http.Authorization;
import com.google.cloud.tools.jib.http.FailoverHttpClient;
import com.google.cloud.tools.jib.http.Request;
import com.google.cloud.tools.jib.http.Response;
import com.google.cloud.tools.jib.http.ResponseException;
import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.common.Progress;
import io.jenkins.plugins.lockstep.common.document.Tree;
import java.io.IOException;
import java.net.URL;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What Jib does not ask of a registry: to list tags and to delete manifests (OCI distribution specification, "Content
 * discovery" and "Content management"). Logs in by the registry's own challenge, which names the right that is needed.
 */
final class RegistryUpkeep implements AutoCloseable {

    private static final int TAGS_A_PAGE = 1_000;
    private static final Pattern NEXT = Pattern.compile("<([^>]+)>\\s*;.*rel=\"?next\"?.*");

    private final ImageName image;
    private final RegistryAccess access;
    private final FailoverHttpClient http;
    private @Nullable Authorization authorization;

    RegistryUpkeep(ImageName image, RegistryAccess access) {
        this.image = image;
        this.access = access;
        this.http = new RegistryHttp(image.registry(), access);
    }

    /** Lists all tags, sorted; none where there is no such repository. */
    List<String> tags() throws IOException {
        var tags = new TreeSet<String>();
        URL page = url("tags/list?n=" + TAGS_A_PAGE);
        while (true) {
            Optional<URL> next;
            try (Response response = call("GET", page)) {
                int before = tags.size();
                Tree.list(RegistryChallenge.json(image.registry(), response), "tags")
                        .forEach(tag -> tags.add(String.valueOf(tag)));
                next = next(page, response.getHeader("Link"));
                if (next.isPresent() && tags.size() == before) {
                    throw RegistryChallenge.unusable(image.registry(), "its pages of tags have no end", null);
                }
            } catch (ResponseException e) {
                if (e.getStatusCode() == 404) {
                    return List.of();
                }
                throw e;
            }
            if (next.isEmpty()) {
                return List.copyOf(tags);
            }
            page = next.get();
        }
    }

    /** Another host is none of this registry's, and must not see its login. */
    private Optional<URL> next(URL page, List<String> links) throws IOException {
        for (String link : links) {
            Matcher matcher = NEXT.matcher(link);
            if (matcher.matches()) {
                URL next = new URL(page, matcher.group(1));
                if (!next.getAuthority().equals(page.getAuthority()) || next.sameFile(page)) {
                    throw RegistryChallenge.unusable(
                            image.registry(), "the next page of tags is said to be elsewhere", null);
                }
                return Optional.of(next);
            }
        }
        return Optional.empty();
    }

    /** Deletes a manifest; one that is gone already is no failure. */
    void delete(String digest) throws IOException {
        try (Response response = call("DELETE", url("manifests/" + digest))) {
            response.getStatusCode();
        } catch (ResponseException e) {
            if (e.getStatusCode() == 404) {
                return;
            }
            if (e.getStatusCode() == 405) {
                throw DeliveryException.of(Problem.REGISTRY_UNAVAILABLE, "the registry does not delete images")
                        .where(image.toString())
                        .why("it answered 405: deletes are switched off, or it never learnt them")
                        .hint("allow deletes in the registry (storage.delete.enabled of the distribution registry), or"
                                + " clean up with its own tools")
                        .causedBy(e);
            }
            throw e;
        }
    }

    private Response call(String method, URL url) throws IOException {
        try {
            return http.call(method, url, request());
        } catch (ResponseException e) {
            String challenge = e.getHeaders().getAuthenticate();
            if (e.getStatusCode() != 401 || challenge == null) {
                throw refused(e);
            }
            authorization = login(challenge).orElseThrow(() -> refused(e));
        }
        try {
            return http.call(method, url, request());
        } catch (ResponseException e) {
            throw refused(e);
        }
    }

    private IOException refused(ResponseException failure) {
        if (failure.getStatusCode() == 401 || failure.getStatusCode() == 403) {
            throw DeliveryException.of(
                            Problem.REGISTRY_UNAUTHORIZED,
                            "the registry does not let you do this with " + image.repository())
                    .where(image.registry())
                    .why("it answered " + failure.getStatusCode())
                    .hint("log in with 'docker login " + image.registry()
                            + "', or use a login that may list tags and delete")
                    .causedBy(failure);
        }
        return failure;
    }

    private Request request() {
        Request.Builder request = Request.builder().setAccept(List.of("application/json"));
        return (authorization == null ? request : request.setAuthorization(authorization)).build();
    }

    private Optional<Authorization> login(String challenge) throws IOException {
        try {
            return new RegistryChallenge(challenge, image.registry())
                    .answer(http, access.credential(image.registry(), Progress.NONE), null);
        } catch (ResponseException e) {
            throw refused(e);
        }
    }

    private URL url(String rest) throws IOException {
        return new URL("https://" + image.registry() + "/v2/" + image.path() + "/" + rest);
    }

    @Override
    public void close() throws IOException {
        http.shutDown();
    }
}
