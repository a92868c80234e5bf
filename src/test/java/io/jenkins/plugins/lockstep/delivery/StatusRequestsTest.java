package io.jenkins.plugins.lockstep.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.lockstep.ClusterTest;
import io.jenkins.plugins.lockstep.TestBed;
import io.jenkins.plugins.lockstep.common.Progress;
import io.jenkins.plugins.lockstep.kube.FaultyFront;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How often a status asks a real API server: counted by a front before it. */
class StatusRequestsTest {

    @TempDir
    Path temporary;

    @Test
    @ClusterTest(pods = true)
    void aStatusAsksForThisAndNothingElse() throws Exception {
        try (var namespace = StoryNamespace.make();
                var front = FaultyFront.beforeTestBed()) {
            var project = SampleProject.in(temporary.resolve("cart"), namespace.imageRepository(), TestBed.base());
            project.repository().write("deploy/cart.yaml", SampleProject.deployment(1));
            project.repository().commit("first");
            var delivery =
                    new DeliveryFactory(Map.of("HOME", temporary.resolve("home").toString())).delivery();
            delivery.release(
                    new DeployRequest(
                            project.location(),
                            "staging",
                            namespace.target(),
                            RolloutSettings.DEFAULT,
                            new Actor("jane", null)),
                    Progress.NONE);

            StatusResult status = delivery.status(project.location(), "staging", target(front, namespace));

            assertThat(status.environments().get(0).drift()).isEmpty();
            assertThat(status.environments().get(0).readyPods()).isEqualTo(1);
            String place = "/api/v1/namespaces/" + namespace.name();
            assertThat(withoutQueries(front, place))
                    .containsExactlyInAnyOrder(
                            // the ledger: the list, the newest entry's inventory, the current one's objects, and holds
                            "GET NAMESPACE",
                            "GET NAMESPACE/configmaps",
                            "GET NAMESPACE/configmaps/lockstep-cart-staging-1",
                            "GET NAMESPACE/configmaps/lockstep-cart-staging-1",
                            "GET NAMESPACE/configmaps/lockstep-cart-staging-obj-HASH",
                            "GET NAMESPACE/configmaps/lockstep-cart-staging-hold",
                            // what is served, and what runs
                            "GET /api/v1",
                            "GET /apis/apps/v1",
                            "GET /apis/apps/v1/namespaces/NAME/replicasets",
                            "GET NAMESPACE/pods",
                            // the live objects of the release
                            "GET NAMESPACE",
                            "GET NAMESPACE/configmaps",
                            "GET NAMESPACE/services",
                            "GET /apis/apps/v1/namespaces/NAME/deployments");
        }
    }

    private static List<String> withoutQueries(FaultyFront front, String place) {
        return front.requests().stream()
                .map(request -> request.replaceFirst("\\?.*", "")
                        .replace(place, "NAMESPACE")
                        .replaceFirst("-obj-[0-9a-f]+", "-obj-HASH")
                        .replaceFirst("/namespaces/story-[0-9a-f]+", "/namespaces/NAME"))
                .toList();
    }

    private Target target(FaultyFront front, StoryNamespace namespace) throws Exception {
        Path file = Files.writeString(
                temporary.resolve("kubeconfig"),
                """
                current-context: c
                contexts: [{name: c, context: {cluster: c, namespace: %s}}]
                clusters: [{name: c, cluster: {server: "%s"}}]
                """
                        .formatted(namespace.name(), front.address()));
        return new Target.Kubernetes(file, null, null);
    }
}
