package io.jenkins.plugins.lockstep.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.lockstep.ClusterTest;
import io.jenkins.plugins.lockstep.TestBed;
import io.jenkins.plugins.lockstep.common.Progress;
import io.jenkins.plugins.lockstep.deploy.Cluster;
import io.jenkins.plugins.lockstep.deploy.ServedKind;
import io.jenkins.plugins.lockstep.kube.KubeClusters;
import io.jenkins.plugins.lockstep.kube.KubeTarget;
import io.jenkins.plugins.lockstep.manifest.ResourceKey;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What nobody knew where the bundle was made: a kind that only the cluster has, and that has no namespaces there. */
@ClusterTest
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class BundleClusterTest {

    private static final Actor JANE = new Actor("jane", null);

    @TempDir
    Path temporary;

    private final String group = "g" + UUID.randomUUID().toString().substring(0, 8) + ".example.com";
    private final ServedKind definitions =
            new ServedKind("apiextensions.k8s.io/v1", "CustomResourceDefinition", "customresourcedefinitions", false);
    private final ResourceKey definition =
            new ResourceKey("apiextensions.k8s.io", "CustomResourceDefinition", "", "zones." + group);
    private StoryNamespace namespace;
    private Cluster cluster;

    @BeforeEach
    void open() throws Exception {
        namespace = StoryNamespace.make();
        cluster = new KubeClusters(Map.of()).open(new KubeTarget(TestBed.kubeconfig(), null, null));
        cluster.apply(definitions, definition, definitionOfZones(), new Cluster.ApplyMode("somebody", false, false));
        while (cluster.served(group + "/v1", "Zone").isEmpty()) {
            Thread.sleep(100);
        }
    }

    @AfterEach
    void close() {
        cluster.get(definitions, definition).ifPresent(live -> cluster.delete(definitions, definition, live.uid()));
        cluster.close();
        namespace.close();
    }

    @Test
    void anObjectLosesTheNamespaceThatItsKindDoesNotHaveAndTheSealIsThatOfWhatIsReleased() throws Exception {
        TinyProject project = TinyProject.in(temporary.resolve("cart"), "cart", namespace.imageRepository());
        Files.writeString(
                Files.createDirectories(project.root().resolve("deploy")).resolve("zone.yaml"),
                "{ apiVersion: " + group + "/v1, kind: Zone, metadata: { name: " + namespace.name()
                        + " }, spec: { width: 3 } }\n");
        project.commitFirst();
        Delivery delivery = new DeliveryFactory(Map.of("HOME", temporary.toString())).delivery();
        delivery.build(project.location(), namespace.target(), Progress.NONE);
        Path file = temporary.resolve("bundle");
        try (var out = Files.newOutputStream(file)) {
            delivery.bundle(
                    new BundleRequest(project.location(), namespace.target(), cluster -> namespace.name()),
                    out,
                    Progress.NONE);
        }
        BundleSource bundle = BundleSource.file(file);
        String sealed = BundleFiles.read(bundle, "staging").release("staging").seal();

        DeployResult released = delivery.deployPlanned(
                new PlannedDeployRequest(bundle, "staging", namespace.target(), RolloutSettings.DEFAULT, JANE),
                Progress.NONE);

        assertThat(released.problem()).as("%s", released.verdict()).isEmpty();
        ServedKind zones = cluster.served(group + "/v1", "Zone").orElseThrow();
        assertThat(zones.namespaced()).isFalse();
        assertThat(cluster.get(zones, new ResourceKey(group, "Zone", "", namespace.name())))
                .isPresent();
        assertThat(released.release().seal()).isNotEqualTo(sealed);
        VerifyResult verified = delivery.verify(project.location(), "staging", namespace.target());
        assertThat(verified.seal()).isEqualTo(released.release().seal());
        assertThat(verified.source().answer()).isEqualTo(VerifyResult.Answer.SAME);
        assertThat(verified.drift()).isEmpty();
        DeployResult fromTheRepository = delivery.deploy(
                new DeployRequest(project.location(), "staging", namespace.target(), RolloutSettings.DEFAULT, JANE),
                Progress.NONE);
        assertThat(fromTheRepository.release()).isEqualTo(released.release());
    }

    private Map<String, Object> definitionOfZones() {
        Map<String, Object> schema = Map.of(
                "openAPIV3Schema",
                Map.of(
                        "type",
                        "object",
                        "properties",
                        Map.of(
                                "spec",
                                Map.of("type", "object", "properties", Map.of("width", Map.of("type", "integer"))))));
        return Map.of(
                "apiVersion",
                "apiextensions.k8s.io/v1",
                "kind",
                "CustomResourceDefinition",
                "metadata",
                Map.of("name", definition.name()),
                "spec",
                Map.of(
                        "group",
                        group,
                        "scope",
                        "Cluster",
                        "names",
                        Map.of("plural", "zones", "singular", "zone", "kind", "Zone", "listKind", "ZoneList"),
                        "versions",
                        List.of(Map.of("name", "v1", "served", true, "storage", true, "schema", schema))));
    }
}
