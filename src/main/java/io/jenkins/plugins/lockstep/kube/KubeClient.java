package io.jenkins.plugins.lockstep.kube;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.common.Progress;
import io.jenkins.plugins.lockstep.common.document.Tree;
import io.jenkins.plugins.lockstep.deploy.Cluster;
import io.jenkins.plugins.lockstep.deploy.ServedKind;
import io.jenkins.plugins.lockstep.kube.KubeRequest.Method;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import okhttp3.Call;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;

/**
 * Speaks JSON with an API server, in plain trees.
 *
 * <p>Thread-safe. Passing faults are met by the {@link RetryPolicy} and told once each ({@link FaultNotices}). A creation
 * or an update whose answer was lost is repeated too: at most one of the tries can take effect, since an object has a name
 * and an update the version that it replaces, and what is there afterwards tells whose it was. Every method throws {@link DeliveryException} as
 * {@link KubeFailures} says, or with {@link Problem#INTERRUPTED} (and the thread's interrupt flag set again).
 */
final class KubeClient implements AutoCloseable {

    static final ServedKind CONFIG_MAPS = new ServedKind("v1", "ConfigMap", "configmaps", true);
    static final ServedKind SECRETS = new ServedKind("v1", "Secret", "secrets", true);
    static final ServedKind NAMESPACES = new ServedKind("v1", "Namespace", "namespaces", false);
    static final ServedKind PODS = new ServedKind("v1", "Pod", "pods", true);

    /** Large enough that almost every list is one request: an application of a thousand objects is, too. */
    private static final int PAGE = 2_000;

    private final KubeConnection connection;
    private final KubeTransport transport;
    private final RetryPolicy retries;
    private final KubeFailures failures;
    private final WriteFence fence = new WriteFence();
    private final FaultNotices notices;

    /** Whether the server ever answered: then a refused connection means that it restarts, not that the URL is wrong. */
    private volatile boolean met;

    KubeClient(KubeConnection connection, RetryPolicy retries) {
        this(connection, retries, Progress.NONE);
    }

    /** @param progress is told, once, that the server fails and is tried again */
    KubeClient(KubeConnection connection, RetryPolicy retries, Progress progress) {
        this(connection, retries, new FaultNotices(connection.location(), retries.budget(), progress));
    }

    private KubeClient(KubeConnection connection, RetryPolicy retries, FaultNotices notices) {
        this.connection = connection;
        this.transport = new KubeTransport(connection);
        this.retries = retries;
        this.failures = KubeFailures.of(connection);
        this.notices = notices;
    }

    /** Returns a client that does and tells the same, and that no fence stops. It need not be closed. */
    KubeClient unfenced() {
        return new KubeClient(connection, retries, notices);
    }

    /** Returns such a client that spends less time on a request: {@code limit} on each of two tries. */
    KubeClient unfenced(Duration limit) {
        var hasty = new KubeConnection(
                connection.server(),
                connection.http().newBuilder().callTimeout(limit).build(),
                connection.credentials(),
                connection.headers(),
                connection.identity(),
                connection.namespace(),
                connection.configuration());
        return new KubeClient(hasty, new RetryPolicy(2, limit.multipliedBy(2), Duration.ofMillis(200)), notices);
    }

    KubeConnection connection() {
        return connection;
    }

    RetryPolicy retries() {
        return retries;
    }

    KubeFailures failures() {
        return failures;
    }

    /** Returns what is asked before each try of each request that is not a read. */
    WriteFence fence() {
        return fence;
    }

    FaultNotices notices() {
        return notices;
    }

    /** Reads one object; empty where it is not there. */
    Optional<Map<String, @Nullable Object>> get(ServedKind kind, String namespace, String name) {
        var request = KubeRequest.ofObject(Method.GET, "read", kind, namespace, name);
        KubeAnswer answer = exchange(request);
        return answer.code() == 404
                ? Optional.empty()
                : Optional.of(good(request, answer).tree());
    }

    /** Tells whether there is an object of that name, without what is in it. */
    boolean isThere(ServedKind kind, String namespace, String name) {
        var request =
                KubeRequest.ofObject(Method.GET, "read", kind, namespace, name).metadataOfOne();
        KubeAnswer answer = exchange(request);
        return answer.code() != 404 && good(request, answer).isGood();
    }

    /** Reads a path that is no object, such as {@code apis/apps/v1}; empty where it is not there. */
    Optional<Map<String, @Nullable Object>> getPath(List<String> path, String purpose) {
        var request = KubeRequest.ofPath(path, purpose);
        KubeAnswer answer = exchange(request);
        return answer.code() == 404
                ? Optional.empty()
                : Optional.of(good(request, answer).tree());
    }

    /**
     * What a list gave.
     *
     * @param items the objects, without the {@code apiVersion} and {@code kind} that lists leave out
     * @param resourceVersion where a watch begins that shall miss nothing
     */
    record Listing(List<Map<String, @Nullable Object>> items, String resourceVersion) {}

    /**
     * Lists a kind, in pages.
     *
     * @param namespace empty for all namespaces, or for cluster-scoped kinds
     * @param metadataOnly leaves out everything but {@code metadata}
     */
    Listing list(
            ServedKind kind,
            String namespace,
            @Nullable String labelSelector,
            @Nullable String fieldSelector,
            boolean metadataOnly) {
        var items = new ArrayList<Map<String, @Nullable Object>>();
        String resourceVersion =
                pages(kind, namespace, labelSelector, fieldSelector, metadataOnly, items::add, items::clear);
        return new Listing(items, resourceVersion);
    }

    /**
     * Lists a kind without holding more than a page of it.
     *
     * @param sink may get an object a second time, where the list had to begin again
     */
    void each(
            ServedKind kind,
            String namespace,
            @Nullable String labelSelector,
            boolean metadataOnly,
            Consumer<Map<String, @Nullable Object>> sink) {
        pages(kind, namespace, labelSelector, null, metadataOnly, sink, () -> {});
    }

    private String pages(
            ServedKind kind,
            String namespace,
            @Nullable String labelSelector,
            @Nullable String fieldSelector,
            boolean metadataOnly,
            Consumer<Map<String, @Nullable Object>> sink,
            Runnable again) {
        var all = KubeRequest.ofCollection(Method.GET, "list", kind, namespace)
                .with("labelSelector", labelSelector)
                .with("fieldSelector", fieldSelector);
        var request = metadataOnly ? all.metadataOnly() : all;
        String next = "";
        boolean inPages = true;
        while (true) {
            var page = inPages ? request.with("limit", PAGE) : request;
            KubeAnswer answer = exchange(next.isEmpty() ? page : page.with("continue", next));
            if (answer.code() == 410 && !next.isEmpty()) {
                // The snapshot that the pages are cut from has expired: once more, in one piece.
                again.run();
                next = "";
                inPages = false;
                continue;
            }
            var tree = good(request, answer).tree();
            for (Object item : Tree.list(tree, "items")) {
                sink.accept(Tree.map(item));
            }
            next = Tree.text(tree, "metadata", "continue");
            if (next.isEmpty()) {
                return Tree.text(tree, "metadata", "resourceVersion");
            }
        }
    }

    /** Asks for something that is answered and not kept, such as a review of rights. */
    Map<String, @Nullable Object> ask(KubeRequest request) {
        return good(request, settle(request).answer()).tree();
    }

    /** Creates an object; empty where there is one of that name already, which is left as it is. */
    Optional<Map<String, @Nullable Object>> create(ServedKind kind, String namespace, Map<String, ?> object) {
        var request = KubeRequest.ofCreation(kind, namespace, Tree.text(object, "metadata", "name"))
                .with("fieldManager", Cluster.MANAGER)
                .sending(object, KubeRequest.JSON);
        Outcome outcome = settle(request);
        KubeAnswer answer = outcome.answer();
        if (answer.code() == 409 && Tree.text(answer.tree(), "reason").equals("AlreadyExists")) {
            return outcome.inDoubt() ? ifTookEffect(kind, namespace, object) : Optional.empty();
        }
        return Optional.of(good(request, answer).tree());
    }

    /**
     * Replaces an object, if it still has the {@code metadata.resourceVersion} that {@code object} carries; empty where
     * it has changed meanwhile.
     */
    Optional<Map<String, @Nullable Object>> update(ServedKind kind, String namespace, Map<String, ?> object) {
        String name = Tree.text(object, "metadata", "name");
        var request = KubeRequest.ofObject(Method.PUT, "update", kind, namespace, name)
                .with("fieldManager", Cluster.MANAGER)
                .sending(object, KubeRequest.JSON);
        Outcome outcome = settle(request);
        KubeAnswer answer = outcome.answer();
        if (answer.code() == 409 && Tree.text(answer.tree(), "reason").equals("Conflict")) {
            return outcome.inDoubt() ? ifTookEffect(kind, namespace, object) : Optional.empty();
        }
        return Optional.of(good(request, answer).tree());
    }

    /** Returns the live object where it is what an earlier try sent, whose answer was lost. */
    private Optional<Map<String, @Nullable Object>> ifTookEffect(
            ServedKind kind, String namespace, Map<String, ?> sent) {
        return get(kind, namespace, Tree.text(sent, "metadata", "name"))
                .filter(live -> LostAnswer.tookEffect(sent, live));
    }

    /**
     * What an apply gave.
     *
     * @param object as it is now, or would be
     * @param warnings the server's own words
     */
    record Applied(Map<String, @Nullable Object> object, List<String> warnings) {}

    /** Applies an object on the server's side. */
    Applied apply(ServedKind kind, String namespace, String name, Map<String, ?> object, Cluster.ApplyMode mode) {
        var request = KubeRequest.ofObject(
                        Method.PATCH, mode.dryRun() ? "try to apply" : "apply", kind, namespace, name)
                .with("fieldManager", mode.manager())
                .with("force", mode.force())
                .with("dryRun", mode.dryRun() ? "All" : null)
                .sending(object, KubeRequest.APPLY);
        KubeAnswer answer = good(request, exchange(request));
        return new Applied(answer.tree(), answer.warnings());
    }

    /**
     * Replaces {@code metadata.managedFields}, if the object still has that {@code metadata.resourceVersion}; empty where
     * it has changed meanwhile.
     */
    Optional<Map<String, @Nullable Object>> assignFields(
            ServedKind kind, String namespace, String name, String resourceVersion, List<?> managedFields) {
        var request = KubeRequest.ofObject(Method.PATCH, "take over", kind, namespace, name)
                .sending(
                        List.of(
                                // Not "test": a test that fails is answered as any invalid patch is, this one with 409.
                                Map.of("op", "replace", "path", "/metadata/resourceVersion", "value", resourceVersion),
                                Map.of("op", "replace", "path", "/metadata/managedFields", "value", managedFields)),
                        KubeRequest.JSON_PATCH);
        KubeAnswer answer = exchange(request);
        return answer.code() == 409
                ? Optional.empty()
                : Optional.of(good(request, answer).tree());
    }

    /**
     * Deletes an object in the background.
     *
     * @param uid the only incarnation that may be deleted
     * @return false where that incarnation was not there (any more)
     */
    boolean delete(ServedKind kind, String namespace, String name, String uid) {
        var options = Map.of(
                "apiVersion", "v1",
                "kind", "DeleteOptions",
                "propagationPolicy", "Background",
                "preconditions", Map.of("uid", uid));
        var request = KubeRequest.ofObject(Method.DELETE, "delete", kind, namespace, name)
                .sending(options, KubeRequest.JSON);
        KubeAnswer answer = exchange(request);
        boolean other =
                answer.code() == 409 && Tree.text(answer.tree(), "message").contains("UID");
        if (answer.code() == 404 || other) {
            return false;
        }
        good(request, answer);
        return true;
    }

    /** Reads text, such as a log; empty where the server has none (400 and 404). */
    Optional<String> text(KubeRequest request) {
        KubeAnswer answer = exchange(request.plainText());
        return answer.code() == 404 || answer.code() == 400
                ? Optional.empty()
                : Optional.of(good(request, answer).body());
    }

    /**
     * Prepares a request whose answer is read while it comes; the caller executes, reads, closes and cancels it.
     *
     * @param silence how long the server may say nothing
     */
    Call stream(KubeRequest request, @Nullable String authorization, Duration silence) {
        OkHttpClient patient =
                connection.http().newBuilder().readTimeout(silence).build();
        return patient.newCall(transport.prepared(request, authorization));
    }

    /** Sends a request, again where that may help; what comes back is the last answer, good or not. */
    KubeAnswer exchange(KubeRequest request) {
        return exchange(request, request.method().isRepeatable()).answer();
    }

    /** Sends a creation or an update until there is an answer: who sends it twice can tell afterwards what happened. */
    private Outcome settle(KubeRequest request) {
        return exchange(request, true);
    }

    /**
     * What came of a request.
     *
     * @param answer the last one
     * @param inDoubt whether an earlier try may have taken effect, too
     */
    private record Outcome(KubeAnswer answer, boolean inDoubt) {}

    private Outcome exchange(KubeRequest request, boolean repeatable) {
        try {
            return exchangeWithRetries(request, repeatable);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw DeliveryException.of(Problem.INTERRUPTED, "interrupted in the attempt to " + request.purpose())
                    .where(connection.location())
                    .causedBy(e);
        }
    }

    private Outcome exchangeWithRetries(KubeRequest request, boolean repeatable) throws InterruptedException {
        var attempts = retries.begin();
        boolean renewed = false;
        boolean inDoubt = false;
        while (true) {
            if (request.method() != Method.GET) {
                fence.check();
            }
            String authorization = connection.credentials().authorization();
            try {
                KubeAnswer answer = transport.send(request, authorization);
                met = true;
                if (answer.code() == 401 && !renewed && connection.credentials().renew(authorization)) {
                    renewed = true;
                    continue;
                }
                if (KubeFailures.isLostRace(request.method(), answer)) {
                    if (attempts.pause(answer.retryAfter(), () -> {})) {
                        continue;
                    }
                    return new Outcome(answer, inDoubt);
                }
                boolean untouched = KubeFailures.isUntouched(answer);
                boolean maySucceed = KubeFailures.isPassing(answer) && (repeatable || untouched);
                if (!maySucceed
                        || !attempts.pause(
                                answer.retryAfter(), () -> notices.tell("answered " + answer.code(), request))) {
                    return new Outcome(answer, inDoubt);
                }
                inDoubt |= !untouched;
            } catch (IOException e) {
                boolean unsent = KubeFailures.isUnsent(e);
                boolean mayRepeat = KubeFailures.isPassing(e) && (unsent ? met : repeatable);
                if (e instanceof SocketTimeoutException) {
                    attempts.forgiveStall();
                }
                if (!mayRepeat || !attempts.pause(null, () -> notices.tell(KubeFailures.fault(e), request))) {
                    throw failures.unreachable(request, e);
                }
                inDoubt |= !unsent;
            }
        }
    }

    /** Returns the answer, or throws what a refusal means. */
    KubeAnswer good(KubeRequest request, KubeAnswer answer) {
        if (!answer.isGood()) {
            throw failures.refused(request, answer);
        }
        return answer;
    }

    /** Ends all requests that still run: they fail. Connections stay for whoever opens the same cluster soon. */
    @Override
    public void close() {
        connection.http().dispatcher().cancelAll();
        connection.http().dispatcher().executorService().shutdown();
    }
}
