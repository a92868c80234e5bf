package io.jenkins.plugins.lockstep.jenkins.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.cloudbees.plugins.credentials.CredentialsScope;
import hudson.EnvVars;
import hudson.slaves.DumbSlave;
import io.jenkins.plugins.lockstep.deploy.Cluster;
import io.jenkins.plugins.lockstep.deploy.ServedKind;
import io.jenkins.plugins.lockstep.kube.KubeCluster;
import io.jenkins.plugins.lockstep.kube.KubeClusters;
import io.jenkins.plugins.lockstep.kube.KubeTarget;
import io.jenkins.plugins.lockstep.manifest.ResourceKey;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;
import org.yaml.snakeyaml.Yaml;

/**
 * Credentials that travel to an agent, as they have to where the agent connects to the cluster, are in none of the places
 * that others can read: a real agent process releases to a real cluster, and everything around it is searched meanwhile.
 */
@WithJenkins
@EnabledOnOs(OS.LINUX)
@EnabledIfEnvironmentVariable(named = "LOCKSTEP_TEST_KUBECONFIG", matches = ".+")
class AgentSecrecyTest {

    private enum Place {
        DISK,
        ARGUMENTS,
        ENVIRONMENT,
        LOG
    }

    private final String canary = "canary-" + UUID.randomUUID();
    private final String password = "p-" + UUID.randomUUID();
    private final Map<String, Set<Place>> found = new LinkedHashMap<>();

    private volatile boolean connected;

    @TempDir
    Path home;

    @Test
    void noCredentialIsOnAnAgentsDiskInArgumentsEnvironmentOrLog(JenkinsRule jenkins) throws Exception {
        try (var place = new ClusterUser()) {
            String token = place.token();
            TestCredentials.global(TestCredentials.token(CredentialsScope.SYSTEM, "token", token));
            TestCredentials.global(TestCredentials.login("login", "robot", password));
            configure(place);
            for (String text : List.of(canary, token, password, base64("robot:" + password))) {
                found.put(text, EnumSet.noneOf(Place.class));
            }
            DumbSlave agent = jenkins.createOnlineSlave(
                    null,
                    new EnvVars(
                            "CANARY",
                            canary,
                            "HOME",
                            home.toString(),
                            "JAVA_TOOL_OPTIONS",
                            "-Djava.io.tmpdir=" + Files.createDirectory(home.resolve("tmp"))));
            WorkflowJob job = jenkins.createProject(WorkflowJob.class, "cart");
            job.setDefinition(new CpsFlowDefinition(script(agent.getNodeName(), place.namespace()), true));

            WorkflowRun run;
            var done = new AtomicBoolean();
            int port = URI.create(place.url()).getPort();
            var watch = new Thread(() -> watch(Path.of(agent.getRemoteFS()), port, done));
            watch.start();
            try {
                run = jenkins.buildAndAssertSuccess(job);
            } finally {
                done.set(true);
                watch.join();
            }
            search(Place.LOG, JenkinsRule.getLog(run));
            search(Place.LOG, agent.toComputer().getLog());

            jenkins.assertLogContains("cart in staging, release 1", run);
            assertThat(connected).as("the agent connected to the cluster").isTrue();
            assertThat(found.get(canary)).as("the search finds what is there").containsExactly(Place.values());
            found.remove(canary);
            assertThat(found.values()).allMatch(Set::isEmpty);
        }
    }

    /** The agent connects: the credentials have to go there. */
    private static void configure(ClusterUser place) {
        var cluster = new ClusterEntry("bed");
        cluster.setUrl(place.url());
        cluster.setCertificateAuthority(place.certificateAuthority());
        cluster.setCredentialsId("token");
        cluster.setConnectFrom(ConnectFrom.AGENT);
        LockstepConfiguration.get().setClusters(List.of(cluster));
        var registry = new RegistryEntry(System.getenv("LOCKSTEP_TEST_REGISTRY"));
        registry.setCredentialsId("login");
        LockstepConfiguration.get().setRegistries(List.of(registry));
    }

    private String script(String node, String namespace) {
        return """
        node('%s') {
          echo '%s'
          writeFile file: 'canary.txt', text: '%s'
          sh 'sh -c "sleep 3; true" %s'
          writeFile file: 'lockstep.yaml', text: '''apiVersion: lockstep/v1
        app: cart
        image:
          repository: %s/lockstep-secrecy/cart
          base: %s
          layers: [{ from: page.txt, to: /page.txt }]
          entrypoint: [/bin/sh, -c, "sleep 100000"]
        manifests: deploy
        environments:
          staging: { config: config, namespace: %s }
        '''
          writeFile file: 'page.txt', text: 'one'
          writeFile file: 'config/greeting.txt', text: 'hello'
          writeFile file: 'deploy/app.yaml', text: '''apiVersion: apps/v1
        kind: Deployment
        metadata: { name: cart }
        spec:
          selector: { matchLabels: { app: cart } }
          template:
            metadata: { labels: { app: cart } }
            spec:
              terminationGracePeriodSeconds: 0
              containers: [{ name: app, image: lockstep }]
        '''
          sh 'git init -q . && git add -A && git -c user.name=ada -c user.email=ada@example.com commit -q -m one'
          lockstepBuild()
          lockstepDeploy environment: 'staging'
        }
        """
                .formatted(
                        node,
                        canary,
                        canary,
                        canary,
                        System.getenv("LOCKSTEP_TEST_REGISTRY"),
                        System.getenv("LOCKSTEP_TEST_BASE"),
                        namespace);
    }

    /** Looks at every process and at all files of the agent, again and again, and once more at the end. */
    private void watch(Path agent, int port, AtomicBoolean done) {
        boolean last;
        do {
            last = done.get();
            for (Path process : below(Path.of("/proc"), 1)) {
                if (process.getFileName().toString().chars().allMatch(Character::isDigit)) {
                    search(Place.ARGUMENTS, process.resolve("cmdline"));
                    if (search(Place.ENVIRONMENT, process.resolve("environ")).contains(canary)) {
                        connected |= isConnected(process, port);
                    }
                }
            }
            for (Path root : List.of(agent, home)) {
                below(root, Integer.MAX_VALUE).stream()
                        .filter(Files::isRegularFile)
                        .forEach(file -> search(Place.DISK, file));
            }
        } while (!last);
    }

    private static List<Path> below(Path root, int depth) {
        try (Stream<Path> paths = Files.walk(root, depth)) {
            return paths.toList();
        } catch (IOException | java.io.UncheckedIOException e) {
            // Files and processes come and go; the next look sees them again.
            return List.of();
        }
    }

    /** Tells whether a process has a connection to a port, anywhere. */
    private static boolean isConnected(Path process, int port) {
        String remote = String.format(":%04X", port);
        var sockets = new HashSet<String>();
        for (Path descriptor : below(process.resolve("fd"), 1)) {
            try {
                sockets.add(Files.readSymbolicLink(descriptor).toString());
            } catch (IOException e) {
                // As above.
            }
        }
        return Stream.of("tcp", "tcp6")
                .flatMap(table -> read(process.resolve("net").resolve(table)).lines())
                .map(line -> line.trim().split(" +"))
                .anyMatch(line -> line[2].endsWith(remote) && sockets.contains("socket:[" + line[9] + "]"));
    }

    private static String read(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            // As above.
            return "";
        }
    }

    private String search(Place place, Path file) {
        String text = read(file);
        search(place, text);
        return text;
    }

    private void search(Place place, String text) {
        found.forEach((wanted, places) -> {
            if (text.contains(wanted)) {
                places.add(place);
            }
        });
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    /** A namespace of the real cluster, and a service account with a token of its own that may do everything there. */
    private static final class ClusterUser implements AutoCloseable {

        private final Path kubeconfig = Path.of(System.getenv("LOCKSTEP_TEST_KUBECONFIG"));
        private final KubeCluster cluster = new KubeClusters(Map.of()).open(new KubeTarget(kubeconfig, null, null));
        private final String namespace =
                "secrecy-" + UUID.randomUUID().toString().substring(0, 8);
        private final Map<?, ?> server;

        ClusterUser() throws Exception {
            Map<?, ?> root = new Yaml().load(Files.readString(kubeconfig));
            server = (Map<?, ?>) ((Map<?, ?>) ((List<?>) root.get("clusters")).get(0)).get("cluster");
            apply("v1", "Namespace", "", Map.of("name", namespace), Map.of());
            apply("v1", "ServiceAccount", namespace, Map.of("name", "lockstep"), Map.of());
            apply(
                    "v1",
                    "Secret",
                    namespace,
                    Map.of("name", "token", "annotations", Map.of("kubernetes.io/service-account.name", "lockstep")),
                    Map.of("type", "kubernetes.io/service-account-token"));
            apply(
                    "rbac.authorization.k8s.io/v1",
                    "RoleBinding",
                    namespace,
                    Map.of("name", "lockstep"),
                    Map.of(
                            "roleRef",
                            Map.of(
                                    "apiGroup",
                                    "rbac.authorization.k8s.io",
                                    "kind",
                                    "ClusterRole",
                                    "name",
                                    "cluster-admin"),
                            "subjects",
                            List.of(Map.of("kind", "ServiceAccount", "name", "lockstep", "namespace", namespace))));
        }

        String namespace() {
            return namespace;
        }

        String url() {
            return String.valueOf(server.get("server"));
        }

        String certificateAuthority() {
            return new String(
                    Base64.getDecoder().decode(String.valueOf(server.get("certificate-authority-data"))),
                    StandardCharsets.UTF_8);
        }

        /** The cluster fills it in once the secret is there. */
        String token() throws InterruptedException {
            while (true) {
                Optional<Object> token = cluster.get(
                                served("v1", "Secret"), new ResourceKey("", "Secret", namespace, "token"))
                        .map(live -> ((Map<?, ?>) live.tree().getOrDefault("data", Map.of())).get("token"));
                if (token.isPresent()) {
                    return new String(Base64.getDecoder().decode(token.get().toString()), StandardCharsets.UTF_8);
                }
                Thread.sleep(100);
            }
        }

        private void apply(String version, String kind, String in, Map<String, ?> metadata, Map<String, ?> rest) {
            ServedKind served = served(version, kind);
            String group = version.contains("/") ? version.substring(0, version.indexOf('/')) : "";
            var key = new ResourceKey(group, kind, in, metadata.get("name").toString());
            var named = new LinkedHashMap<String, Object>(metadata);
            if (!in.isEmpty()) {
                named.put("namespace", in);
            }
            var tree =
                    new LinkedHashMap<String, Object>(Map.of("apiVersion", version, "kind", kind, "metadata", named));
            tree.putAll(rest);
            cluster.apply(served, key, tree, new Cluster.ApplyMode("somebody", false, false));
        }

        private ServedKind served(String version, String kind) {
            return cluster.served(version, kind).orElseThrow();
        }

        @Override
        public void close() {
            var key = new ResourceKey("", "Namespace", "", namespace);
            cluster.get(served("v1", "Namespace"), key)
                    .ifPresent(live -> cluster.delete(served("v1", "Namespace"), key, live.uid()));
            cluster.close();
        }
    }
}
