package io.jenkins.plugins.lockstep.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.lockstep.ClusterTest;
import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.common.Progress;
import io.jenkins.plugins.lockstep.common.document.Tree;
import io.jenkins.plugins.lockstep.deploy.LiveObject;
import io.jenkins.plugins.lockstep.history.Release;
import io.jenkins.plugins.lockstep.kube.Gate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who stops a release that has the lock, and has not begun, leaves nothing behind: no lease, nobody who waits, no entry. */
@ClusterTest
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class InterruptedReleaseTest {

    @TempDir
    Path temporary;

    private StoryNamespace namespace;
    private Gate gate;
    private Delivery delivery;

    @BeforeEach
    void open() throws Exception {
        namespace = StoryNamespace.make();
        gate = Gate.beforeApiServer(Gate.Watchman.NOBODY);
        delivery = new DeliveryFactory(Map.of("HOME", temporary.toString())).delivery();
    }

    @AfterEach
    void close() throws IOException {
        gate.close();
        namespace.close();
    }

    @ParameterizedTest
    @CsvSource({
        "in the dry run,      staging,    PATCH .*dryRun=All.*",
        "in the gate,         production, GET .*/configmaps[?].*environment.*staging.*",
        "in the look at hold, production, GET .*-production-hold",
        "before it begins,    staging,    POST .*/configmaps.*",
    })
    void whoStopsAReleaseThatHasTheLockLeavesNothing(String when, String environment, String request) throws Exception {
        TinyProject project = project();
        project.commitFirst();
        delivery.build(project.location(), namespace.target(), Progress.NONE);
        release(project, "staging", namespace.target());
        if (environment.equals("staging")) {
            project.commitSecond();
        }
        delivery.build(project.location(), namespace.target(), Progress.NONE);
        List<Release> before = history(project, environment);
        var reached = new CompletableFuture<Void>();
        var over = new CountDownLatch(1);
        gate.watchedBy(stopsAt(request, reached, over));
        var ended = new CompletableFuture<Throwable>();
        var thread = new Thread(() -> {
            try {
                release(project, environment, gated());
                ended.complete(null);
            } catch (Throwable e) {
                ended.complete(e);
            }
        });
        thread.start();
        CompletableFuture.anyOf(reached, ended).get();
        assertThat(ended).as(when).isNotDone();

        thread.interrupt();

        Throwable end = ended.get();
        over.countDown();
        assertThat(end)
                .as(when)
                .satisfiesAnyOf(
                        failure -> assertThat(failure).isInstanceOf(InterruptedException.class),
                        failure -> assertThat(failure)
                                .isInstanceOfSatisfying(DeliveryException.class, known -> assertThat(known.problem())
                                        .isEqualTo(Problem.INTERRUPTED)));
        LiveObject lease = namespace.get("coordination.k8s.io/v1", "Lease", "lockstep-cart-" + environment);
        assertThat(Tree.text(lease.tree(), "spec", "holderIdentity")).as(when).isEmpty();
        assertThat(Tree.map(lease.tree(), "metadata", "annotations")).as(when).isEmpty();
        assertThat(history(project, environment)).as(when).isEqualTo(before);
    }

    /** Keeps the first such request of whoever has taken a lease. */
    private static Gate.Watchman stopsAt(String wanted, CompletableFuture<Void> reached, CountDownLatch over) {
        var taken = new CountDownLatch(1);
        return new Gate.Watchman() {
            @Override
            public void before(String request) throws IOException {
                if (taken.getCount() == 0 && request.matches(wanted) && reached.complete(null)) {
                    try {
                        over.await();
                    } catch (InterruptedException e) {
                        throw new IOException(e);
                    }
                    throw new IOException("nobody waits for it any more");
                }
            }

            @Override
            public void after(String request) {
                if (request.contains("/leases") && !request.startsWith("GET")) {
                    taken.countDown();
                }
            }
        };
    }

    private void release(TinyProject project, String environment, Target target) throws InterruptedException {
        DeployResult result = delivery.deploy(
                new DeployRequest(
                        project.location(), environment, target, RolloutSettings.DEFAULT, new Actor("jane", null)),
                Progress.NONE);
        assertThat(result.problem()).isEmpty();
    }

    private List<Release> history(TinyProject project, String environment) {
        return delivery.history(project.location(), environment, namespace.target())
                .releases();
    }

    private TinyProject project() throws IOException {
        TinyProject project = TinyProject.in(temporary.resolve("cart"), "cart", namespace.imageRepository());
        Path file = project.root().resolve("lockstep.yaml");
        String place = ", namespace: " + namespace.name() + " }\n";
        Files.writeString(
                file,
                Files.readString(file)
                        .replace(
                                "  staging: { config: config/staging }\n",
                                "  staging: { config: config/staging" + place
                                        + "  production: { after: staging, history: forward, config: config/staging"
                                        + place));
        return project;
    }

    private Target gated() throws IOException {
        Path file = Files.writeString(
                temporary.resolve("kubeconfig"),
                """
                apiVersion: v1
                kind: Config
                clusters: [{ name: gate, cluster: { server: "http://%s" } }]
                contexts: [{ name: gate, context: { cluster: gate } }]
                current-context: gate
                """
                        .formatted(gate.address()));
        return new Target.Kubernetes(file, null, null);
    }
}
