package io.jenkins.plugins.lockstep.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.lockstep.ClusterTest;
import io.jenkins.plugins.lockstep.TestBed;
import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.common.Progress;
import io.jenkins.plugins.lockstep.common.document.Tree;
import io.jenkins.plugins.lockstep.deploy.LiveObject;
import io.jenkins.plugins.lockstep.deploy.Verdict;
import io.jenkins.plugins.lockstep.history.Release;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The whole story on a real cluster: real Git, a real registry, pods that answer. Each test has its own namespace. */
@ClusterTest(pods = true)
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class ClusterStoryTest {

    private static final Actor ACTOR = new Actor("jane", null);
    private static final String FIRST_ANSWER = "first page\nfirst testers\n";

    /** The page is there, but the probe asks for another one: the container runs and is never ready. */
    private static final String NEVER_READY =
            SampleProject.deployment(1).replace("httpGet: { path: /,", "httpGet: { path: /missing,");

    @TempDir
    Path temporary;

    private final List<String> steps = new CopyOnWriteArrayList<>();
    private StoryNamespace namespace;
    private SampleProject project;
    private Delivery delivery;

    @BeforeEach
    void start() throws InterruptedException {
        namespace = StoryNamespace.make();
        project = SampleProject.in(temporary.resolve("cart"), namespace.imageRepository(), TestBed.base());
        delivery = new DeliveryFactory(Map.of("HOME", temporary.resolve("home").toString())).delivery();
    }

    @AfterEach
    void end() {
        namespace.close();
    }

    @Test
    void podsAnswerWithThePageAndTheConfigurationOfTheirRevision() throws Exception {
        String first = project.repository().commit("first");
        DeployResult one = release();

        assertThat(one.problem()).as("%s", one.verdict()).isEmpty();
        assertThat(one.verdict().code()).isEqualTo(Verdict.Code.RUNNING);
        assertThat(one.release().revision()).isEqualTo(first);
        assertThat(answers()).containsExactly(FIRST_ANSWER, FIRST_ANSWER);

        String second = project.repository()
                .write("app/page.txt", "second page\n")
                .write("config/staging/audience.txt", "everyone\n")
                .commit("second");
        DeployResult two = release();

        assertThat(two.problem()).as("%s", two.verdict()).isEmpty();
        assertThat(two.release().revision()).isEqualTo(second);
        assertThat(answers()).containsExactly("second page\neveryone\n", "second page\neveryone\n");
        assertThat(imagesOfPods())
                .containsOnly(two.release().images().get(0).reference().toString());
        assertThat(history().stream().map(Release::revision)).containsExactly(second, first);
    }

    @Test
    void aRollbackBringsBackDigestConfigurationAndEveryAppliedField() throws Exception {
        project.repository()
                .write("deploy/settings.yaml", configMap("settings", "color: green"))
                .commit("first");
        Release first = release().release();
        Map<String, Map<String, Object>> before = objects();
        Map<String, Map<String, Object>> ownedBefore = owned();
        project.repository()
                .write("app/page.txt", "second page\n")
                .write("config/staging/audience.txt", "everyone\n")
                .write(
                        "deploy/cart.yaml",
                        SampleProject.deployment(2)
                                .replace("image: lockstep", "image: lockstep\n          env: [{ name: A, value: b }]")
                                .replace("metadata: { name: cart }", "metadata: { name: cart, labels: { tier: web } }"))
                .write(
                        "deploy/service.yaml",
                        """
                        apiVersion: v1
                        kind: Service
                        metadata: { name: cart, annotations: { note: wide } }
                        spec:
                          selector: { app: cart }
                          sessionAffinity: ClientIP
                          ports:
                            - { name: web, port: 80, targetPort: 8080 }
                            - { name: more, port: 81, targetPort: 8080 }
                        """)
                .write("deploy/extra.yaml", configMap("extra", "a: b"))
                .delete("deploy/settings.yaml")
                .commit("second");
        Release second = release().release();
        assertThat(second.seal()).isNotEqualTo(first.seal());
        assertThat(objects()).isNotEqualTo(before);

        DeployResult back = rollback("previous");

        assertThat(back.problem()).as("%s", back.verdict()).isEmpty();
        assertThat(back.release().rollbackOf()).isEqualTo(first.number());
        assertThat(back.release().seal()).isEqualTo(first.seal());
        assertThat(back.release().images()).isEqualTo(first.images());
        assertThat(back.release().configMaps()).isEqualTo(first.configMaps());
        // Immutable, so it stays for the pods that may still need it.
        String keptForPods = "configmap/" + second.configMaps().get(0);
        assertThat(without(keptForPods, objects())).isEqualTo(before);
        assertThat(without(keptForPods, owned())).isEqualTo(ownedBefore);
        assertThat(answers()).containsExactly(FIRST_ANSWER, FIRST_ANSWER);
        assertThat(imagesOfPods())
                .containsOnly(first.images().get(0).reference().toString());
    }

    @Test
    void aThirdPartyDeploymentKeepsItsReplicaSetAndPodsAcrossCommits() throws Exception {
        project.repository()
                .write("deploy/cart.yaml", SampleProject.deployment(1))
                .write("deploy/database.yaml", thirdParty(TestBed.base()))
                .commit("first");
        release();
        Set<String> replicaSets = namespace.uids("apps/v1", "ReplicaSet", "database");
        Set<String> pods = namespace.uids("v1", "Pod", "database");
        Set<String> ownReplicaSets = namespace.uids("apps/v1", "ReplicaSet", "cart");
        assertThat(replicaSets).hasSize(1);
        assertThat(pods).hasSize(1);

        for (int i = 2; i <= 3; i++) {
            project.repository().write("app/page.txt", "page " + i + "\n").commit("page " + i);
            DeployResult result = release();
            assertThat(result.problem()).as("%s", result.verdict()).isEmpty();
        }

        assertThat(namespace.uids("apps/v1", "ReplicaSet", "database")).isEqualTo(replicaSets);
        assertThat(namespace.uids("v1", "Pod", "database")).isEqualTo(pods);
        assertThat(namespace.uids("apps/v1", "ReplicaSet", "cart"))
                .containsAll(ownReplicaSets)
                .hasSize(3);
    }

    @Test
    void replicasThatWereScaledByHandStayOverTwoDeploys() throws Exception {
        project.repository().commit("first");
        release();
        namespace.scale("cart", 5);

        for (int i = 2; i <= 3; i++) {
            project.repository().write("app/page.txt", "page " + i + "\n").commit("page " + i);
            DeployResult result = release();

            assertThat(result.problem()).as("%s", result.verdict()).isEmpty();
            assertThat(Tree.integer(
                            namespace.get("apps/v1", "Deployment", "cart").tree(), "spec", "replicas"))
                    .isEqualTo(5);
            assertThat(answers()).hasSize(5).containsOnly("page " + i + "\nfirst testers\n");
        }
    }

    @Test
    void fieldsThatSomebodyTookAreNamedBeforeAnythingIsWritten() throws Exception {
        project.repository().commit("first");
        release();
        namespace.takeImage("cart", "cart", TestBed.base());
        project.repository()
                .write("app/page.txt", "second page\n")
                .write("config/staging/audience.txt", "everyone\n")
                .commit("second");
        int configMaps = namespace.list("v1", "ConfigMap").size();

        assertThatThrownBy(this::release).isInstanceOfSatisfying(DeliveryException.class, failure -> {
            assertThat(failure.problem()).isEqualTo(Problem.FIELD_CONFLICT);
            assertThat(failure.getMessage()).contains("image", "somebody", "deploy/cart.yaml:");
        });
        assertThat(namespace.list("v1", "ConfigMap")).hasSize(configMaps);
        assertThat(history()).hasSize(1);
    }

    @Test
    void aJobRunsOncePerChangeAndNotOnRollback() throws Exception {
        Set<String> jobs = namespace.uidsFromNowOn("batch/v1", "Job");
        project.repository()
                .delete("deploy/cart.yaml")
                .write("deploy/migrate.yaml", job("echo one"))
                .commit("first");
        release();
        assertThat(jobs).hasSize(1);
        Set<String> pods = uidsOfPods();
        assertThat(pods).hasSize(1);

        project.repository().write("config/staging/audience.txt", "everyone\n").commit("another configuration");
        assertThat(release().release().number()).isEqualTo(2);
        assertThat(jobs).hasSize(1);
        assertThat(uidsOfPods()).isEqualTo(pods);

        project.repository().write("deploy/migrate.yaml", job("echo two")).commit("another migration");
        assertThat(release().release().number()).isEqualTo(3);
        assertThat(jobs).hasSize(2);

        DeployResult back = rollback("previous");

        assertThat(back.problem()).as("%s", back.verdict()).isEmpty();
        assertThat(back.release().rollbackOf()).isEqualTo(2);
        assertThat(jobs).hasSize(2);
        delivery.hold(new HoldRequest(project.location(), "staging", namespace.target(), true, null, ACTOR));
        project.repository().write("config/staging/audience.txt", "few\n").commit("the same migration");
        assertThat(release().release().number()).isEqualTo(5);
        assertThat(jobs).as("the migration has run, before the rollback").hasSize(2);
    }

    @Test
    void aServiceWithoutAProtocolIsTakenAndIsTcp() throws Exception {
        project.repository().delete("deploy/cart.yaml").commit("a Service alone");

        DeployResult result = release();

        assertThat(result.problem()).as("%s", result.verdict()).isEmpty();
        List<?> ports = Tree.list(namespace.get("v1", "Service", "cart").tree(), "spec", "ports");
        assertThat(ports).singleElement().satisfies(port -> assertThat(Tree.text(port, "protocol"))
                .isEqualTo("TCP"));
    }

    @Test
    void aCrashingCommitIsJudgedAndUndone() throws Exception {
        String good = project.repository().commit("first");
        release();
        String bad = project.repository()
                .write("app/run.sh", "echo 'no such table: greetings' >&2\nexit 1\n")
                .commit("read the greeting from the database");

        DeployResult result = release();

        assertThat(result.problem()).contains(Problem.ROLLOUT_FAILED);
        assertThat(result.verdict().code()).isEqualTo(Verdict.Code.CRASH_LOOP);
        assertThat(result.verdict().message()).contains("deployment/cart", "exit code 1");
        assertThat(result.verdict().evidence()).anyMatch(line -> line.contains("no such table: greetings"));
        assertThat(Objects.requireNonNull(result.restored()).number()).isEqualTo(1);
        assertThat(Objects.requireNonNull(result.restoreVerdict()).code()).isEqualTo(Verdict.Code.RUNNING);
        assertThat(answers()).containsExactly(FIRST_ANSWER, FIRST_ANSWER);
        assertThat(history().stream().map(Release::revision)).containsExactly(bad, good);
        assertThat(words(history())).containsExactly("crash-loop", "running");
        assertThat(history().get(0).restored()).isEqualTo(1);
        assertThat(Objects.requireNonNull(status().environments().get(0).current())
                        .revision())
                .isEqualTo(good);
    }

    @Test
    void anImageThatDoesNotExistIsRefusedByName() throws Exception {
        String image = TestBed.registry() + "/" + namespace.name() + "/database:14";
        project.repository()
                .delete("deploy/cart.yaml")
                .write("deploy/database.yaml", thirdParty(image))
                .commit("mistyped database");

        DeployResult result = release();

        assertThat(result.verdict().code()).isEqualTo(Verdict.Code.IMAGE_NOT_FOUND);
        assertThat(result.verdict().message()).contains("deployment/database", image);
        assertThatTheFirstReleaseIsKept(result);
    }

    @Test
    void aConfigMapThatIsNotThereIsNamed() throws Exception {
        project.repository()
                .write(
                        "deploy/cart.yaml",
                        SampleProject.deployment(1)
                                .replace(
                                        "image: lockstep",
                                        "image: lockstep\n          envFrom: [{ configMapRef: { name: shop-wide } }]"))
                .commit("ask for settings that nobody made");

        DeployResult result = release();

        assertThat(result.verdict().code()).isEqualTo(Verdict.Code.MISSING_CONFIGURATION);
        assertThat(result.verdict().message()).contains("deployment/cart", "ConfigMap shop-wide");
        assertThat(result.verdict().hint()).contains("shop-wide", namespace.name());
        assertThatTheFirstReleaseIsKept(result);
    }

    @Test
    void aProbeThatNeverPassesEndsAtTheDeadlineWithWhatItAnswered() throws Exception {
        project.repository().write("deploy/cart.yaml", NEVER_READY).commit("mistyped probe");

        DeployResult result = release(within(Duration.ofSeconds(15)), this::step);

        assertThat(result.verdict().code()).isEqualTo(Verdict.Code.NOT_READY);
        assertThat(result.verdict().message()).contains("deployment/cart", "15 s", "404");
        assertThatTheFirstReleaseIsKept(result);
    }

    @Test
    void whatARevisionNoLongerHasIsPrunedAndWhatLockstepDidNotCreateIsNot() throws Exception {
        namespace.create("v1", "ConfigMap", "foreign", Map.of("data", Map.of("whose", "somebody's")));
        LiveObject adopted = namespace.create("v1", "ConfigMap", "adopted", Map.of("data", Map.of("a", "b")));
        project.repository()
                .delete("deploy/cart.yaml")
                .write("deploy/extra.yaml", configMap("extra", "a: b"))
                .write("deploy/adopted.yaml", configMap("adopted", "a: b"))
                .commit("first");
        release();
        assertThat(namespace.find("v1", "ConfigMap", "extra")).isPresent();
        assertThat(namespace.get("v1", "ConfigMap", "adopted").uid()).isEqualTo(adopted.uid());

        project.repository()
                .delete("deploy/extra.yaml")
                .delete("deploy/adopted.yaml")
                .commit("second");
        DeployResult result = release();

        assertThat(result.problem()).as("%s", result.verdict()).isEmpty();
        assertThat(result.pruned()).isEqualTo(1);
        assertThat(namespace.find("v1", "ConfigMap", "extra")).isEmpty();
        assertThat(namespace.get("v1", "ConfigMap", "adopted").uid()).isEqualTo(adopted.uid());
        assertThat(namespace.find("v1", "ConfigMap", "foreign")).isPresent();
    }

    @Test
    void anInterruptIsRecordedUndoesNothingAndLeavesNoLock() throws Exception {
        String stuck =
                project.repository().write("deploy/cart.yaml", NEVER_READY).commit("mistyped probe");
        var waiting = new CountDownLatch(1);
        var ended = new AtomicReference<Throwable>();
        var deploy = new Thread(() -> {
            try {
                release(RolloutSettings.DEFAULT, message -> {
                    if (message.endsWith("pod ready")) {
                        waiting.countDown();
                    }
                });
            } catch (InterruptedException | RuntimeException | Error e) {
                ended.set(e);
            }
        });
        deploy.start();
        waiting.await();
        deploy.interrupt();
        deploy.join();

        assertThat(ended.get()).isInstanceOf(InterruptedException.class);
        assertThat(words(history())).containsExactly("interrupted");
        assertThat(namespace.get("apps/v1", "Deployment", "cart").annotation("lockstep.io/revision"))
                .isEqualTo(stuck);
        project.repository()
                .write("deploy/cart.yaml", SampleProject.deployment(1))
                .commit("the right probe");

        // Shorter than a lease lasts: what was not given back could not be had.
        DeployResult next = release(
                new RolloutSettings(Duration.ofMinutes(5), Duration.ofSeconds(10), true, false, false, Overrides.NONE),
                Progress.NONE);

        assertThat(next.problem()).as("%s", next.verdict()).isEmpty();
        assertThat(words(history())).containsExactly("running", "interrupted");
        assertThat(answers()).containsExactly(FIRST_ANSWER);
    }

    private DeployResult release() throws InterruptedException {
        return release(RolloutSettings.DEFAULT, this::step);
    }

    private DeployResult release(RolloutSettings settings, Progress progress) throws InterruptedException {
        return delivery.release(
                new DeployRequest(project.location(), "staging", namespace.target(), settings, ACTOR), progress);
    }

    private DeployResult rollback(String to) throws InterruptedException {
        return delivery.rollback(
                new RollbackRequest(
                        project.location(), "staging", to, namespace.target(), RolloutSettings.DEFAULT, ACTOR),
                this::step);
    }

    private void step(String message) {
        steps.add(message);
    }

    private static RolloutSettings within(Duration timeout) {
        return new RolloutSettings(timeout, Duration.ofMinutes(1), true, false, false, Overrides.NONE);
    }

    private List<Release> history() {
        return delivery.history(project.location(), "staging", namespace.target())
                .releases();
    }

    private StatusResult status() {
        return delivery.status(project.location(), "staging", namespace.target());
    }

    private List<String> answers() throws IOException, InterruptedException {
        return StoryNamespace.answers(status());
    }

    private void assertThatTheFirstReleaseIsKept(DeployResult result) {
        assertThat(result.problem()).contains(Problem.ROLLOUT_FAILED);
        assertThat(result.restored()).isNull();
        assertThat(result.restoreVerdict()).isNull();
        assertThat(steps).contains("no earlier release was good: what was applied stays");
        assertThat(namespace.list("apps/v1", "Deployment")).singleElement().satisfies(live -> assertThat(
                        live.annotation("lockstep.io/revision"))
                .isEqualTo(result.release().revision()));
        assertThat(words(history())).containsExactly(result.verdict().code().word());
        assertThat(status().environments().get(0).current()).isNull();
    }

    private static List<String> words(List<Release> releases) {
        return releases.stream()
                .map(release -> release.verdict() == null
                        ? "has not ended"
                        : release.verdict().code().word())
                .toList();
    }

    /** The released objects by kind and name, without what the server owns. */
    private Map<String, Map<String, Object>> objects() {
        var objects = new LinkedHashMap<String, Map<String, Object>>();
        released().forEach((name, live) -> objects.put(name, StoryNamespace.written(live)));
        return objects;
    }

    private Map<String, Map<String, Object>> owned() {
        var objects = new LinkedHashMap<String, Map<String, Object>>();
        released().forEach((name, live) -> objects.put(name, StoryNamespace.owned(live)));
        return objects;
    }

    private Map<String, LiveObject> released() {
        var released = new LinkedHashMap<String, LiveObject>();
        for (String[] kind : List.of(
                new String[] {"apps/v1", "Deployment"}, new String[] {"v1", "Service"}, new String[] {"v1", "ConfigMap"
                })) {
            for (LiveObject live : namespace.list(kind[0], kind[1])) {
                if (!Tree.text(live.tree(), "metadata", "labels", "lockstep.io/app")
                        .isEmpty()) {
                    released.put(live.key().toString(), live);
                }
            }
        }
        return released;
    }

    private static <V> Map<String, V> without(String key, Map<String, V> map) {
        assertThat(map).containsKey(key);
        map.remove(key);
        return map;
    }

    private Set<String> imagesOfPods() {
        var images = new HashSet<String>();
        for (LiveObject pod : namespace.list("v1", "Pod")) {
            if (!pod.isBeingDeleted()) {
                Tree.list(pod.tree(), "spec", "containers")
                        .forEach(container -> images.add(Tree.text(container, "image")));
            }
        }
        return images;
    }

    private Set<String> uidsOfPods() {
        var uids = new HashSet<String>();
        namespace.list("v1", "Pod").forEach(pod -> uids.add(pod.uid()));
        return uids;
    }

    private static String configMap(String name, String data) {
        return """
                apiVersion: v1
                kind: ConfigMap
                metadata: { name: %s }
                data: { %s }
                """
                .formatted(name, data);
    }

    private static String thirdParty(String image) {
        return """
                apiVersion: apps/v1
                kind: Deployment
                metadata: { name: database }
                spec:
                  selector: { matchLabels: { app: database } }
                  template:
                    metadata: { labels: { app: database } }
                    spec:
                      terminationGracePeriodSeconds: 1
                      containers:
                        - name: database
                          image: %s
                          command: [sleep, "100000"]
                """
                .formatted(image);
    }

    private static String job(String command) {
        return """
                apiVersion: batch/v1
                kind: Job
                metadata: { name: migrate }
                spec:
                  template:
                    spec:
                      restartPolicy: Never
                      containers:
                        - name: migrate
                          image: %s
                          command: [sh, -c, %s]
                """
                .formatted(TestBed.base(), command);
    }
}
