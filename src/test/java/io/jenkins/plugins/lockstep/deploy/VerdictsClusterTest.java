package io.jenkins.plugins.lockstep.deploy;

import static io.jenkins.plugins.lockstep.deploy.VerdictCase.claimPending;
import static io.jenkins.plugins.lockstep.deploy.VerdictCase.exits;
import static io.jenkins.plugins.lockstep.deploy.VerdictCase.jobFailed;
import static io.jenkins.plugins.lockstep.deploy.VerdictCase.podFailed;
import static io.jenkins.plugins.lockstep.deploy.VerdictCase.pullFails;
import static io.jenkins.plugins.lockstep.deploy.VerdictCase.pulls;
import static io.jenkins.plugins.lockstep.deploy.VerdictCase.told;
import static io.jenkins.plugins.lockstep.deploy.VerdictCase.unscheduled;
import static io.jenkins.plugins.lockstep.deploy.VerdictCase.waits;
import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.lockstep.ClusterTest;
import io.jenkins.plugins.lockstep.DenyingWebhook;
import io.jenkins.plugins.lockstep.RefusingRegistry;
import io.jenkins.plugins.lockstep.TestBed;
import io.jenkins.plugins.lockstep.common.document.Tree;
import io.jenkins.plugins.lockstep.deploy.VerdictBench.Outcome;
import io.jenkins.plugins.lockstep.kube.KubeCluster;
import io.jenkins.plugins.lockstep.kube.KubeClusters;
import io.jenkins.plugins.lockstep.kube.KubeTarget;
import io.jenkins.plugins.lockstep.kube.RawWatch;
import io.jenkins.plugins.lockstep.manifest.ResourceKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Provokes every cause of the design's section 6 on a real cluster with real pods, and times the verdict by a watch of its
 * own: from the moment at which the condition held and its grace was over.
 *
 * <p>Real: the API server, the scheduler, the kubelet, quotas, limit ranges, volumes, admission
 * webhooks. Scripted, because they can't be provoked here: the registry's faults, and the events of the cluster autoscaler, which the test bed does not have.
 *
 * <p>{@code ./mvnw test -Dtest=VerdictsClusterTest -Dlockstep.docs=write} writes {@code docs/verdicts.md} anew.
 */
@ClusterTest(pods = true)
class VerdictsClusterTest {

    private static final Path PAGE = Path.of("docs", "verdicts.md");
    private static final int AT_ONCE = 8;
    private static final Duration HANG = Duration.ofMinutes(20);
    private static final String ID = Long.toString(System.nanoTime() & 0xFFFFFFFL, 36);
    private static final String ABSENT_NODE = "lockstep-absent-" + ID;

    private static final Map<VerdictCase, Future<Outcome>> OUTCOMES = new LinkedHashMap<>();
    private static final Map<String, VerdictBench> BENCHES = new ConcurrentHashMap<>();
    private static final List<RawWatch> WATCHES = new ArrayList<>();

    private static KubeCluster cluster;
    private static RefusingRegistry registry;
    private static DenyingWebhook webhook;
    private static ExecutorService executor;
    private static Path directory;

    @BeforeAll
    static void runAllCasesSideBySide() throws Exception {
        cluster = new KubeClusters(System.getenv()).open(new KubeTarget(TestBed.kubeconfig(), null, null));
        registry = new RefusingRegistry();
        webhook = new DenyingWebhook();
        directory = Files.createTempDirectory("lockstep-verdicts").resolve("made-later");
        for (String path :
                List.of("api/v1/pods", "api/v1/events", "api/v1/persistentvolumeclaims", "apis/batch/v1/jobs")) {
            WATCHES.add(new RawWatch(TestBed.kubeconfig(), path, VerdictsClusterTest::saw));
        }
        executor = Executors.newFixedThreadPool(AT_ONCE);
        int number = 0;
        for (VerdictCase one : cases()) {
            String namespace = "verdict-" + ID + "-" + number++;
            OUTCOMES.put(one, executor.submit(() -> {
                try (var bench = new VerdictBench(cluster, one, namespace)) {
                    BENCHES.put(namespace, bench);
                    return bench.run();
                } finally {
                    BENCHES.remove(namespace);
                }
            }));
        }
    }

    @AfterAll
    static void close() throws IOException {
        executor.shutdownNow();
        WATCHES.forEach(RawWatch::close);
        registry.close();
        webhook.close();
        cluster.close();
        Files.deleteIfExists(directory);
        Files.deleteIfExists(directory.getParent());
    }

    @TestFactory
    Stream<DynamicTest> everyCauseIsJudged() {
        return OUTCOMES.entrySet().stream()
                .filter(entry -> !entry.getKey().recovers())
                .map(entry -> DynamicTest.dynamicTest(entry.getKey().cause, () -> {
                    Outcome outcome = entry.getValue().get(HANG.toSeconds(), TimeUnit.SECONDS);
                    Verdict verdict = outcome.verdict();
                    assertThat(verdict.code())
                            .as("%s, after %s", verdict, outcome.steps())
                            .isEqualTo(entry.getKey().code);
                    for (String words : entry.getKey().words) {
                        assertThat(verdict.message() + "\n" + String.join("\n", verdict.evidence()))
                                .as("%s, after %s", entry.getKey().cause, outcome.steps())
                                .contains(words);
                    }
                    assertThat(verdict.message().lines()).hasSize(1);
                    assertThat(verdict.hint()).isNotBlank();
                    assertThat(outcome.held())
                            .as("the independent watch saw the condition of: %s", entry.getKey().cause)
                            .isTrue();
                    // The independent watch may be behind the engine, the beginning can't be.
                    assertThat(outcome.lasted())
                            .as("no verdict before its grace was over: %s", entry.getKey().cause)
                            .isGreaterThanOrEqualTo(entry.getKey().grace.toMillis() / 1e3);
                }));
    }

    @TestFactory
    Stream<DynamicTest> whatRecoversInsideItsGraceIsNoFailure() {
        return OUTCOMES.entrySet().stream()
                .filter(entry -> entry.getKey().recovers())
                .map(entry -> DynamicTest.dynamicTest(entry.getKey().cause, () -> {
                    Outcome outcome = entry.getValue().get(HANG.toSeconds(), TimeUnit.SECONDS);
                    assertThat(outcome.verdict().code())
                            .as("%s, after %s", outcome.verdict(), outcome.steps())
                            .isEqualTo(Verdict.Code.RUNNING);
                    assertThat(outcome.held())
                            .as("the independent watch saw the fault")
                            .isTrue();
                    for (String words : entry.getKey().words) {
                        assertThat(outcome.steps()).anyMatch(step -> step.contains(words));
                    }
                }));
    }

    @Test
    void thePageSaysWhatTheCasesShowed() throws Exception {
        var outcomes = new ArrayList<Outcome>();
        for (Future<Outcome> outcome : OUTCOMES.values()) {
            outcomes.add(outcome.get(HANG.toSeconds(), TimeUnit.SECONDS));
        }
        var page = new VerdictsPage(outcomes);
        System.out.println(page.figures());
        if ("write".equals(System.getProperty("lockstep.docs"))) {
            Files.writeString(PAGE, page.text());
            return;
        }
        String text = Files.readString(PAGE).replace("\r\n", "\n");
        for (String line : page.lastingLines()) {
            assertThat(text).contains(line);
        }
    }

    private static void saw(Map<String, Object> object) {
        VerdictBench bench = BENCHES.get(Tree.text(object, "metadata", "namespace"));
        if (bench != null) {
            bench.saw(object);
        }
    }

    // ---- the cases

    private static List<VerdictCase> cases() {
        // The slow ones first.
        return Stream.of(exitCases(), recoveries(), pullCases(), podCases(), refusals())
                .flatMap(List::stream)
                .toList();
    }

    private static List<VerdictCase> refusals() {
        return List.of(
                new VerdictCase(Verdict.Code.REJECTED, "object not valid", "at once")
                        .of(deployment("", "ports: [{containerPort: 99999, protocol: TCP}]", "sleep 100000"))
                        .says("containerPort", "test.yaml:14"),
                new VerdictCase(Verdict.Code.REJECTED, "field not known", "at once")
                        .of(deployment("", "imagePullPolitics: Never", "sleep 100000"))
                        .says("imagePullPolitics", "test.yaml:"),
                new VerdictCase(Verdict.Code.IMMUTABLE_FIELD, "immutable field", "at once")
                        .after(deployment("", "", "sleep 100000")
                                .replace("spec:\n  selector", "spec:\n  replicas: 0\n  selector"))
                        .of(deployment("", "", "sleep 100000").replace("app: web", "app: other"))
                        .says("spec.selector", "immutable", "test.yaml:6"),
                new VerdictCase(Verdict.Code.FORBIDDEN, "right missing", "at once")
                        .set(VerdictBench::allowReading)
                        .as(true)
                        .of("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web}\ndata: {a: b}\n")
                        .says("may not patch configmaps"),
                new VerdictCase(Verdict.Code.KIND_NOT_SERVED, "kind not served", "at once, in the plan")
                        .of("apiVersion: example.com/v1\nkind: Thing\nmetadata: {name: web}\n")
                        .says("kind not served: Thing of example.com/v1", "test.yaml:1"),
                new VerdictCase(
                                Verdict.Code.NAMESPACE_MISSING,
                                "namespace missing or terminating",
                                "at once, in the plan")
                        .set(VerdictsClusterTest::endNamespace)
                        .of("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web}\ndata: {a: b}\n")
                        .says("is missing, or being deleted"),
                new VerdictCase(Verdict.Code.ADMISSION_DENIED, "object denied by admission", "at once")
                        .set(bench -> bench.apply(LIMITS))
                        .of(
                                """
                            apiVersion: v1
                            kind: Pod
                            metadata: {name: web}
                            spec:
                              containers: [{name: app, image: "%s", resources: {limits: {memory: 1Gi}}}]
                            """
                                        .formatted(image()))
                        .says("maximum memory usage per Container"),
                new VerdictCase(Verdict.Code.FIELD_CONFLICT, "field of another manager", "at once")
                        .set(bench -> bench.apply(
                                "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web}\ndata: {a: theirs}\n"))
                        .of("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web}\ndata: {a: ours}\n")
                        .says("belongs to 'test'"));
    }

    private static List<VerdictCase> podCases() {
        return List.of(
                new VerdictCase(Verdict.Code.ADMISSION_DENIED, "pods denied by admission", "at once")
                        .set(bench -> bench.apply(LIMITS))
                        .of(deployment("", "resources: {limits: {memory: 1Gi}}", "sleep 100000"))
                        .holds(told("FailedCreate", "maximum memory", 1))
                        .says("its pods can't be created", "maximum memory usage per Container"),
                new VerdictCase(Verdict.Code.ADMISSION_DENIED, "pods denied by a webhook", "at once")
                        .set(bench -> bench.webhookForPods(webhook.url(), webhook.caBundle()))
                        .of(deployment("", "", "sleep 100000"))
                        .holds(told("FailedCreate", "denied the request", 1))
                        .says("its pods can't be created", "images must be signed"),
                new VerdictCase(
                                Verdict.Code.ADMISSION_DENIED,
                                "webhook for pods does not answer",
                                "after `quota` (30 s)")
                        .set(bench -> bench.webhookForPods("https://127.0.0.1:9/deny", webhook.caBundle()))
                        .of(deployment("", "", "sleep 100000"))
                        .with("quota", "4s")
                        .holds(told("FailedCreate", "failed calling webhook", 1), Duration.ofSeconds(4))
                        .says("failed calling webhook"),
                new VerdictCase(
                                Verdict.Code.MISSING_CONFIGURATION,
                                "missing ConfigMap or key of this release",
                                "at once")
                        .of(
                                """
                            apiVersion: v1
                            kind: ConfigMap
                            metadata: {name: web-config-0123456789}
                            immutable: true
                            data: {present: "1"}
                            ---
                            """
                                        + deployment(
                                                "",
                                                "env: [{name: A, valueFrom: {configMapKeyRef: {name: web-config-0123456789, key:"
                                                        + " absent}}}]",
                                                "sleep 100000"))
                        .holds(waits("CreateContainerConfigError"))
                        .says("the ConfigMap web-config-0123456789 has no key absent"),
                new VerdictCase(
                                Verdict.Code.MISSING_CONFIGURATION,
                                "missing other ConfigMap or Secret",
                                "after `reference` (1 min)")
                        .of(deployment("", "envFrom: [{secretRef: {name: absent}}]", "sleep 100000"))
                        .with("reference", "4s")
                        .holds(waits("CreateContainerConfigError"), Duration.ofSeconds(4))
                        .says("the Secret absent is missing"),
                new VerdictCase(
                                Verdict.Code.MISSING_CONFIGURATION,
                                "missing ConfigMap of a volume",
                                "after `reference` (1 min)")
                        .of(deployment(
                                "volumes: [{name: v, configMap: {name: absent}}]",
                                "volumeMounts: [{name: v, mountPath: /v}]",
                                "sleep 100000"))
                        .with("reference", "4s")
                        .holds(told("FailedMount", "absent", 1), Duration.ofSeconds(4))
                        .says("the ConfigMap absent is missing"),
                new VerdictCase(
                                Verdict.Code.MISSING_CONFIGURATION,
                                "missing service account",
                                "after `reference` (1 min)")
                        .of(deployment("serviceAccountName: absent", "", "sleep 100000"))
                        .with("reference", "4s")
                        .holds(told("FailedCreate", "absent", 1), Duration.ofSeconds(4))
                        .says("the ServiceAccount absent is missing"),
                new VerdictCase(
                                Verdict.Code.CONTAINER_NOT_CREATED,
                                "container can't be created",
                                "after `reference` (1 min)")
                        .of(deployment("securityContext: {runAsNonRoot: true}", "", "sleep 100000"))
                        .with("reference", "4s")
                        .holds(waits("CreateContainerConfigError"), Duration.ofSeconds(4))
                        .says("runAsNonRoot"),
                new VerdictCase(Verdict.Code.VOLUME_NOT_MOUNTED, "volume can't be mounted", "after `mount` (1 min)")
                        .of(deployment(
                                "volumes: [{name: v, hostPath: {path: /no/such/place, type: Directory}}]",
                                "volumeMounts: [{name: v, mountPath: /v}]",
                                "sleep 100000"))
                        .with("mount", "4s")
                        .holds(told("FailedMount", "", 1), Duration.ofSeconds(4))
                        .says("the volume v can't be mounted", "/no/such/place"),
                new VerdictCase(
                                Verdict.Code.VOLUME_PENDING,
                                "claim without a volume",
                                "`volumeClaim` (2 min) without a provisioning event")
                        .of(claim() + deployment(CLAIMED, "volumeMounts: [{name: v, mountPath: /v}]", "sleep 100000"))
                        .with("volumeClaim", "4s")
                        .holds(claimPending(), Duration.ofSeconds(4))
                        .says("the claim data asks for storage class none"),
                new VerdictCase(Verdict.Code.UNSCHEDULABLE, "no node takes the pod", "after `scheduling` (3 min)")
                        .of(deployment("nodeSelector: {no-such: label}", "", "sleep 100000"))
                        .with("scheduling", "4s")
                        .holds(unscheduled(), Duration.ofSeconds(4))
                        .says("no node takes pod web-"),
                new VerdictCase(
                                Verdict.Code.UNSCHEDULABLE,
                                "the autoscaler adds no node",
                                "at once on NotTriggerScaleUp")
                        .of(deployment("nodeSelector: {no-such: label}", "", "sleep 100000"))
                        .when(
                                unscheduled(),
                                bench -> bench.autoscalerSays(
                                        "NotTriggerScaleUp", "pod didn't trigger scale-up: 1 node(s) didn't match"))
                        .holds(told("NotTriggerScaleUp", "", 1))
                        .says("and the autoscaler adds none"),
                new VerdictCase(
                                Verdict.Code.QUOTA_EXCEEDED,
                                "quota exceeded",
                                "after `quota` (30 s) with no old pod left terminating")
                        .set(bench -> bench.apply(NO_PODS))
                        .of(deployment("", "", "sleep 100000"))
                        .with("quota", "4s")
                        .holds(told("FailedCreate", "exceeded quota", 1), Duration.ofSeconds(4))
                        .says("the quota no-pods of namespace"),
                new VerdictCase(Verdict.Code.QUOTA_EXCEEDED, "quota exceeded, of a StatefulSet", "after `quota` (30 s)")
                        .set(bench -> bench.apply(NO_PODS))
                        .of(statefulSet("sleep 100000"))
                        .with("quota", "4s")
                        .holds(told("FailedCreate", "exceeded quota", 1), Duration.ofSeconds(4))
                        .says("the quota no-pods of namespace"),
                new VerdictCase(Verdict.Code.NOT_READY, "readiness never passes", "only at the deadline (`--timeout`)")
                        .of(deployment(
                                "",
                                "readinessProbe: {exec: {command: [sh, -c, 'echo warming up; exit 1']}, periodSeconds: 1, timeoutSeconds: 20}",
                                "sleep 100000"))
                        .within(Duration.ofSeconds(75))
                        .says("Readiness probe failed: warming up"),
                new VerdictCase(
                                Verdict.Code.DEADLINE,
                                "anything else that takes too long",
                                "only at the deadline (`--timeout`)")
                        .of(deployment("", "", "sleep 100000")
                                .replace("spec:\n  selector", "spec:\n  minReadySeconds: 300\n  selector"))
                        .within(Duration.ofSeconds(45))
                        .says("was not ready after 45 s"),
                new VerdictCase(Verdict.Code.JOB_FAILED, "Job failed", "when its backoff limit is reached")
                        .of(job("backoffLimit: 0", "echo migration 7 failed; exit 4"))
                        .holds(jobFailed())
                        .says("failed with exit code 4", "BackoffLimitExceeded", "  migration 7 failed"),
                new VerdictCase(Verdict.Code.JOB_FAILED, "Job too slow", "when its activeDeadlineSeconds are over")
                        .of(job("activeDeadlineSeconds: 4", "sleep 100000"))
                        .holds(jobFailed())
                        .says("DeadlineExceeded"),
                new VerdictCase(Verdict.Code.POD_FAILED, "bare Pod failed", "at once")
                        .of(
                                """
                            apiVersion: v1
                            kind: Pod
                            metadata: {name: web}
                            spec:
                              restartPolicy: Never
                              containers: [{name: app, image: "%s", command: [sh, -c, "echo broken; exit 5"]}]
                            """
                                        .formatted(image()))
                        .holds(podFailed())
                        .says("pod/web failed with exit code 5", "  broken"));
    }

    private static List<VerdictCase> pullCases() {
        return List.of(
                new VerdictCase(Verdict.Code.IMAGE_NOT_FOUND, "image not found (404)", "at the second attempt")
                        .of(deployment("", "", "sleep 1").replace(image(), registry.image(404, "gone")))
                        .holds(pulls(2))
                        .says("the registry has no image"),
                new VerdictCase(Verdict.Code.IMAGE_REFUSED, "image refused (401)", "at the second attempt")
                        .of(deployment("", "", "sleep 1").replace(image(), registry.image(401, "locked")))
                        .holds(pulls(2))
                        .says("the registry does not let the node have the image"),
                new VerdictCase(Verdict.Code.IMAGE_REFUSED, "image refused (403)", "at the second attempt")
                        .of(deployment("", "", "sleep 1").replace(image(), registry.image(403, "denied")))
                        .holds(pulls(2))
                        .says("the registry does not let the node have the image"),
                new VerdictCase(Verdict.Code.REGISTRY_UNREACHABLE, "registry answers 500", "after `registry` (2 min)")
                        .of(deployment("", "", "sleep 1").replace(image(), registry.image(500, "broken")))
                        .with("registry", "6s")
                        .holds(pullFails(), Duration.ofSeconds(6))
                        .says("can't get the image"),
                new VerdictCase(Verdict.Code.REGISTRY_UNREACHABLE, "registry unreachable", "after `registry` (2 min)")
                        .of(deployment("", "", "sleep 1").replace(image(), "127.0.0.1:9/shop/web:1"))
                        .with("registry", "6s")
                        .holds(pullFails(), Duration.ofSeconds(6))
                        .says("can't get the image", "connection refused"),
                new VerdictCase(Verdict.Code.IMAGE_REFUSED, "image name that is none", "at once")
                        .of(deployment("", "", "sleep 1").replace(image(), "Shop/Web:1"))
                        .holds(waits("InvalidImageName"))
                        .says("can't be pulled"));
    }

    private static List<VerdictCase> exitCases() {
        return List.of(
                new VerdictCase(Verdict.Code.CRASH_LOOP, "crash loop", "at the third exit")
                        .of(deployment("", "", "echo cannot open the database; exit 3"))
                        .holds(exits(3))
                        .says("ended 3 times, the last time with exit code 3", "  cannot open the database"),
                new VerdictCase(Verdict.Code.OUT_OF_MEMORY, "out of memory", "at the third exit")
                        .of(deployment("", "resources: {limits: {memory: 20Mi}}", "tail /dev/zero"))
                        .holds(exits(3))
                        .says("for using more memory than it may (20Mi)"),
                new VerdictCase(Verdict.Code.INIT_FAILED, "init container fails", "at the third exit")
                        .of(deployment(
                                "initContainers: [{name: migrate, image: \"%s\", command: [sh, -c, 'echo no schema; exit 9']}]"
                                        .formatted(image()),
                                "",
                                "sleep 100000"))
                        .holds(exits(3))
                        .says("init container migrate of pod web-", "exit code 9", "  no schema"),
                new VerdictCase(Verdict.Code.LIVENESS_FAILED, "liveness restarts", "at the third exit")
                        .of(deployment(
                                "",
                                "livenessProbe: {exec: {command: [sh, -c, 'echo I am stuck; exit 1']}, periodSeconds: 1, timeoutSeconds: 20,"
                                        + " failureThreshold: 1}",
                                "echo serving; sleep 100000"))
                        // Without a readiness probe it would count as ready before its liveness probe had a say.
                        .with("steady", "30s")
                        .holds(exits(3))
                        .says("Liveness probe failed: I am stuck", "  serving"),
                new VerdictCase(Verdict.Code.COMMAND_NOT_FOUND, "command not found", "at the second exit")
                        .of(deployment("", "", "sleep 1").replace("[sh, -c, \"sleep 1\"]", "[/no/such/program]"))
                        .holds(exits(2))
                        .says("/no/such/program"),
                new VerdictCase(Verdict.Code.COMMAND_NOT_FOUND, "command not found by the shell", "at the second exit")
                        .of(deployment("", "", "no-such-program --serve"))
                        .holds(exits(2))
                        .says("exit code 127", "no-such-program"));
    }

    private static List<VerdictCase> recoveries() {
        return List.of(
                recovery("`exits`: crashes twice, then runs")
                        .of(deployment(
                                "volumes: [{name: s, emptyDir: {}}]",
                                "volumeMounts: [{name: s, mountPath: /s}]",
                                "echo x >> /s/n; [ $(wc -l < /s/n) -gt 2 ] && sleep 100000; exit 1"))
                        .holds(exits(2)),
                recovery("`failedStarts`: not found once, then there")
                        .of(deployment(
                                "volumes: [{name: s, emptyDir: {}}]",
                                "volumeMounts: [{name: s, mountPath: /s}]",
                                "echo x >> /s/n; [ $(wc -l < /s/n) -gt 1 ] && sleep 100000; exit 127"))
                        .holds(exits(1)),
                recovery("`refusedPulls`: not found once, then pushed")
                        .of(deployment("", "", "sleep 100000").replace(image(), registry.image(404, "pushed")))
                        .with("refusedPulls", "3")
                        .when(told("Failed", "Failed to pull image", 1), bench -> registry.mend("pushed"))
                        .holds(told("Failed", "Failed to pull image", 1)),
                recovery("`imagePull`: refused twice, inside a grace of a minute")
                        .of(deployment("", "", "sleep 100000").replace(image(), registry.image(403, "replicated")))
                        .with("imagePull", "1m")
                        .when(pulls(2), bench -> registry.mend("replicated"))
                        .holds(pulls(2)),
                recovery("`registry`: answers 500, then works")
                        .of(deployment("", "", "sleep 100000").replace(image(), registry.image(500, "restarted")))
                        .with("registry", "1m")
                        .when(pullFails(), bench -> registry.mend("restarted"))
                        .holds(pullFails()),
                recovery("`reference`: a Secret that comes a little later")
                        .of(deployment("", "envFrom: [{secretRef: {name: late}}]", "sleep 100000"))
                        .with("reference", "40s")
                        .when(waits("CreateContainerConfigError"), bench -> {
                            VerdictBench.pause(Duration.ofSeconds(2));
                            bench.apply("apiVersion: v1\nkind: Secret\nmetadata: {name: late}\nstringData: {a: b}\n");
                        })
                        .holds(waits("CreateContainerConfigError")),
                recovery("`mount`: a directory that comes a little later")
                        .of(deployment(
                                "volumes: [{name: v, hostPath: {path: \"%s\", type: Directory}}]".formatted(directory),
                                "volumeMounts: [{name: v, mountPath: /v}]",
                                "sleep 100000"))
                        .with("mount", "40s")
                        .when(told("FailedMount", "", 1), bench -> Files.createDirectory(directory))
                        .holds(told("FailedMount", "", 1)),
                recovery("`scheduling`: a node that fits a little later")
                        .of(deployment("nodeSelector: {lockstep-NAMESPACE: here}", "", "sleep 100000"))
                        .with("scheduling", "40s")
                        .when(unscheduled(), VerdictBench::labelNodes)
                        .holds(unscheduled()),
                recovery("`scheduling`: longer while the autoscaler says TriggeredScaleUp")
                        .of(deployment("nodeSelector: {lockstep-NAMESPACE: here}", "", "sleep 100000"))
                        .with("scheduling", "10s")
                        .when(unscheduled(), bench -> {
                            bench.autoscalerSays("TriggeredScaleUp", "pod triggered scale-up: [{nodes 1->2 (max: 3)}]");
                            VerdictBench.pause(Duration.ofSeconds(16));
                            bench.labelNodes();
                        })
                        .holds(unscheduled()),
                recovery("`quota`: raised a little later")
                        .set(bench -> bench.apply(NO_PODS))
                        .of(deployment("", "", "sleep 100000"))
                        .with("quota", "40s")
                        .when(
                                told("FailedCreate", "exceeded quota", 1),
                                bench -> bench.apply(NO_PODS.replace("\"0\"", "\"5\"")))
                        .holds(told("FailedCreate", "exceeded quota", 1)),
                recovery("`volumeClaim`: a volume that comes a little later")
                        .of(claim() + deployment(CLAIMED, "volumeMounts: [{name: v, mountPath: /v}]", "sleep 100000"))
                        .with("volumeClaim", "40s")
                        .when(claimPending(), VerdictsClusterTest::makeVolume)
                        .holds(claimPending()),
                recovery("a DaemonSet that tolerates all taints does not wait for nodes that are not ready")
                        .set(bench -> bench.apply("", ABSENT))
                        .of(
                                """
                            apiVersion: apps/v1
                            kind: DaemonSet
                            metadata: {name: web}
                            spec:
                              selector: {matchLabels: {app: web}}
                              template:
                                metadata: {labels: {app: web}}
                                spec:
                                  terminationGracePeriodSeconds: 0
                                  tolerations: [{operator: Exists}]
                                  containers: [{name: app, image: "%s", command: [sh, -c, "sleep 100000"]}]
                            """
                                        .formatted(image()))
                        .holds(object -> Tree.text(object, "kind").equals("Pod"))
                        .says("not waiting for nodes that are not ready: " + ABSENT_NODE),
                recovery("a StatefulSet gets past a pod that never became ready")
                        .after(statefulSet("sleep 1").replace("[sh, -c, \"sleep 1\"]", "[/no/such/program]"))
                        .of(statefulSet("sleep 100000"))
                        .holds(object -> Tree.text(object, "kind").equals("Pod"))
                        .says("deleting pod web-0, of an earlier revision"));
    }

    private static VerdictCase recovery(String cause) {
        return new VerdictCase(Verdict.Code.RUNNING, cause, "");
    }

    // ---- what they need

    private static final String LIMITS =
            """
            apiVersion: v1
            kind: LimitRange
            metadata: {name: small}
            spec: {limits: [{type: Container, max: {memory: 100Mi}}]}
            """;

    private static final String NO_PODS =
            """
            apiVersion: v1
            kind: ResourceQuota
            metadata: {name: no-pods}
            spec: {hard: {pods: "0"}}
            """;

    private static final String CLAIMED = "volumes: [{name: v, persistentVolumeClaim: {claimName: data}}]";

    /** A node that no machine stands behind; its taint keeps everybody else's pods away. */
    private static final String ABSENT =
            """
            apiVersion: v1
            kind: Node
            metadata: {name: %s}
            spec: {taints: [{key: lockstep.test/absent, value: "true", effect: NoSchedule}]}
            status:
              allocatable: {cpu: "1", memory: 1Gi, pods: "10"}
              capacity: {cpu: "1", memory: 1Gi, pods: "10"}
              conditions: [{type: Ready, status: "False", reason: Absent, message: nobody is there}]
            """
                    .formatted(ABSENT_NODE);

    /** Deletes the namespace, which an object with a finalizer keeps for a while. */
    private static void endNamespace(VerdictBench bench) {
        bench.apply(
                """
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: held, finalizers: [lockstep.test/hold]}
                """);
        bench.delete(bench.kind("v1", "Namespace"), new ResourceKey("", "Namespace", "", bench.namespace));
        var key = new ResourceKey("", "ConfigMap", bench.namespace, "held");
        bench.atTheEnd(() -> {
            bench.apply("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: held}\n");
            bench.delete(bench.kind("v1", "ConfigMap"), key);
        });
    }

    private static void makeVolume(VerdictBench bench) throws InterruptedException {
        VerdictBench.pause(Duration.ofSeconds(2));
        bench.apply(
                "",
                """
                apiVersion: v1
                kind: PersistentVolume
                metadata: {name: %1$s}
                spec:
                  capacity: {storage: 1Mi}
                  accessModes: [ReadWriteOnce]
                  storageClassName: none
                  persistentVolumeReclaimPolicy: Retain
                  claimRef: {namespace: %1$s, name: data}
                  hostPath: {path: /tmp}
                """
                        .formatted(bench.namespace));
    }

    private static String claim() {
        return """
               apiVersion: v1
               kind: PersistentVolumeClaim
               metadata: {name: data}
               spec: {accessModes: [ReadWriteOnce], storageClassName: none, resources: {requests: {storage: 1Mi}}}
               ---
               """;
    }

    private static String deployment(String pod, String container, String script) {
        return lines(
                "apiVersion: apps/v1",
                "kind: Deployment",
                "metadata:",
                "  name: web",
                "spec:",
                "  selector: {matchLabels: {app: web}}",
                "  template:",
                "    metadata: {labels: {app: web}}",
                "    spec:",
                "      terminationGracePeriodSeconds: 0",
                pod.isEmpty() ? "" : "      " + pod,
                "      containers:",
                "      - name: app",
                container.isEmpty() ? "" : "        " + container,
                "        image: \"" + image() + "\"",
                "        command: [sh, -c, \"" + script + "\"]");
    }

    private static String statefulSet(String script) {
        return lines(
                "apiVersion: apps/v1",
                "kind: StatefulSet",
                "metadata: {name: web}",
                "spec:",
                "  serviceName: web",
                "  selector: {matchLabels: {app: web}}",
                "  template:",
                "    metadata: {labels: {app: web}}",
                "    spec:",
                "      terminationGracePeriodSeconds: 0",
                "      containers: [{name: app, image: \"" + image() + "\", command: [sh, -c, \"" + script + "\"]}]");
    }

    private static String job(String spec, String script) {
        return lines(
                "apiVersion: batch/v1",
                "kind: Job",
                "metadata: {name: web}",
                "spec:",
                "  " + spec,
                "  template:",
                "    spec:",
                "      restartPolicy: Never",
                "      terminationGracePeriodSeconds: 0",
                "      containers: [{name: app, image: \"" + image() + "\", command: [sh, -c, \"" + script + "\"]}]");
    }

    private static String lines(String... lines) {
        return String.join("\n", Arrays.asList(lines)) + "\n";
    }

    private static String image() {
        return TestBed.base();
    }
}
