package io.jenkins.plugins.lockstep.kube;

import io.jenkins.plugins.lockstep.common.document.Tree;
import io.jenkins.plugins.lockstep.deploy.Cluster;
import io.jenkins.plugins.lockstep.deploy.LiveObject;
import io.jenkins.plugins.lockstep.deploy.ServedKind;
import io.jenkins.plugins.lockstep.deploy.WriteLimits;
import io.jenkins.plugins.lockstep.history.EnvironmentLock;
import io.jenkins.plugins.lockstep.history.Ledger;
import io.jenkins.plugins.lockstep.kube.KubeRequest.Method;
import io.jenkins.plugins.lockstep.manifest.ResourceKey;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A Kubernetes cluster, API version 1.20 or newer. {@link KubeClusters} opens it. */
public final class KubeCluster implements Cluster {

    /** On everything that the ledger keeps, and on nothing else. */
    static final String LEDGER_LABEL = LedgerNames.LEDGER_LABEL;

    /** A verdict quotes a few lines; a container may have written one of a gigabyte. */
    private static final int LONGEST_LOG = 256 * 1024;

    /** What the kubelet answers, with status 200, instead of a log that is gone, and while it moves one away. */
    private static final List<String> NO_LOG =
            List.of("unable to retrieve container logs for ", "failed to try resolving symlinks in path ");

    private final KubeClient client;
    private final LeaseTerms leases;
    private final WriteLimits limits;

    /** Kinds by {@code apiVersion}: only what was found, since custom resource definitions come while we look. */
    private final Map<String, Map<String, ServedKind>> served = new ConcurrentHashMap<>();

    KubeCluster(KubeClient client) {
        this(client, LeaseTerms.DEFAULT);
    }

    KubeCluster(KubeClient client, LeaseTerms leases) {
        this(client, leases, WriteLimits.NONE);
    }

    KubeCluster(KubeClient client, LeaseTerms leases, WriteLimits limits) {
        this.client = client;
        this.leases = leases;
        this.limits = limits;
    }

    /**
     * Returns the ledger of an environment; it is valid while this cluster is open.
     *
     * @param namespace where the environment lives
     */
    public Ledger ledger(String namespace, String app, String environment) {
        return new KubeLedger(client, namespace, app, environment);
    }

    KubeClient client() {
        return client;
    }

    /**
     * Returns the lock of an environment that lives in {@code namespace}. While it is held, everything that is written
     * through this cluster and its ledgers is written under it.
     */
    public EnvironmentLock lock(String namespace, String app, String environment) {
        return new KubeLock(client, namespace, app, environment, leases);
    }

    @Override
    public String location() {
        return client.connection().location();
    }

    @Override
    public String defaultNamespace() {
        return client.connection().namespace();
    }

    @Override
    public WriteLimits limits() {
        return limits;
    }

    @Override
    public boolean runsPods() {
        return true;
    }

    @Override
    public Optional<ServedKind> served(String apiVersion, String kind) {
        ServedKind known = served.getOrDefault(apiVersion, Map.of()).get(kind);
        if (known != null) {
            return Optional.of(known);
        }
        var found = discover(apiVersion);
        served.put(apiVersion, found);
        return Optional.ofNullable(found.get(kind));
    }

    private Map<String, ServedKind> discover(String apiVersion) {
        var kinds = new LinkedHashMap<String, ServedKind>();
        client.getPath(KubeRequest.groupVersion(apiVersion), "ask which kinds " + apiVersion + " has")
                .ifPresent(tree -> {
                    for (Object resource : Tree.list(tree, "resources")) {
                        String plural = Tree.text(resource, "name");
                        String kind = Tree.text(resource, "kind");
                        if (!plural.contains("/")) {
                            boolean namespaced = Tree.isTrue(resource, "namespaced");
                            kinds.putIfAbsent(kind, new ServedKind(apiVersion, kind, plural, namespaced));
                        }
                    }
                });
        return Map.copyOf(kinds);
    }

    /** A review is created and never stored; everybody may ask about themselves. */
    @Override
    public boolean allowed(String verb, ServedKind kind, String namespace) {
        return AccessReview.allows(client, verb, ResourceKey.groupOf(kind.apiVersion()), kind.plural(), namespace);
    }

    /** Where reading namespaces is forbidden, which is common, it is taken to be there: the first apply tells. */
    @Override
    public boolean hasNamespace(String namespace) {
        var request = KubeRequest.ofObject(Method.GET, "read", KubeClient.NAMESPACES, "", namespace);
        KubeAnswer answer = client.exchange(request);
        return switch (answer.code()) {
            case 403 -> true;
            case 404 -> false;
            default -> Tree.at(client.good(request, answer).tree(), "metadata", "deletionTimestamp") == null;
        };
    }

    @Override
    public List<LiveObject> list(ServedKind kind, String namespace, @Nullable String labelSelector) {
        String withoutLedger = labelSelector == null || labelSelector.isBlank()
                ? "!" + LEDGER_LABEL
                : labelSelector + ",!" + LEDGER_LABEL;
        return client.list(kind, namespace, withoutLedger, null, false).items().stream()
                .map(item -> live(kind, item))
                .toList();
    }

    @Override
    public Optional<LiveObject> get(ServedKind kind, ResourceKey key) {
        return client.get(kind, key.namespace(), key.name()).map(tree -> live(kind, tree));
    }

    @Override
    public Applied apply(ServedKind kind, ResourceKey key, Map<String, @Nullable Object> object, ApplyMode mode) {
        limits.require(kind, key);
        var applied = client.apply(kind, key.namespace(), key.name(), object, mode);
        return new Applied(live(kind, applied.object()), applied.warnings());
    }

    @Override
    public Optional<LiveObject> assignFields(ServedKind kind, LiveObject read, List<?> managedFields) {
        ResourceKey key = read.key();
        limits.require(kind, key);
        return client.assignFields(kind, key.namespace(), key.name(), read.resourceVersion(), managedFields)
                .map(tree -> live(kind, tree));
    }

    @Override
    public void delete(ServedKind kind, ResourceKey key, String uid) {
        limits.require(kind, key);
        client.delete(kind, key.namespace(), key.name(), uid);
    }

    @Override
    public Watch watch(
            ServedKind kind,
            String namespace,
            @Nullable String labelSelector,
            @Nullable String fieldSelector,
            Consumer<WatchEvent> sink) {
        return KubeWatch.start(client, new KubeWatch.Subject(kind, namespace, labelSelector, fieldSelector), sink);
    }

    @Override
    public List<String> logTail(String namespace, String pod, String container, boolean previous, int lines) {
        var path = List.of("api", "v1", "namespaces", namespace, "pods", pod, "log");
        var request = KubeRequest.ofPath(path, "read the log of pod/" + pod)
                .with("container", container)
                .with("previous", previous)
                .with("tailLines", lines)
                .with("limitBytes", LONGEST_LOG);
        return client.text(request)
                .filter(text -> NO_LOG.stream().noneMatch(text::startsWith))
                .map(text -> text.lines().toList())
                .orElse(List.of());
    }

    @Override
    public void close() {
        client.close();
    }

    /** Makes an object of a tree; lists leave out the {@code apiVersion} and {@code kind} of their items. */
    static LiveObject live(ServedKind kind, Map<String, @Nullable Object> tree) {
        var whole = new LinkedHashMap<String, @Nullable Object>();
        whole.put("apiVersion", kind.apiVersion());
        whole.put("kind", kind.kind());
        whole.putAll(tree);
        var key = new ResourceKey(
                ResourceKey.groupOf(kind.apiVersion()),
                kind.kind(),
                Tree.text(tree, "metadata", "namespace"),
                Tree.text(tree, "metadata", "name"));
        return new LiveObject(kind.apiVersion(), key, whole);
    }
}
