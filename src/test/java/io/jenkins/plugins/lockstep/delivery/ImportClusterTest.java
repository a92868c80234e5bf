package io.jenkins.plugins.lockstep.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.jenkins.plugins.lockstep.ClusterTest;
import io.jenkins.plugins.lockstep.TestBed;
import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.common.Progress;
import io.jenkins.plugins.lockstep.common.document.Tree;
import io.jenkins.plugins.lockstep.delivery.ImportResult.ImportedFile;
import io.jenkins.plugins.lockstep.delivery.ImportResult.Status;
import io.jenkins.plugins.lockstep.deploy.Change;
import io.jenkins.plugins.lockstep.deploy.Cluster;
import io.jenkins.plugins.lockstep.deploy.LiveObject;
import io.jenkins.plugins.lockstep.deploy.PlanOptions;
import io.jenkins.plugins.lockstep.deploy.Planner;
import io.jenkins.plugins.lockstep.deploy.ServedKind;
import io.jenkins.plugins.lockstep.kube.KubeClusters;
import io.jenkins.plugins.lockstep.kube.KubeTarget;
import io.jenkins.plugins.lockstep.manifest.Manifest;
import io.jenkins.plugins.lockstep.manifest.ManifestReader;
import io.jenkins.plugins.lockstep.manifest.RenderContext;
import io.jenkins.plugins.lockstep.manifest.RenderedObject;
import io.jenkins.plugins.lockstep.manifest.Renderer;
import io.jenkins.plugins.lockstep.manifest.ResourceKey;
import io.jenkins.plugins.lockstep.manifest.Scopes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Objects that kubectl made become manifests, and a real server makes the same objects of these again. */
@ClusterTest
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class ImportClusterTest {

    private static final List<String> EVERYTHING = List.of(
            "deployment/web",
            "svc/web",
            "cm/web-settings",
            "hpa/web",
            "pdb/web",
            "ing/web",
            "sa/web",
            "statefulset/db",
            "service/db",
            "ds/agent",
            "cronjob/report",
            "job/once",
            "netpol/web",
            "role/shop:reader");

    /** Numbers and times that differ from object to object. */
    private static final Set<String> ALLOCATED = Set.of("clusterIP", "clusterIPs", "nodePort", "creationTimestamp");

    private static StoryNamespace namespace;
    private static StoryNamespace empty;
    private static Cluster cluster;

    @TempDir
    Path temporary;

    @BeforeAll
    static void start(@TempDir Path directory) throws Exception {
        namespace = StoryNamespace.make();
        empty = StoryNamespace.make();
        cluster = new KubeClusters(Map.of()).open(new KubeTarget(TestBed.kubeconfig(), null, namespace.name()));
        String running;
        try (var in = ImportClusterTest.class.getResourceAsStream("running.yaml")) {
            running = new String(in.readAllBytes(), StandardCharsets.UTF_8).replace("BASE", TestBed.base());
        }
        // Some teams apply, some create: only the former leaves an annotation with what was written.
        int half = running.indexOf("apiVersion: apps/v1\nkind: StatefulSet");
        Path applied = Files.writeString(directory.resolve("applied.yaml"), running.substring(0, half));
        Path created = Files.writeString(directory.resolve("created.yaml"), running.substring(half));
        kubectl("apply", "-f", applied.toString());
        kubectl("create", "-f", created.toString());
        kubectl("rollout", "restart", "deployment/web");
    }

    @AfterAll
    static void stop() {
        namespace.close();
        empty.close();
        cluster.close();
    }

    @Test
    void aServerMakesTheSameObjectOfTheManifestAsItHas() {
        ImportResult result = run(EVERYTHING, false, temporary.resolve("deploy"));

        assertThat(result.files()).hasSameSizeAs(EVERYTHING);
        for (RenderedObject object : rendered(result, empty.name())) {
            if (object.key().kind().equals("Job")) {
                continue; // named by its hash, and its template can't be compared with labels of its own
            }
            LiveObject live =
                    live(object.key().kind(), object.apiVersion(), object.key().name());
            Map<String, Object> wanted = Tree.copy(object.tree());
            if (object.replicas() != null) {
                Map<String, Object> spec = Tree.map(wanted, "spec");
                spec.put("replicas", object.replicas());
                wanted.put("spec", spec);
            }

            LiveObject made = cluster.apply(
                            served(object.apiVersion(), object.key().kind()),
                            object.key(),
                            wanted,
                            new Cluster.ApplyMode(Cluster.MANAGER, false, true))
                    .object();

            assertThat(content(made)).as("%s", object.key()).isEqualTo(content(live));
        }
    }

    @Test
    void aPlanOfTheManifestsFindsNoFieldThatDiffers() {
        ImportResult result = run(EVERYTHING, false, temporary.resolve("deploy"));
        List<RenderedObject> objects = rendered(result, namespace.name()).stream()
                .filter(object -> !object.key().kind().equals("Job"))
                .toList();

        List<Change> changes = new Planner(cluster)
                .plan(objects, List.of(), PlanOptions.DEPLOY)
                .changes();

        assertThat(changes).hasSameSizeAs(objects);
        assertThat(changes)
                .allSatisfy(change ->
                        assertThat(change.fields()).as("%s", change.key()).isEmpty());
        assertThat(changes).extracting(Change::operation).containsOnly(Change.Operation.CONFIGURE);
    }

    @Test
    void whatRemainsIsWhatAPersonWouldWrite() {
        ImportResult result = run(EVERYTHING, false, temporary.resolve("deploy"));

        String deployment = text(result, "web-deployment.yaml");
        assertThat(deployment)
                .startsWith("apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\n  labels:\n    app: web\n"
                        + "  annotations:\n    team: shop\nspec:\n")
                .contains("serviceAccountName: web", "imagePullPolicy: Always", "maxUnavailable:", "protocol: UDP")
                .doesNotContain("helm", "restartedAt", "terminationMessage", "progressDeadline", "protocol: TCP");
        assertThat(deployment.indexOf("containers:")).isLessThan(deployment.indexOf("volumes:"));
        assertThat(text(result, "web-service.yaml"))
                .contains("type: NodePort")
                .doesNotContain("nodePort:", "clusterIP");
        assertThat(text(result, "db-service.yaml")).contains("clusterIP: None");
        assertThat(text(result, "report-cronjob.yaml"))
                .isEqualTo(
                        """
                        apiVersion: batch/v1beta1
                        kind: CronJob
                        metadata:
                          name: report
                        spec:
                          schedule: "0 3 * * *"
                          jobTemplate:
                            spec:
                              template:
                                spec:
                                  containers:
                                  - name: report
                                    image: "%s"
                                    command:
                                    - /bin/busybox
                                    - 'true'
                                  restartPolicy: Never
                        """
                                .formatted(TestBed.base()));
        assertThat(text(result, "once-job.yaml")).doesNotContain("controller-uid", "selector");
        assertThat(result.files()).allSatisfy(file -> assertThat(file.text())
                .doesNotContain(
                        "status:",
                        "managedFields",
                        "uid:",
                        "resourceVersion",
                        "creationTimestamp",
                        "last-applied",
                        "namespace:",
                        "s3cret"));
    }

    @Test
    void whatBelongsToAWorkloadComesAlong() {
        ImportResult result = run(List.of("deploy/web"), true, temporary.resolve("deploy"));

        assertThat(result.files())
                .extracting(file -> file.object().key().toString())
                .containsExactlyInAnyOrder(
                        "deployment/web",
                        "configmap/web-settings",
                        "serviceaccount/web",
                        "service/web",
                        "poddisruptionbudget/web",
                        "horizontalpodautoscaler/web",
                        "ingress/web");
        assertThat(result.notes())
                .anyMatch(note -> note.contains("needs Secrets, which are not imported: web-login"))
                .anyMatch(note -> note.matches(".*deploy/web-deployment.yaml:\\d+: write `image: lockstep` instead.*"))
                .anyMatch(note -> note.contains("`namespace: " + namespace.name() + "`"));
    }

    @Test
    void importingAgainChangesNothingAndReplacesNothingUnasked() throws Exception {
        Path output = temporary.resolve("deploy");
        assertThat(run(List.of("svc/db", "sts/db"), false, output).files())
                .extracting(ImportedFile::status)
                .containsOnly(Status.CREATED);
        assertThat(run(List.of("svc/db", "sts/db"), false, output).files())
                .extracting(ImportedFile::status)
                .containsOnly(Status.UNCHANGED);
        Files.writeString(output.resolve("db-service.yaml"), "# mine\n");

        assertThat(failure(List.of("svc/db", "cronjob/report"), output).why()).isEqualTo("db-service.yaml");
        assertThat(output.resolve("report-cronjob.yaml")).doesNotExist();
        assertThat(output.resolve("db-service.yaml")).hasContent("# mine");

        Files.delete(output.resolve("db-service.yaml"));
        Files.writeString(output.resolve("all.yaml"), "apiVersion: v1\nkind: Service\nmetadata: { name: db }\n");
        assertThat(failure(List.of("svc/db"), output).where()).endsWith("all.yaml:1");
    }

    @Test
    void aProjectFileBelowTheTopMayNameWhatLiesBesideIt() throws Exception {
        Path project = Files.createDirectories(temporary.resolve("services/cart"));
        Files.writeString(
                project.resolve("lockstep.yaml"),
                """
                apiVersion: lockstep/v1
                app: cart
                image: { repository: registry.example.com/shop/cart, base: scratch, layers: [{ from: a, to: /a }] }
                manifests: ../../deploy/cart
                environments: { staging: { config: ../../config/shared } }
                """);
        var location = new ProjectLocation(project, Path.of(ProjectLocation.DEFAULT_FILE), null, null);

        ImportResult result = new DeliveryFactory(Map.of())
                .delivery()
                .importObjects(
                        new ImportRequest(
                                location,
                                List.of("svc/db"),
                                namespace.target(),
                                "staging",
                                null,
                                true,
                                new ImportRequest.Settings(false, false, false)),
                        Progress.NONE);

        assertThat(result.files()).hasSize(1);
        assertThat(temporary.resolve("deploy/cart/db-service.yaml")).content().contains("name: db");
    }

    @Test
    void whatCantBeImportedIsRefusedWithWhatToDo() {
        Path output = temporary.resolve("deploy");

        assertThat(failure(List.of("deployment/wep"), output).hint()).isEqualTo("did you mean 'web'?");
        assertThat(failure(List.of("secret/web-login"), output).what()).contains("is not imported");
        assertThat(failure(List.of("deploymnt/web"), output).hint()).contains("did you mean 'deployment'?");
        assertThat(failure(List.of("Thing.v1.example.com/x"), output).problem()).isEqualTo(Problem.CLUSTER_REJECTED);
        String replicaSet = namespace.list("apps/v1", "ReplicaSet").get(0).key().name();
        assertThat(failure(List.of("rs/" + replicaSet), output).hint()).isEqualTo("import deployment/web");
        assertThat(output).doesNotExist();
    }

    @Test
    void withoutTheRightTheAnswerNamesIt() throws Exception {
        kubectl("create", "serviceaccount", "nobody");
        Path config = kubeconfigOf("nobody");
        var target = new Target.Kubernetes(config, null, namespace.name());

        DeliveryException failure = catchThrowableOfType(
                DeliveryException.class, () -> run(List.of("cm/web-settings"), false, temporary.resolve("x"), target));

        assertThat(failure.problem()).isEqualTo(Problem.CLUSTER_FORBIDDEN);
        assertThat(failure.what()).contains("may not get configmaps");

        kubectl("create", "role", "reader", "--verb=get", "--resource=deployments.apps,configmaps,serviceaccounts");
        kubectl("create", "rolebinding", "reader", "--role=reader", "--serviceaccount=" + namespace.name() + ":nobody");
        ImportResult result = run(List.of("deploy/web"), true, temporary.resolve("y"), target);
        assertThat(result.files()).hasSize(3);
        assertThat(result.notes()).anyMatch(note -> note.contains("may not list services"));
    }

    private ImportResult run(List<String> objects, boolean related, Path output) {
        return run(objects, related, output, namespace.target());
    }

    private ImportResult run(List<String> objects, boolean related, Path output, Target target) {
        var location = new ProjectLocation(temporary, Path.of(ProjectLocation.DEFAULT_FILE), null, null);
        return new DeliveryFactory(Map.of())
                .delivery()
                .importObjects(
                        new ImportRequest(
                                location,
                                objects,
                                target,
                                null,
                                output,
                                true,
                                new ImportRequest.Settings(related, false, false)),
                        Progress.NONE);
    }

    private DeliveryException failure(List<String> objects, Path output) {
        return catchThrowableOfType(DeliveryException.class, () -> run(objects, false, output));
    }

    private static String text(ImportResult result, String name) {
        return result.files().stream()
                .filter(file -> file.path().endsWith("/" + name))
                .findFirst()
                .orElseThrow()
                .text();
    }

    private static List<RenderedObject> rendered(ImportResult result, String into) {
        var manifests = new ArrayList<Manifest>();
        for (ImportedFile file : result.files()) {
            manifests.addAll(new ManifestReader().read(file.path(), file.text().getBytes(StandardCharsets.UTF_8)));
        }
        return new Renderer()
                .render(
                        manifests,
                        new RenderContext(
                                "staging",
                                into,
                                Scopes.BUILT_IN,
                                Map.of(),
                                Map.of(),
                                new RenderContext.ReleasedConfig("none-config", null, new TreeSet<>())));
    }

    private static LiveObject live(String kind, String apiVersion, String name) {
        var key = new ResourceKey(ResourceKey.groupOf(apiVersion), kind, namespace.name(), name);
        return cluster.get(served(apiVersion, kind), key).orElseThrow();
    }

    private static ServedKind served(String apiVersion, String kind) {
        return cluster.served(apiVersion, kind).orElseThrow();
    }

    /** Returns what an object says besides who and where it is, and what was given to it alone. */
    private static Object content(LiveObject live) {
        var content = new LinkedHashMap<>(live.tree());
        List.of("metadata", "status", "apiVersion", "kind", "secrets").forEach(content::remove);
        return withoutAllocated(content);
    }

    private static Object withoutAllocated(Object node) {
        if (node instanceof List<?> list) {
            return list.stream().map(ImportClusterTest::withoutAllocated).toList();
        }
        if (!(node instanceof Map<?, ?> map)) {
            return node;
        }
        var left = new LinkedHashMap<String, Object>();
        map.forEach((key, value) -> {
            // An annotation of kubectl's own in a template: the next apply need not know of it.
            boolean restarted =
                    "annotations".equals(key) && String.valueOf(value).contains("restartedAt");
            if (restarted) {
                var annotations = new LinkedHashMap<Object, Object>((Map<?, ?>) value);
                annotations.remove("kubectl.kubernetes.io/restartedAt");
                left.put("annotations", annotations);
            } else if (!ALLOCATED.contains(String.valueOf(key)) && value != null) {
                left.put(String.valueOf(key), withoutAllocated(value));
            }
        });
        return left;
    }

    private static Path kubeconfigOf(String account) throws IOException, InterruptedException {
        String secret = "";
        while (secret.isEmpty()) { // a controller makes it; the class's timeout ends a wait in vain
            Thread.sleep(100);
            secret = kubectl("get", "sa", account, "-o", "jsonpath={.secrets[0].name}");
        }
        String token = new String(
                java.util.Base64.getDecoder().decode(kubectl("get", "secret", secret, "-o", "jsonpath={.data.token}")),
                StandardCharsets.UTF_8);
        Path config = Files.createTempFile("lockstep-import", ".kubeconfig");
        Files.copy(TestBed.kubeconfig(), config, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        kubectl("--kubeconfig", config.toString(), "config", "set-credentials", account, "--token=" + token);
        kubectl("--kubeconfig", config.toString(), "config", "set-context", "--current", "--user=" + account);
        config.toFile().deleteOnExit();
        return config;
    }

    private static String kubectl(String... arguments) {
        var command = new ArrayList<>(List.of("kubectl"));
        if (!List.of(arguments).contains("--kubeconfig")) {
            command.addAll(List.of("--kubeconfig", TestBed.kubeconfig().toString(), "-n", namespace.name()));
        }
        command.addAll(List.of(arguments));
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(1, TimeUnit.MINUTES) || process.exitValue() != 0) {
                throw new AssertionError(String.join(" ", command) + ": " + output);
            }
            return output.strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
