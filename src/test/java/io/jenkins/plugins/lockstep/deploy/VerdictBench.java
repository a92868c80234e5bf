package io.jenkins.plugins.lockstep.deploy;

import io.jenkins.plugins.lockstep.TestBed;
import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.document.Json;
import io.jenkins.plugins.lockstep.common.document.Tree;
import io.jenkins.plugins.lockstep.kube.KubeCluster;
import io.jenkins.plugins.lockstep.kube.KubeClusters;
import io.jenkins.plugins.lockstep.kube.KubeTarget;
import io.jenkins.plugins.lockstep.manifest.RenderedObject;
import io.jenkins.plugins.lockstep.manifest.ResourceKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Runs one {@link VerdictCase} in a namespace of its own. */
final class VerdictBench implements AutoCloseable {

    private static final String USER = "lockstep-verdicts-nobody";

    /**
     * How a case went.
     *
     * @param seconds from the moment at which the verdict was due, by the independent watch; NaN for a case that recovers
     * @param lasted seconds from the beginning of the rollout
     * @param held whether the independent watch saw the condition at all
     * @param steps what the engine told
     */
    record Outcome(
            VerdictCase given, Verdict verdict, double seconds, double lasted, boolean held, List<String> steps) {}

    final String namespace;
    final KubeCluster cluster;
    private final VerdictCase given;
    private final RecordedProgress progress = new RecordedProgress();
    private final List<Runnable> cleanings = Collections.synchronizedList(new ArrayList<>());
    private @Nullable Long heldAt;
    private boolean triggered;

    VerdictBench(KubeCluster cluster, VerdictCase given, String namespace) {
        this.cluster = cluster;
        this.given = given;
        this.namespace = namespace;
    }

    Outcome run() throws Exception {
        apply("", "apiVersion: v1\nkind: Namespace\nmetadata: {name: %s}\n".formatted(namespace));
        awaitServiceAccount();
        given.setup.run(this);
        List<InventoryItem> inventory = List.of();
        if (!given.before.isEmpty()) {
            inventory = roll(given.before, List.of(), given.graces).applied();
        }
        synchronized (this) {
            heldAt = null;
        }
        long begin = System.nanoTime();
        Verdict verdict;
        try {
            verdict = roll(given.yaml, inventory, given.graces).verdict();
        } catch (DeliveryException e) {
            // Refused before anything was written.
            Verdict.Code code =
                    e.getCause() instanceof Rejection rejection ? rejection.code() : Verdict.Code.CLUSTER_FAILED;
            verdict = new Verdict(code, e.getMessage(), List.of(), e.hint());
        }
        long end = System.nanoTime();
        Long held;
        synchronized (this) {
            // The engine may have been the first to see it.
            for (int i = 0; given.condition != null && heldAt == null && i < 600; i++) {
                wait(100);
            }
            held = given.condition == null ? Long.valueOf(begin) : heldAt;
        }
        double seconds = held == null || given.recovers() ? Double.NaN : (end - held - given.grace.toNanos()) / 1e9;
        return new Outcome(given, verdict, seconds, (end - begin) / 1e9, held != null, progress.steps());
    }

    /** Takes in what the independent watch saw in this namespace. */
    void saw(Map<String, Object> object) {
        long now = System.nanoTime();
        boolean trigger;
        synchronized (this) {
            if (heldAt == null && given.condition != null && given.condition.test(object)) {
                heldAt = now;
            }
            trigger = !triggered && given.trigger != null && given.trigger.test(object);
            triggered |= trigger;
        }
        if (trigger) {
            var thread = new Thread(() -> {
                try {
                    given.action.run(this);
                } catch (Exception e) {
                    progress.step("the test's own action failed: " + e);
                }
            });
            thread.setDaemon(true);
            thread.start();
        }
    }

    private RolloutResult roll(String template, List<InventoryItem> inventory, Map<String, String> graces)
            throws IOException {
        List<RenderedObject> desired = Rendered.objects(namespace, template.replace("NAMESPACE", namespace));
        var options = RolloutOptions.within(given.timeout).patient(Graces.DEFAULT.with(graces));
        var stamp = new Stamp("cart", "test", "0123456789".repeat(4), 1, "seal");
        if (!given.restricted) {
            Plan plan = new Planner(cluster).plan(desired, inventory, PlanOptions.DEPLOY);
            return new Rollout(cluster, options).run(plan, stamp, progress);
        }
        Path kubeconfig = Files.createTempFile("verdicts", ".kubeconfig");
        try {
            String own = Files.readString(TestBed.kubeconfig());
            Files.writeString(kubeconfig, impersonating(own));
            try (KubeCluster restricted =
                    new KubeClusters(System.getenv()).open(new KubeTarget(kubeconfig, null, null))) {
                Plan plan = new Planner(restricted).plan(desired, inventory, PlanOptions.DEPLOY);
                return new Rollout(restricted, options).run(plan, stamp, progress);
            }
        } finally {
            Files.delete(kubeconfig);
        }
    }

    @SuppressWarnings("unchecked")
    private static String impersonating(String kubeconfig) {
        Object tree = Rendered.tree(kubeconfig);
        for (Object user : Tree.list(tree, "users")) {
            ((Map<String, Object>) Tree.at(user, "user")).put("as", USER);
        }
        return Json.canonical(tree);
    }

    /** Lets the user of restricted cases read everything in the namespace, and write nothing. */
    void allowReading() {
        apply(
                """
                apiVersion: rbac.authorization.k8s.io/v1
                kind: Role
                metadata: {name: reader}
                rules: [{apiGroups: ['*'], resources: ['*'], verbs: [get, list, watch]}]
                ---
                apiVersion: rbac.authorization.k8s.io/v1
                kind: RoleBinding
                metadata: {name: reader}
                roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: reader}
                subjects: [{kind: User, name: %s, apiGroup: rbac.authorization.k8s.io}]
                """
                        .formatted(USER));
    }

    /** Lets the API server ask a webhook about every pod of the namespace. */
    void webhookForPods(String url, String caBundle) {
        apply(
                "",
                "apiVersion: v1\nkind: Namespace\nmetadata: {name: %1$s, labels: {lockstep-verdicts: %1$s}}\n"
                        .formatted(namespace));
        apply(
                "",
                """
                apiVersion: admissionregistration.k8s.io/v1
                kind: ValidatingWebhookConfiguration
                metadata: {name: %1$s}
                webhooks:
                - name: signed.lockstep.test
                  admissionReviewVersions: [v1]
                  sideEffects: None
                  failurePolicy: Fail
                  timeoutSeconds: 2
                  namespaceSelector: {matchLabels: {lockstep-verdicts: %1$s}}
                  clientConfig: {url: "%2$s", caBundle: %3$s}
                  rules: [{apiGroups: [''], apiVersions: [v1], resources: [pods], operations: [CREATE], scope: '*'}]
                """
                        .formatted(namespace, url, caBundle));
    }

    void apply(String yaml) {
        apply(namespace, yaml);
    }

    void apply(String inNamespace, String yaml) {
        for (RenderedObject object : Rendered.objects(inNamespace, yaml)) {
            ServedKind kind = kind(object.apiVersion(), object.key().kind());
            Map<String, Object> whole = Tree.copy(object.tree());
            cluster.apply(kind, object.key(), whole, new Cluster.ApplyMode("test", true, false));
            if (inNamespace.isEmpty() && !object.key().kind().equals("Namespace")) {
                cleanings.add(() -> delete(kind, object.key()));
            }
        }
    }

    void delete(ServedKind kind, ResourceKey key) {
        cluster.get(kind, key).ifPresent(live -> cluster.delete(kind, key, live.uid()));
    }

    ServedKind kind(String apiVersion, String kind) {
        return cluster.served(apiVersion, kind).orElseThrow();
    }

    void atTheEnd(Runnable cleaning) {
        cleanings.add(cleaning);
    }

    /** Returns the newest pod of the case. */
    LiveObject pod() {
        return cluster.list(kind("v1", "Pod"), namespace, null).stream()
                .findFirst()
                .orElseThrow();
    }

    /** Says of the pod what the cluster autoscaler would say; the test bed has none. */
    void autoscalerSays(String reason, String message) {
        LiveObject pod = pod();
        apply(
                """
                apiVersion: v1
                kind: Event
                metadata: {name: %1$s}
                involvedObject: {kind: Pod, apiVersion: v1, name: "%2$s", namespace: "%3$s", uid: "%4$s"}
                reason: %5$s
                message: "%6$s"
                type: Normal
                source: {component: cluster-autoscaler}
                """
                        .formatted(
                                "autoscaler-" + reason.toLowerCase(Locale.ROOT),
                                pod.key().name(),
                                namespace,
                                pod.uid(),
                                reason,
                                message));
    }

    /** Labels every node that works with the namespace's name. */
    void labelNodes() {
        ServedKind nodes = kind("v1", "Node");
        for (LiveObject node : cluster.list(nodes, "", null)) {
            if (Conditions.isTrue(node, "Ready")) {
                var mode = new Cluster.ApplyMode("verdicts-" + namespace, true, false);
                cluster.apply(nodes, node.key(), labelled(node, Map.of("lockstep-" + namespace, "here")), mode);
                cleanings.add(() -> cluster.apply(nodes, node.key(), labelled(node, Map.of()), mode));
            }
        }
    }

    private static Map<String, Object> labelled(LiveObject node, Map<String, Object> labels) {
        return Map.of(
                "apiVersion", "v1",
                "kind", "Node",
                "metadata", Map.of("name", node.key().name(), "labels", labels));
    }

    private void awaitServiceAccount() throws InterruptedException {
        var key = new ResourceKey("", "ServiceAccount", namespace, "default");
        for (int i = 0; i < 600; i++) {
            Optional<LiveObject> account = cluster.get(kind("v1", "ServiceAccount"), key);
            // Clusters from 1.24 on make no token Secrets, and need none.
            if (account.isPresent()
                    && (i > 50 || !Tree.list(account.get().tree(), "secrets").isEmpty())) {
                return;
            }
            Thread.sleep(100);
        }
        throw new IllegalStateException("no service account in " + namespace);
    }

    static void pause(Duration time) throws InterruptedException {
        Thread.sleep(time.toMillis());
    }

    @Override
    public void close() {
        cleanings.forEach(Runnable::run);
        delete(kind("v1", "Namespace"), new ResourceKey("", "Namespace", "", namespace));
    }
}
