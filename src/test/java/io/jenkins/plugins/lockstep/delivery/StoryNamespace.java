package io.jenkins.plugins.lockstep.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.lockstep.TestBed;
import io.jenkins.plugins.lockstep.common.document.DocumentReader;
import io.jenkins.plugins.lockstep.common.document.Tree;
import io.jenkins.plugins.lockstep.delivery.StatusResult.Pod;
import io.jenkins.plugins.lockstep.deploy.Cluster;
import io.jenkins.plugins.lockstep.deploy.LiveObject;
import io.jenkins.plugins.lockstep.deploy.ServedKind;
import io.jenkins.plugins.lockstep.deploy.Stamp;
import io.jenkins.plugins.lockstep.kube.ClientSideApplied;
import io.jenkins.plugins.lockstep.kube.KubeCluster;
import io.jenkins.plugins.lockstep.kube.KubeClusters;
import io.jenkins.plugins.lockstep.kube.KubeTarget;
import io.jenkins.plugins.lockstep.kube.ScaledByHand;
import io.jenkins.plugins.lockstep.manifest.ResourceKey;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentSkipListSet;

/** A namespace of its own on the test bed's cluster, which goes away with it, and what other people do and see there. */
final class StoryNamespace implements AutoCloseable {

    /** Who is not Lockstep. */
    private static final String SOMEBODY = "somebody";

    private static final long POLL_MILLIS = 100;
    private static final Duration HTTP_PATIENCE = Duration.ofSeconds(20);
    private static final Set<String> SERVERS_METADATA =
            Set.of("uid", "resourceVersion", "generation", "creationTimestamp", "managedFields", "selfLink");

    private final KubeCluster cluster;
    private final String name = "story-" + UUID.randomUUID().toString().substring(0, 8);
    private final List<Cluster.Watch> watches = new ArrayList<>();

    private StoryNamespace(KubeCluster cluster) {
        this.cluster = cluster;
    }

    /** Makes a namespace in which pods can start: its default service account is there. */
    static StoryNamespace make() throws InterruptedException {
        var namespace =
                new StoryNamespace(new KubeClusters(Map.of()).open(new KubeTarget(TestBed.kubeconfig(), null, null)));
        namespace.apply("v1", "Namespace", "", namespace.name, Map.of());
        while (namespace.find("v1", "ServiceAccount", "default").isEmpty()) {
            Thread.sleep(POLL_MILLIS);
        }
        return namespace;
    }

    String name() {
        return name;
    }

    Target target() {
        return new Target.Kubernetes(TestBed.kubeconfig(), null, name);
    }

    /** Returns a repository that nothing else pushes to, so that no image of an earlier run is reused. */
    String imageRepository() {
        return TestBed.registry() + "/" + name + "/cart";
    }

    /** Makes an object as somebody else than Lockstep. */
    LiveObject create(String apiVersion, String kind, String objectName, Map<String, Object> rest) {
        return apply(apiVersion, kind, name, objectName, rest);
    }

    /** Does what {@code kubectl scale} does. */
    void scale(String deployment, int replicas) {
        ScaledByHand.scale(cluster, name, deployment, replicas);
    }

    /** Makes an object of YAML as {@code kubectl apply} does. */
    void kubectlApply(String yaml) {
        Map<String, Object> tree = tree(yaml);
        ClientSideApplied.byKubectl(cluster, served(Tree.text(tree, "apiVersion"), Tree.text(tree, "kind")), tree);
    }

    /** Makes an object of YAML as Helm does. */
    void helmInstall(String yaml, String release) {
        Map<String, Object> tree = tree(yaml);
        ClientSideApplied.byHelm(
                cluster, served(Tree.text(tree, "apiVersion"), Tree.text(tree, "kind")), tree, release);
    }

    /** Changes an object as {@code kubectl edit} does. */
    void kubectlEdit(String apiVersion, String kind, String objectName, Map<String, Object> change) {
        ClientSideApplied.editedByKubectl(cluster, served(apiVersion, kind), name, objectName, change);
    }

    /** Deletes an object as somebody else does. */
    void delete(String apiVersion, String kind, String objectName) {
        LiveObject live = get(apiVersion, kind, objectName);
        cluster.delete(served(apiVersion, kind), live.key(), live.uid());
    }

    private Map<String, Object> tree(String yaml) {
        Map<String, Object> tree = Tree.copy(Tree.map(new DocumentReader()
                .read("test.yaml", yaml.getBytes(StandardCharsets.UTF_8))
                .get(0)
                .tree()));
        Map<String, Object> metadata = Tree.map(tree, "metadata");
        metadata.put("namespace", name);
        tree.put("metadata", metadata);
        return tree;
    }

    /** Sets a container's image as somebody else than Lockstep, who insists. */
    void takeImage(String deployment, String container, String image) {
        var spec = Map.<String, Object>of(
                "template", Map.of("spec", Map.of("containers", List.of(Map.of("name", container, "image", image)))));
        cluster.apply(
                served("apps/v1", "Deployment"),
                new ResourceKey("apps", "Deployment", name, deployment),
                Map.of(
                        "apiVersion",
                        "apps/v1",
                        "kind",
                        "Deployment",
                        "metadata",
                        Map.of("name", deployment, "namespace", name),
                        "spec",
                        spec),
                new Cluster.ApplyMode(SOMEBODY, true, false));
    }

    Optional<LiveObject> find(String apiVersion, String kind, String objectName) {
        return cluster.get(
                served(apiVersion, kind), new ResourceKey(ResourceKey.groupOf(apiVersion), kind, name, objectName));
    }

    LiveObject get(String apiVersion, String kind, String objectName) {
        return find(apiVersion, kind, objectName)
                .orElseThrow(() -> new AssertionError("no " + kind + " " + objectName + " in " + name));
    }

    /** Lists a kind, without what the ledger keeps. */
    List<LiveObject> list(String apiVersion, String kind) {
        return cluster.list(served(apiVersion, kind), name, null);
    }

    /** Returns the UIDs of the objects of a kind whose label {@code app} is {@code app}. */
    Set<String> uids(String apiVersion, String kind, String app) {
        var uids = new TreeSet<String>();
        cluster.list(served(apiVersion, kind), name, "app=" + app).forEach(live -> uids.add(live.uid()));
        return uids;
    }

    /** Returns a set into which, from now on, the UID of each object of a kind comes, even if it is deleted soon. */
    Set<String> uidsFromNowOn(String apiVersion, String kind) {
        var uids = new ConcurrentSkipListSet<String>();
        watches.add(cluster.watch(served(apiVersion, kind), name, null, null, event -> {
            LiveObject object = event.object();
            if (object != null) {
                uids.add(object.uid());
            }
        }));
        return uids;
    }

    /** Asks each ready pod that has an address over HTTP, on port 8080, and returns the answers. */
    static List<String> answers(StatusResult status) throws IOException, InterruptedException {
        var client = HttpClient.newBuilder().connectTimeout(HTTP_PATIENCE).build();
        var answers = new ArrayList<String>();
        for (Pod pod : status.environments().get(0).pods()) {
            if (pod.ready() && pod.address() != null) {
                var request = HttpRequest.newBuilder(URI.create("http://" + pod.address() + ":8080/"))
                        .timeout(HTTP_PATIENCE)
                        .build();
                HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
                assertThat(answer.statusCode()).isEqualTo(200);
                answers.add(answer.body());
            }
        }
        return answers;
    }

    /** Returns everything that was written to an object: neither what the server adds, nor the release's number. */
    static Map<String, Object> written(LiveObject live) {
        Map<String, Object> tree = Tree.copy(live.tree());
        tree.remove("status");
        Map<String, Object> metadata = Tree.map(tree, "metadata");
        SERVERS_METADATA.forEach(metadata::remove);
        Map<String, Object> annotations = Tree.map(metadata, "annotations");
        annotations.remove(Stamp.RELEASE_ANNOTATION);
        annotations.remove("deployment.kubernetes.io/revision"); // counts the Deployment's templates
        metadata.put("annotations", annotations);
        tree.put("metadata", metadata);
        return tree;
    }

    /** Returns the fields that Lockstep owns, by its managers. */
    static Map<String, Object> owned(LiveObject live) {
        var owned = new LinkedHashMap<String, Object>();
        for (Object entry : Tree.list(live.tree(), "metadata", "managedFields")) {
            String manager = Tree.text(entry, "manager");
            if (manager.startsWith(Cluster.MANAGER)) {
                owned.put(manager, Tree.map(entry, "fieldsV1"));
            }
        }
        return owned;
    }

    @Override
    public void close() {
        watches.forEach(Cluster.Watch::close);
        var key = new ResourceKey("", "Namespace", "", name);
        ServedKind namespaces = served("v1", "Namespace");
        cluster.get(namespaces, key).ifPresent(live -> cluster.delete(namespaces, key, live.uid()));
        cluster.close();
    }

    private LiveObject apply(
            String apiVersion, String kind, String namespace, String objectName, Map<String, Object> rest) {
        var tree = new LinkedHashMap<String, Object>();
        tree.put("apiVersion", apiVersion);
        tree.put("kind", kind);
        tree.put(
                "metadata",
                namespace.isEmpty() ? Map.of("name", objectName) : Map.of("name", objectName, "namespace", namespace));
        tree.putAll(rest);
        return cluster.apply(
                        served(apiVersion, kind),
                        new ResourceKey(ResourceKey.groupOf(apiVersion), kind, namespace, objectName),
                        tree,
                        new Cluster.ApplyMode(SOMEBODY, false, false))
                .object();
    }

    private ServedKind served(String apiVersion, String kind) {
        return cluster.served(apiVersion, kind).orElseThrow();
    }
}
