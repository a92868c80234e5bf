package io.jenkins.plugins.lockstep.liveimport;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.document.YamlWriter;
import io.jenkins.plugins.lockstep.deploy.Cluster;
import io.jenkins.plugins.lockstep.directory.DirectoryCluster;
import io.jenkins.plugins.lockstep.manifest.Manifest;
import io.jenkins.plugins.lockstep.manifest.ManifestReader;
import io.jenkins.plugins.lockstep.manifest.ResourceKey;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Objects of a directory, written there as a server would have them; {@code ImportClusterTest} asks a real one. */
class LiveImportTest {

    @TempDir
    Path directory;

    private DirectoryCluster cluster;

    @BeforeEach
    void open() {
        cluster = new DirectoryCluster(directory, Clock.systemUTC());
    }

    @Test
    void aPodLosesTheTokenThatAdmissionGaveIt() {
        live(
                """
                apiVersion: v1
                kind: Pod
                metadata: { name: shell }
                spec:
                  nodeName: node-1
                  serviceAccount: default
                  serviceAccountName: default
                  tolerations: [{ key: node.kubernetes.io/not-ready, operator: Exists }]
                  containers:
                    - name: shell
                      image: busybox
                      imagePullPolicy: Always
                      volumeMounts:
                        - { name: kube-api-access-x7k2p, mountPath: /var/run/secrets/kubernetes.io/serviceaccount }
                  volumes:
                    - { name: kube-api-access-x7k2p, projected: { defaultMode: 420, sources: [] } }
                status: { phase: Running }
                """);

        assertThat(yaml("pod/shell"))
                .isEqualTo(
                        """
                        apiVersion: v1
                        kind: Pod
                        metadata:
                          name: shell
                        spec:
                          containers:
                          - name: shell
                            image: busybox
                        """);
    }

    @Test
    void ofLockstepsOwnAnnotationsThoseForUsersStay() {
        live(
                """
                apiVersion: v1
                kind: ConfigMap
                metadata:
                  name: words
                  labels: { app.kubernetes.io/managed-by: lockstep, team: shop }
                  annotations: { lockstep.io/prune: never }
                immutable: false
                data: { word: text }
                """);

        assertThat(yaml("cm/words"))
                .isEqualTo(
                        """
                        apiVersion: v1
                        kind: ConfigMap
                        metadata:
                          name: words
                          labels:
                            team: shop
                          annotations:
                            lockstep.io/prune: never
                        data:
                          word: text
                        """);
    }

    @Test
    void whatAControllersControllerMadeIsImportedAtItsTop() {
        live(
                """
                apiVersion: apps/v1
                kind: Deployment
                metadata: { name: web }
                """);
        live(
                """
                apiVersion: apps/v1
                kind: ReplicaSet
                metadata:
                  name: web-1
                  ownerReferences: [{ apiVersion: apps/v1, kind: Deployment, name: web, uid: a, controller: true }]
                """);
        live(
                """
                apiVersion: v1
                kind: Pod
                metadata:
                  name: web-1-a
                  ownerReferences: [{ apiVersion: apps/v1, kind: ReplicaSet, name: web-1, uid: b, controller: true }]
                """);

        assertThat(failure("pod/web-1-a").what()).isEqualTo("pod/web-1-a was made by replicaset/web-1");
        assertThat(failure("pod/web-1-a").hint()).isEqualTo("import deployment/web");
        assertThat(failure("rs/web-1").hint()).isEqualTo("import deployment/web");
    }

    @Test
    void aValueThatIsNoDefaultStays() {
        live(
                """
                apiVersion: apps/v1
                kind: Deployment
                metadata: { name: web }
                spec:
                  revisionHistoryLimit: 3
                  progressDeadlineSeconds: 600
                  strategy: { type: Recreate }
                  selector: { matchLabels: { app: web } }
                  template:
                    metadata: { creationTimestamp: null, labels: { app: web, helm.sh/chart: web-1 } }
                    spec:
                      dnsPolicy: Default
                      restartPolicy: Always
                      containers: [{ name: web, image: "web:1", imagePullPolicy: Always, resources: {} }]
                """);

        assertThat(yaml("deploy.apps/web"))
                .contains("revisionHistoryLimit: 3", "type: Recreate", "dnsPolicy: Default", "imagePullPolicy: Always")
                .contains("helm.sh/chart: web-1") // a selector might want it
                .doesNotContain("progressDeadline", "restartPolicy", "resources", "creationTimestamp");
    }

    @Test
    void aCustomResourceIsNamedWithItsVersionAndGroup() {
        live(
                """
                apiVersion: example.com/v1
                kind: Widget
                metadata: { name: one }
                spec: { size: 3 }
                """);

        assertThat(yaml("Widget.v1.example.com/one")).contains("kind: Widget", "size: 3");
        assertThat(failure("widget/one").hint()).contains("KIND.VERSION.GROUP");
    }

    @Test
    void aSecretComesOnlyWhereItIsAskedForByName() {
        live(
                """
                apiVersion: v1
                kind: Secret
                metadata: { name: login }
                data: { password: czNjcmV0 }
                """);

        assertThat(failure("secret/login").hint()).contains("--with-secrets");
        assertThat(new LiveImport(cluster, "default")
                        .read(List.of("secret/login"), false, true)
                        .objects())
                .hasSize(1);
    }

    @Test
    void whatIsNoReferenceIsRefused() {
        for (String reference : List.of("web", "deployment/", "/web", "deployment/web/x")) {
            assertThat(failure(reference).what()).isEqualTo("'" + reference + "' names no object");
        }
    }

    private void live(String yaml) {
        Manifest manifest =
                new ManifestReader().read("live.yaml", yaml.getBytes(UTF_8)).get(0);
        var key = new ResourceKey(
                ResourceKey.groupOf(manifest.apiVersion()), manifest.kind(), "default", manifest.name());
        cluster.apply(
                cluster.served(manifest.apiVersion(), manifest.kind()).orElseThrow(),
                key,
                manifest.tree(),
                new Cluster.ApplyMode("somebody", false, false));
    }

    private String yaml(String reference) {
        return YamlWriter.write(new LiveImport(cluster, "default")
                .read(List.of(reference), false, false)
                .objects()
                .get(0)
                .tree());
    }

    private DeliveryException failure(String reference) {
        return catchThrowableOfType(DeliveryException.class, () -> new LiveImport(cluster, "default")
                .read(List.of(reference), false, false));
    }
}
