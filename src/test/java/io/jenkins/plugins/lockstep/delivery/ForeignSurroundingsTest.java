package io.jenkins.plugins.lockstep.delivery;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Progress;
import io.jenkins.plugins.lockstep.deploy.Cluster;
import io.jenkins.plugins.lockstep.image.ImageReference;
import io.jenkins.plugins.lockstep.image.RegistryLogins;
import io.jenkins.plugins.lockstep.image.jib.ScriptedRegistry;
import io.jenkins.plugins.lockstep.image.jib.TlsRegistry;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * Without an environment nothing of the process's own user is used: a controller's kubeconfig, its pod's service account
 * and its Docker logins are nobody's business there. In a process of its own, whose surroundings offer all of them.
 */
class ForeignSurroundingsTest {

    @TempDir
    Path home;

    @Test
    @DisabledOnOs(OS.WINDOWS) // Docker's helper is a shell script
    void withoutAnEnvironmentNothingOfTheProcessesUserIsUsed() throws Exception {
        try (var server = new ScriptedRegistry();
                var registry = new TlsRegistry(false, "jane:s3cret")) {
            server.answers(401, "{}", Map.of());
            String address = "127.0.0.1:" + server.port();
            offer(address);

            assertThat(asAnotherProcess(address, registry.name(), "none"))
                    .containsExactly(
                            "no cluster is configured: there is no kubeconfig file",
                            "the cluster does not accept the credentials",
                            "the registry does not let you use " + registry.name() + "/shop/cart");
            assertThat(server.authorizations()).containsExactly("Authorization: Bearer configured-token");
            assertThat(home.resolve("asked")).doesNotExist();

            // That all this could be found, if it were looked for.
            asAnotherProcess(address, registry.name(), "own");
            assertThat(server.authorizations()).contains("Authorization: Bearer token-of-the-user");
            assertThat(home.resolve("asked")).exists();
        }
    }

    /** What tools of this process's user would find. */
    private void offer(String address) throws Exception {
        String kubeconfig =
                """
                current-context: c
                contexts: [{name: c, context: {cluster: c, user: u}}]
                clusters: [{name: c, cluster: {server: "http://%s"}}]
                users: [{name: u, user: {token: token-of-the-user}}]
                """
                        .formatted(address);
        Files.createDirectories(home.resolve(".kube"));
        Files.writeString(home.resolve(".kube/config"), kubeconfig);
        Files.createDirectories(home.resolve(".docker"));
        Files.writeString(home.resolve(".docker/config.json"), "{\"credsStore\":\"bait\"}");
        Path helper = home.resolve("docker-credential-bait");
        Files.writeString(helper, "#!/bin/sh\ntouch '" + home.resolve("asked") + "'\nexit 1\n");
        assertThat(helper.toFile().setExecutable(true)).isTrue();
    }

    private List<String> asAnotherProcess(String address, String registry, String environmentOf) throws Exception {
        Path errors = home.resolve("errors");
        ProcessBuilder java = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Duser.home=" + home,
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        Controller.class.getName(),
                        address,
                        registry,
                        environmentOf,
                        home.resolve("cache").toString())
                .redirectError(errors.toFile());
        Map<String, String> environment = java.environment();
        environment.keySet().removeIf(name -> name.toUpperCase(Locale.ROOT).endsWith("_PROXY"));
        environment.put("HOME", home.toString());
        environment.put("USERPROFILE", home.toString());
        environment.put("KUBECONFIG", home.resolve(".kube/config").toString());
        environment.put("DOCKER_CONFIG", home.resolve(".docker").toString());
        environment.put("PATH", home + File.pathSeparator + environment.get("PATH"));
        environment.put("KUBERNETES_SERVICE_HOST", "127.0.0.1");
        Process process = java.start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue()).as(Files.readString(errors)).isZero();
        return output.lines().toList();
    }

    /** Uses the engine with or without the environment of its process, and says what comes of it. */
    static final class Controller {

        private Controller() {}

        public static void main(String[] arguments) {
            Map<String, String> environment = arguments[2].equals("own") ? System.getenv() : Map.of();
            var connections = new DeliveryFactory(environment, RegistryLogins.NONE, Set.of(), Clock.systemUTC())
                    .cachingIn(Path.of(arguments[3]))
                    .connections(Progress.NONE);
            var access = new ClusterAccess(
                    "prod",
                    new ClusterAccess.Server.Api("http://" + arguments[0], null, "configured-token"),
                    null,
                    Allowance.ANY);
            var configured = new Target.Configured(name -> access, null, null);
            say(() -> look(connections, new Target.Kubernetes(null, null, null)));
            say(() -> look(connections, configured));
            say(() -> connections.images(configured).find(ImageReference.parse(arguments[1] + "/shop/cart:1")));
        }

        private static void look(Connections connections, Target target) {
            try (Cluster cluster = connections.cluster(target)) {
                cluster.hasNamespace("shop");
            }
        }

        private static void say(Runnable work) {
            try {
                work.run();
                System.out.println("done");
            } catch (DeliveryException e) {
                System.out.println(e.what());
            }
        }
    }
}
