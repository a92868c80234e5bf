package io.jenkins.plugins.lockstep.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.lockstep.ClusterTest;
import io.jenkins.plugins.lockstep.common.Progress;
import io.jenkins.plugins.lockstep.deploy.Change;
import io.jenkins.plugins.lockstep.deploy.Verdict;
import io.jenkins.plugins.lockstep.kube.FaultyFront;
import io.jenkins.plugins.lockstep.revision.GitTestRepository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a whole deploy asks a real API server, counted by a front before it: how often is what its speed depends on, and
 * unlike a time it is the same on every machine. {@code docs/performance.md} has the same lists.
 */
@ClusterTest
class DeployRequestsTest {

    private static final int COUNT = 30;

    @TempDir
    Path temporary;

    private StoryNamespace namespace;
    private FaultyFront front;
    private GitTestRepository repository;
    private Delivery delivery;

    @BeforeEach
    void start() throws Exception {
        namespace = StoryNamespace.make();
        front = FaultyFront.beforeTestBed();
        delivery = new DeliveryFactory(Map.of("HOME", temporary.resolve("home").toString())).delivery();
        repository = GitTestRepository.init(temporary.resolve("many"))
                .write(
                        "lockstep.yaml",
                        """
                        apiVersion: lockstep/v1
                        app: many
                        image:
                          repository: %s
                          base: scratch
                          layers:
                            - { from: app, to: /app }
                        manifests: deploy/
                        environments:
                          staging: {}
                        """
                                .formatted(namespace.imageRepository()))
                .write("app/run", "run\n");
    }

    @AfterEach
    void end() {
        front.close();
        namespace.close();
    }

    @Test
    void aFirstDeployPatchesEachObjectOnceAndOneWithoutChangesPatchesNothing() throws Exception {
        repository.write("deploy/maps.yaml", configMaps(1)).commit("first");
        build();

        assertThat(counted(deploy()))
                .containsExactlyInAnyOrderEntriesOf(Map.ofEntries(
                        Map.entry("PATCH configmaps/NAME", COUNT),
                        Map.entry("GET v1", 1),
                        Map.entry("GET namespace", 1),
                        Map.entry("GET configmaps", 1),
                        // One without recent releases is read whole, too: to be sure that it is empty.
                        Map.entry("GET configmaps of the ledger", 4),
                        Map.entry("GET configmaps/HOLDS", 2),
                        Map.entry("POST configmaps", 2),
                        Map.entry("PUT configmaps/LEDGER", 1),
                        Map.entry("GET leases/LOCK", 4),
                        Map.entry("POST leases", 1),
                        Map.entry("PUT leases/LOCK", 1)));

        assertThat(counted(deploy()))
                .containsExactlyInAnyOrderEntriesOf(Map.ofEntries(
                        Map.entry("GET v1", 1),
                        Map.entry("GET namespace", 1),
                        Map.entry("GET configmaps", 1),
                        Map.entry("GET configmaps of the ledger", 1),
                        Map.entry("GET configmaps/LEDGER", 1),
                        Map.entry("GET leases/LOCK", 1),
                        Map.entry("PUT leases/LOCK", 2)));
    }

    @Test
    void aMixedApplicationIsListedOncePerKind() throws Exception {
        repository
                .write("deploy/maps.yaml", configMaps(1))
                .write("deploy/web.yaml", deployments())
                .write("deploy/services.yaml", services())
                .commit("first");
        build();
        Map<String, Integer> first = counted(deploy());
        assertThat(first)
                // With a count of pods each takes three, so that the count is never the manager's who applies the rest.
                .containsEntry("PATCH deployments/NAME", 3 * COUNT)
                .containsEntry("PATCH services/NAME", COUNT)
                .containsEntry("PATCH configmaps/NAME", COUNT)
                .containsEntry("GET configmaps", 1)
                .containsEntry("GET services", 1);

        assertThat(counted(deploy()))
                .containsExactlyInAnyOrderEntriesOf(Map.ofEntries(
                        Map.entry("GET v1", 1),
                        Map.entry("GET apps/v1", 1),
                        Map.entry("GET namespace", 1),
                        Map.entry("GET configmaps", 1),
                        Map.entry("GET services", 1),
                        Map.entry("GET deployments", 1),
                        Map.entry("GET configmaps of the ledger", 1),
                        Map.entry("GET configmaps/LEDGER", 1),
                        Map.entry("GET leases/LOCK", 1),
                        Map.entry("PUT leases/LOCK", 2)));
    }

    @Test
    void whatSomebodyElseChangesMeanwhileIsNotTakenForUnchanged() throws Exception {
        repository.write("deploy/maps.yaml", configMaps(1)).commit("first");
        build();
        deploy();
        namespace.edit("v1", "ConfigMap", "settings-7", Map.of("data", Map.of("a", "somebody's")));

        assertThat(delivery.plan(request(namespace.target())).rehearsal().plan().changes())
                .filteredOn(change -> change.operation() == Change.Operation.CONFIGURE)
                .extracting(change -> change.key().name())
                .containsExactly("settings-7");
    }

    private void build() throws InterruptedException {
        delivery.build(location(), namespace.target(), Progress.NONE);
    }

    /** Deploys by the front, and returns what was asked meanwhile. */
    private List<String> deploy() throws Exception {
        front.forget();
        DeployResult result = delivery.deploy(request(new Target.Kubernetes(kubeconfig(), null, null)), Progress.NONE);
        assertThat(result.verdict().code()).isEqualTo(Verdict.Code.RUNNING);
        return front.requests();
    }

    private DeployRequest request(Target target) {
        return new DeployRequest(location(), "staging", target, RolloutSettings.DEFAULT, new Actor("jane", null));
    }

    /** Counts requests by what they are about. */
    private Map<String, Integer> counted(List<String> requests) {
        var counts = new TreeMap<String, Integer>();
        for (String request : requests) {
            String ledger = request.contains("lockstep.io%2Fledger%3D") || request.contains("lockstep.io/ledger=")
                    ? " of the ledger"
                    : request.contains("watch=true") ? ", followed" : "";
            String plain = request.replaceAll("\\?.*", "")
                    .replaceAll(" /apis?/", " ")
                    .replaceAll(" (apps/|coordination.k8s.io/)?v1/", " ")
                    .replaceAll("namespaces/" + namespace.name() + "$", "namespace")
                    .replaceAll("namespaces/" + namespace.name() + "/", "")
                    .replaceAll("leases/.*", "leases/LOCK")
                    .replaceAll("configmaps/lockstep-many-staging-[0-9]+$", "configmaps/LEDGER")
                    .replaceAll("configmaps/lockstep-.*hold.*", "configmaps/HOLDS")
                    .replaceAll("/(settings|web)-[0-9]+", "/NAME");
            counts.merge(plain + ledger, 1, Integer::sum);
        }
        return counts;
    }

    private Path kubeconfig() throws IOException {
        return Files.writeString(
                temporary.resolve("kubeconfig"),
                """
                current-context: only
                contexts: [{name: only, context: {cluster: near, namespace: %s}}]
                clusters: [{name: near, cluster: {server: "%s"}}]
                """
                        .formatted(namespace.name(), front.address()));
    }

    private ProjectLocation location() {
        return new ProjectLocation(repository.root(), Path.of(ProjectLocation.DEFAULT_FILE), null, null);
    }

    private static String configMaps(int value) {
        return each(
                "{ apiVersion: v1, kind: ConfigMap, metadata: { name: settings-%1$d }, data: { a: b" + value + " } }");
    }

    private static String services() {
        return each("{ apiVersion: v1, kind: Service, metadata: { name: web-%1$d },"
                + " spec: { selector: { app: web-%1$d }, ports: [{ port: 80 }] } }");
    }

    private static String deployments() {
        return each(
                """
                apiVersion: apps/v1
                kind: Deployment
                metadata: { name: web-%1$d }
                spec:
                  replicas: 0
                  selector: { matchLabels: { app: web-%1$d } }
                  template:
                    metadata: { labels: { app: web-%1$d } }
                    spec: { containers: [{ name: main, image: lockstep }] }
                """);
    }

    private static String each(String object) {
        var text = new StringBuilder();
        for (int i = 0; i < COUNT; i++) {
            text.append("---\n").append(object.formatted(i)).append('\n');
        }
        return text.toString();
    }
}
