package io.jenkins.plugins.lockstep.kube;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.common.document.Json;
import io.jenkins.plugins.lockstep.common.document.Tree;
import io.jenkins.plugins.lockstep.deploy.ServedKind;
import io.jenkins.plugins.lockstep.deploy.ServerProbe;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import okhttp3.Interceptor;
import okhttp3.Response;

/** Sends each request once, all of them within one limit. */
final class KubeProbe implements ServerProbe {

    private static final RetryPolicy ONCE = new RetryPolicy(1, Duration.ZERO, Duration.ofMillis(1));

    private static final ServedKind SELF_REVIEWS =
            new ServedKind("authentication.k8s.io/v1", "SelfSubjectReview", "selfsubjectreviews", false);

    private static final Pattern VERSION = Pattern.compile("v[0-9][A-Za-z0-9.+_-]{0,60}");

    /** Far more than any answer that it asks for. */
    private static final long MOST_ANSWER_BYTES = 1024L * 1024;

    private final KubeConnection connection;
    private final Duration limit;
    private final long start = System.nanoTime();

    KubeProbe(KubeConnection connection, Duration limit) {
        this.connection = connection;
        this.limit = limit;
    }

    @Override
    public String location() {
        return connection.location();
    }

    @Override
    public String namespace() {
        return connection.namespace();
    }

    @Override
    public Optional<String> version() {
        KubeClient client = client();
        var request = KubeRequest.ofPath(List.of("version"), "ask for the version");
        KubeAnswer answer = client.exchange(request);
        if (answer.code() == 403) {
            return Optional.empty();
        }
        if (!answer.isGood() && answer.code() != 401 && answer.code() != 404) {
            // Whatever answers may be no API server: what it says is not for whoever typed its address.
            throw DeliveryException.of(Problem.CLUSTER_UNAVAILABLE, "the server does not tell its version")
                    .where(location())
                    .why("it answered HTTP " + answer.code())
                    .hint("check the server's URL in " + connection.configuration());
        }
        String version = answer.code() == 404
                ? ""
                : Tree.text(client.good(request, answer).tree(), "gitVersion");
        if (!VERSION.matcher(version).matches()) {
            throw DeliveryException.of(Problem.CLUSTER_UNAVAILABLE, "this is no Kubernetes API server")
                    .where(location())
                    .why("it does not tell a version")
                    .hint("check the server's URL in " + connection.configuration());
        }
        return Optional.of(version);
    }

    /** Servers tell it since 1.28; before that, a token that is a JWT does (RFC 7519, section 4.1.2). */
    @Override
    public Optional<String> user() {
        String impersonated = connection.headers().get("Impersonate-User");
        Map<String, ?> review = Map.of("apiVersion", SELF_REVIEWS.apiVersion(), "kind", SELF_REVIEWS.kind());
        var request = KubeRequest.ofCreation(SELF_REVIEWS, "", "self").sending(review, KubeRequest.JSON);
        KubeAnswer answer = client().exchange(request);
        String told = answer.isGood() ? Tree.text(answer.tree(), "status", "userInfo", "username") : "";
        if (!told.isEmpty()) {
            return Optional.of(told);
        }
        return impersonated != null ? Optional.of(impersonated) : subject();
    }

    private Optional<String> subject() {
        try {
            String[] parts =
                    String.valueOf(connection.credentials().authorization()).split("\\.", -1);
            if (parts.length != 3) {
                return Optional.empty();
            }
            byte[] claims = Base64.getUrlDecoder().decode(parts[1]);
            return Optional.of(Tree.text(Json.read(new String(claims, StandardCharsets.UTF_8)), "sub"))
                    .filter(subject -> !subject.isEmpty());
        } catch (IllegalArgumentException | DeliveryException e) {
            return Optional.empty(); // a token of another sort
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    @Override
    public boolean hasNamespace(String namespace) {
        return new KubeCluster(client()).hasNamespace(namespace);
    }

    @Override
    public boolean allowed(String verb, String group, String resource, String namespace) {
        return AccessReview.allows(client(), verb, group, resource, namespace);
    }

    /** Returns a client for one request, which may take what is left of the time. */
    private KubeClient client() {
        Duration left = limit.minusNanos(System.nanoTime() - start);
        if (left.isNegative() || left.isZero()) {
            throw DeliveryException.of(Problem.CLUSTER_UNAVAILABLE, "the API server is too slow")
                    .where(location())
                    .why("it has not answered everything within " + limit.toSeconds() + " s")
                    .hint("try again; if it stays, look at the load of the cluster and the way to it");
        }
        var hasty = new KubeConnection(
                connection.server(),
                connection
                        .http()
                        .newBuilder()
                        .callTimeout(left)
                        .addInterceptor(KubeProbe::bounded)
                        .build(),
                connection.credentials(),
                connection.headers(),
                connection.identity(),
                connection.namespace(),
                connection.configuration());
        return new KubeClient(hasty, ONCE);
    }

    /** Cuts an answer off where it is too long, after it was unpacked. */
    private static Response bounded(Interceptor.Chain chain) throws IOException {
        try (Response whole = chain.proceed(chain.request())) {
            return whole.newBuilder().body(whole.peekBody(MOST_ANSWER_BYTES)).build();
        }
    }

    @Override
    public void close() {
        new KubeClient(connection, ONCE).close();
    }
}
