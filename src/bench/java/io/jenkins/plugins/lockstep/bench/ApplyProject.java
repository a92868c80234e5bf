package io.jenkins.plugins.lockstep.bench;

import io.jenkins.plugins.lockstep.TestBed;
import io.jenkins.plugins.lockstep.common.Progress;
import io.jenkins.plugins.lockstep.common.document.Json;
import io.jenkins.plugins.lockstep.delivery.Actor;
import io.jenkins.plugins.lockstep.delivery.Delivery;
import io.jenkins.plugins.lockstep.delivery.DeliveryFactory;
import io.jenkins.plugins.lockstep.delivery.DeployRequest;
import io.jenkins.plugins.lockstep.delivery.DeployResult;
import io.jenkins.plugins.lockstep.delivery.ProjectLocation;
import io.jenkins.plugins.lockstep.delivery.RolloutSettings;
import io.jenkins.plugins.lockstep.delivery.Target;
import io.jenkins.plugins.lockstep.revision.GitTestRepository;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** An application of many objects in a Git repository, and its ways into a namespace. Its one image has a few bytes. */
final class ApplyProject {

    private static final String APP = "many";
    private static final int PER_FILE = 50;
    private static final String PAUSE = "example.invalid/nothing:1";

    private final GitTestRepository repository;
    private final Map<String, Map<String, Object>> objects;
    private final Delivery delivery = new DeliveryFactory(System.getenv()).delivery();

    private ApplyProject(GitTestRepository repository, Map<String, Map<String, Object>> objects) {
        this.repository = repository;
        this.objects = objects;
    }

    /** Makes an application of ConfigMaps alone. */
    static ApplyProject ofConfigMaps(Path directory, int count) throws Exception {
        var objects = new LinkedHashMap<String, Map<String, Object>>();
        for (int i = 0; i < count; i++) {
            objects.put("api/v1/%s/configmaps/settings-" + i, configMap(i));
        }
        return committed(directory, objects);
    }

    /** Makes an application of 17 Deployments without pods, 17 Services and 16 ConfigMaps. */
    static ApplyProject mixed(Path directory) throws Exception {
        var objects = new LinkedHashMap<String, Map<String, Object>>();
        for (int i = 0; i < 17; i++) {
            objects.put("apis/apps/v1/%s/deployments/web-" + i, deployment(i));
            objects.put("api/v1/%s/services/web-" + i, service(i));
            if (i < 16) {
                objects.put("api/v1/%s/configmaps/settings-" + i, configMap(i));
            }
        }
        return committed(directory, objects);
    }

    private static ApplyProject committed(Path directory, Map<String, Map<String, Object>> objects) throws Exception {
        GitTestRepository repository = GitTestRepository.init(directory)
                .write(
                        "lockstep.yaml",
                        """
                        apiVersion: lockstep/v1
                        app: %s
                        image:
                          repository: %s/bench/%s
                          base: scratch
                          layers:
                            - { from: app, to: /app }
                        manifests: deploy/
                        environments:
                          staging: {}
                        """
                                .formatted(APP, TestBed.registry(), directory.getFileName()))
                .write("app/nothing", "nothing\n");
        List<Map<String, Object>> all = List.copyOf(objects.values());
        for (int from = 0; from < all.size(); from += PER_FILE) {
            var text = new StringBuilder();
            for (Map<String, Object> object : all.subList(from, Math.min(all.size(), from + PER_FILE))) {
                text.append("---\n").append(Json.writePretty(object)).append('\n');
            }
            repository.write("deploy/objects-" + from + ".yaml", text.toString());
        }
        repository.commit("many objects");
        var project = new ApplyProject(repository, objects);
        project.delivery.build(project.location(), new Target.Kubernetes(null, null, null), Progress.NONE);
        return project;
    }

    int size() {
        return objects.size();
    }

    Path root() {
        return repository.root();
    }

    /** Deploys by the engine, in this JVM. */
    DeployResult deploy(String namespace) throws InterruptedException {
        return delivery.deploy(
                new DeployRequest(
                        location(),
                        "staging",
                        new Target.Kubernetes(TestBed.kubeconfig(), null, namespace),
                        RolloutSettings.DEFAULT,
                        new Actor("bench", null)),
                Progress.NONE);
    }

    /** Returns the command line that does the same. */
    Command command(String namespace) {
        return lockstep(root(), namespace);
    }

    /** Returns what {@code kubectl} makes of the same manifests. */
    Command kubectl(String namespace) {
        return kubectl(root(), namespace, "apply", "--server-side", "-f", "deploy");
    }

    boolean hasWorkloads() {
        return objects.keySet().stream().anyMatch(path -> path.contains("/deployments/"));
    }

    /** Applies the manifests, and waits until their workloads are as they shall be, in two processes. */
    void kubectlAndWait(String namespace) throws Exception {
        kubectl(namespace).run();
        kubectl(root(), namespace, "wait", "--for=condition=Available", "deployment", "--all", "--timeout=5m")
                .run();
    }

    static Command lockstep(Path directory, String namespace) {
        return new Command(
                directory,
                Path.of(System.getProperty("lockstep.home")).resolve("lockstep").toString(),
                "deploy",
                "staging",
                "--quiet",
                "--kubeconfig",
                TestBed.kubeconfig().toString(),
                "--namespace",
                namespace);
    }

    static Command kubectl(Path directory, String namespace, String... words) {
        var all = new ArrayList<>(
                List.of(kubectl(), "--kubeconfig", TestBed.kubeconfig().toString(), "--namespace", namespace));
        all.addAll(List.of(words));
        return new Command(directory, all.toArray(new String[0]));
    }

    static String kubectl() {
        return System.getenv().getOrDefault("LOCKSTEP_BENCH_KUBECTL", "kubectl");
    }

    /** Returns the bodies of the bare loop by their paths. */
    Map<String, String> patches(String namespace) {
        var bodies = new LinkedHashMap<String, String>();
        objects.forEach((path, object) -> bodies.put(
                path.formatted("namespaces/" + namespace) + "?fieldManager=bare&force=true", Json.write(object)));
        return bodies;
    }

    private ProjectLocation location() {
        return new ProjectLocation(root(), Path.of(ProjectLocation.DEFAULT_FILE), null, null);
    }

    private static Map<String, Object> configMap(int number) {
        return object(
                "v1",
                "ConfigMap",
                "settings-" + number,
                "data",
                Map.of("level", "info", "number", String.valueOf(number), "text", "a line of text\n".repeat(20)));
    }

    private static Map<String, Object> service(int number) {
        return object(
                "v1",
                "Service",
                "web-" + number,
                "spec",
                Map.of(
                        "selector",
                        Map.of("app", "web-" + number),
                        "ports",
                        List.of(Map.of("port", 80, "protocol", "TCP", "targetPort", 8080))));
    }

    private static Map<String, Object> deployment(int number) {
        var labels = Map.of("app", "web-" + number);
        var container = Map.of(
                "name", "main", "image", PAUSE, "ports", List.of(Map.of("containerPort", 8080, "protocol", "TCP")));
        return object(
                "apps/v1",
                "Deployment",
                "web-" + number,
                "spec",
                Map.of(
                        "replicas",
                        0,
                        "selector",
                        Map.of("matchLabels", labels),
                        "template",
                        Map.of(
                                "metadata",
                                Map.of("labels", labels),
                                "spec",
                                Map.of("containers", List.of(container)))));
    }

    private static Map<String, Object> object(
            String apiVersion, String kind, String name, String field, Map<String, Object> content) {
        var object = new LinkedHashMap<String, Object>();
        object.put("apiVersion", apiVersion);
        object.put("kind", kind);
        object.put("metadata", Map.of("name", name));
        object.put(field, content);
        return object;
    }
}
