package io.jenkins.plugins.lockstep.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.lockstep.ClusterTest;
import io.jenkins.plugins.lockstep.TestBed;
import io.jenkins.plugins.lockstep.common.document.DocumentReader;
import io.jenkins.plugins.lockstep.common.document.Tree;
import io.jenkins.plugins.lockstep.delivery.ConnectionReport.State;
import io.jenkins.plugins.lockstep.image.RegistryLogin;
import io.jenkins.plugins.lockstep.kube.RestrictedUser;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What *Test connection* says, of a real API server and a real registry, and of what is none. */
@ClusterTest
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class ConnectionsClusterTest {

    private final Delivery delivery = new DeliveryFactory(Map.of()).delivery();
    private StoryNamespace namespace;

    @BeforeEach
    void start() throws InterruptedException {
        namespace = StoryNamespace.make();
    }

    @AfterEach
    void end() {
        namespace.close();
    }

    @Test
    void whereAllIsWellVersionAndNamespaceAreSaid() throws Exception {
        ConnectionReport report = delivery.testCluster(kubeconfig(namespace.name(), Allowance.ANY));

        assertThat(report.state()).as(report.text()).isEqualTo(State.GOOD);
        assertThat(report.sentences().get(0)).matches("Reached https://.*, Kubernetes v1\\..*\\.");
        assertThat(report.sentences().get(1)).contains("in namespace " + namespace.name() + " is there");
    }

    @Test
    void missingRightsAreNamedWithWhatTheyAreNeededFor() throws Exception {
        try (var user = new RestrictedUser(namespace.name(), "lockstep")) {
            user.may(List.of(
                    rule("", "configmaps", "get", "list", "create", "update", "patch", "delete"),
                    rule("coordination.k8s.io", "leases", "get", "create"),
                    rule("apps", "deployments", "get", "list", "watch", "create", "patch", "delete"),
                    rule("", "services", "get", "list", "create", "patch", "delete"),
                    rule("", "pods", "list", "watch"),
                    rule("apps", "replicasets", "list", "watch"),
                    rule("", "events", "list", "watch")));

            ConnectionReport report = delivery.testCluster(api(user.address(), null, "any"));

            assertThat(report.state()).isEqualTo(State.LACKING);
            assertThat(report.sentences().subList(1, report.sentences().size()))
                    .containsExactly(
                            "The server's URL begins with http://, so everybody on the way can read the credentials.",
                            "May not update leases.coordination.k8s.io in namespace " + namespace.name()
                                    + ", needed for the lock.",
                            "May not get pods/log in namespace " + namespace.name() + ", needed to judge a rollout.");
        }
    }

    @Test
    void aNamespaceThatIsNotThereOrNotAllowedIsSaid() throws Exception {
        String missing = "no-such-" + namespace.name();

        ConnectionReport report = delivery.testCluster(kubeconfig(missing, new Allowance(List.of("shop"), List.of())));

        assertThat(report.state()).isEqualTo(State.LACKING);
        assertThat(report.sentences().subList(1, report.sentences().size()))
                .containsExactly(
                        "Namespace " + missing + ", where environments live that name none, is not among the allowed"
                                + " ones.",
                        "There is no namespace " + missing + ": kubectl create namespace " + missing);
    }

    @Test
    void eachMistakeIsSaidAsWhatItIs() throws Exception {
        Map<String, ?> cluster = Tree.map(Tree.list(
                        new DocumentReader()
                                .read("kubeconfig", Files.readAllBytes(TestBed.kubeconfig()))
                                .get(0)
                                .tree(),
                        "clusters")
                .get(0));
        String url = Tree.text(cluster, "cluster", "server");
        String authority = new String(
                Base64.getDecoder().decode(Tree.text(cluster, "cluster", "certificate-authority-data")),
                StandardCharsets.UTF_8);

        assertFailed(
                api(url, authority, "s3cret"),
                url + ": the cluster does not accept the credentials.",
                "they may be mistyped or expired: renew them in the configuration of cluster 'prod'.");
        assertFailed(
                api(url, null, "s3cret"),
                url + ": can't ask for the version: no certificate authority that the configuration of cluster 'prod'"
                        + " trusts has signed its certificate.",
                "check certificate-authority in the configuration of cluster 'prod'.");
        assertFailed(
                api(url, "s3cret", "s3cret"),
                "the configuration of cluster 'prod': the certificate authority can't be read",
                "it must be PEM text");
        assertFailed(
                api("https://kubernetes.invalid", null, "s3cret"),
                "https://kubernetes.invalid: can't ask for the version: the host name is not known here.",
                "check the server's URL in the configuration of cluster 'prod'");
        assertFailed(api("no url", null, "s3cret"), "the API server's address is no URL", "it looks like https://");
        assertFailed(
                api("https://" + TestBed.registry(), null, "s3cret"),
                "what listens there does not speak TLS.",
                "check the port of the server's URL");
        assertFailed(
                api("http://" + TestBed.registry(), null, "s3cret"),
                "this is no Kubernetes API server: it does not tell a version.",
                "check the server's URL");
        assertFailed(
                new ClusterAccess("prod", new ClusterAccess.Server.Kubeconfig("s3cret", null), null, Allowance.ANY),
                "the kubeconfig of cluster 'prod': the kubeconfig has no current context.",
                "it has no contexts at all.");
    }

    @Test
    void aServerThatSaysNothingIsNotWaitedForTwice() throws Exception {
        try (var silent = new ServerSocket(0)) {
            String url = "https://127.0.0.1:" + silent.getLocalPort();

            assertFailed(
                    api(url, null, "s3cret"),
                    url + ": can't ask for the version: no answer in time.",
                    "check that the cluster runs");
        }
    }

    @Test
    void aRegistryIsTriedToo() {
        ConnectionReport reached = delivery.testRegistry(TestBed.registry(), null);
        ConnectionReport unneeded = delivery.testRegistry(TestBed.registry(), new RegistryLogin("jane", "s3cret"));
        ConnectionReport unknown = delivery.testRegistry("registry.invalid", new RegistryLogin("jane", "s3cret"));

        assertThat(reached)
                .isEqualTo(
                        new ConnectionReport(State.GOOD, List.of("The registry is reached, and lets everybody in.")));
        assertThat(unneeded.text()).contains("the configured one was not tried");
        assertThat(unknown.state()).isEqualTo(State.FAILED);
        assertThat(unknown.sentences().get(0))
                .isEqualTo("registry.invalid: can't reach the registry registry.invalid: no such host.");
        assertThat(unknown.text()).doesNotContain("s3cret");
    }

    private void assertFailed(ClusterAccess access, String what, String hint) {
        ConnectionReport report = delivery.testCluster(access);
        assertThat(report.state()).as(report.text()).isEqualTo(State.FAILED);
        assertThat(report.sentences()).hasSize(2);
        assertThat(report.sentences().get(0)).contains(what);
        assertThat(report.sentences().get(1)).contains(hint);
        assertThat(report.text()).doesNotContain("s3cret");
    }

    private ClusterAccess api(String url, String authority, String token) {
        return new ClusterAccess(
                "prod", new ClusterAccess.Server.Api(url, authority, token), namespace.name(), Allowance.ANY);
    }

    private static ClusterAccess kubeconfig(String namespace, Allowance allowance) throws Exception {
        return new ClusterAccess(
                "prod",
                new ClusterAccess.Server.Kubeconfig(Files.readString(TestBed.kubeconfig()), null),
                namespace,
                allowance);
    }

    private static Map<String, Object> rule(String group, String resource, String... verbs) {

        return Map.of("apiGroups", List.of(group), "resources", List.of(resource), "verbs", List.of(verbs));
    }
}
