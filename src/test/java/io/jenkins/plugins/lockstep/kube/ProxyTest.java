package io.jenkins.plugins.lockstep.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.jenkins.plugins.lockstep.ClusterTest;
import io.jenkins.plugins.lockstep.TestBed;
import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import okhttp3.HttpUrl;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The way to an API server through a proxy, as kubectl finds it. */
@Timeout(60)
class ProxyTest {

    @TempDir
    Path directory;

    @Test
    @ClusterTest
    void aProxyIsUsedAsTheEnvironmentOrTheKubeconfigSays() throws Exception {
        HttpUrl real = RealCluster.connect().server();
        String login = "Basic " + Base64.getEncoder().encodeToString("joe:pa:ss".getBytes(StandardCharsets.UTF_8));
        try (var proxy = new ConnectProxy(real.host(), real.port());
                var other = new ConnectProxy(real.host(), real.port())) {
            // A name that only the proxy knows, and that is in the real server's certificate.
            String wanted = "kubernetes.default.svc:" + real.port();
            Path plain = kubeconfig("https://" + wanted, null);
            Path named = kubeconfig("https://" + wanted, "http://joe:pa%3Ass@" + other.address());

            assertThat(isReached(plain, Map.of("HTTPS_PROXY", "http://" + proxy.address())))
                    .isTrue();
            assertThat(proxy.connects()).containsExactly(wanted);
            assertThat(isReached(plain, Map.of("https_proxy", proxy.address()))).isTrue();
            assertThat(proxy.connects()).containsExactly(wanted, wanted);
            assertThat(proxy.logins()).isEmpty();

            // The kubeconfig knows better, exceptions or not.
            assertThat(isReached(named, Map.of("HTTPS_PROXY", "http://" + proxy.address(), "NO_PROXY", "*")))
                    .isTrue();
            assertThat(proxy.connects()).hasSize(2);
            assertThat(other.connects()).containsExactly(wanted);
            assertThat(other.logins()).containsOnly(login);

            // The real address, loopback, is never asked of a proxy.
            assertThat(isReached(TestBed.kubeconfig(), Map.of("HTTPS_PROXY", "http://" + proxy.address())))
                    .isTrue();
            assertThat(proxy.connects()).hasSize(2);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            # server                          | NO_PROXY                      | through the proxy
            https://api.example.com:6443      |                               | true
            https://api.example.com:6443      | example.com                   | false
            https://api.example.com:6443      | .example.com                  | false
            https://api.example.com:6443      | *.example.com                 | false
            https://example.com               | .example.com                  | true
            https://example.com               | example.com                   | false
            https://badexample.com            | example.com                   | true
            https://api.example.com:6443      | API.Example.com               | false
            https://api.example.com:6443      | api.example.com:6443          | false
            https://api.example.com:6443      | api.example.com:443           | true
            https://api.example.com:6443      | other.org, api.example.com    | false
            https://api.example.com:6443      | *                             | false
            https://10.1.2.3:6443             | 10.1.2.3                      | false
            https://10.1.2.3:6443             | 10.1.2.3:6443                 | false
            https://10.1.2.3:6443             | 10.0.0.0/8                    | false
            https://10.1.2.3:6443             | 10.1.2.0/25,192.168.0.0/16    | false
            https://10.1.2.200:6443           | 10.1.2.0/25                   | true
            https://10.1.2.3:6443             | 10.0.0.0/99                   | true
            https://[fd00::1]:6443            | fd00::/8                      | false
            https://[fd00::1]:6443            | 10.0.0.0/8                    | true
            https://127.0.0.1:6443            |                               | false
            https://localhost:6443            |                               | false
            https://[::1]:6443                |                               | false
            """)
    void exceptionsAreReadAsKubectlReadsThem(String server, String exceptions, boolean proxied) {
        var environment = Map.of("HTTPS_PROXY", "http://proxy:3128", "no_proxy", exceptions == null ? "" : exceptions);

        var choice = new ProxyVariables(environment).of(HttpUrl.get(server)).orElseThrow();

        assertThat(!choice.proxy().isEmpty()).isEqualTo(proxied);
    }

    @Test
    void eachSchemeHasItsOwnVariableAndUpperCaseWins() {
        var environment = new ProxyVariables(
                Map.of("HTTPS_PROXY", "one", "https_proxy", "two", "http_proxy", "three", "ALL_PROXY", "four"));

        assertThat(environment.of(HttpUrl.get("https://api.example.com")))
                .contains(new ProxyVariables.Choice("HTTPS_PROXY", "one"));
        assertThat(environment.of(HttpUrl.get("http://api.example.com")))
                .contains(new ProxyVariables.Choice("http_proxy", "three"));
        assertThat(new ProxyVariables(Map.of("HTTPS_PROXY", " ")).of(HttpUrl.get("https://api.example.com")))
                .isEmpty();
    }

    @Test
    void aProxyThatCanNotBeUsedIsNamedWithoutItsPassword() throws IOException {
        Path kubeconfig = kubeconfig("https://api.example.com", null);
        for (String proxy :
                new String[] {"https://joe:hunter2@proxy:3128", "ftp://joe:hunter2@proxy", "http://joe:hunter2@ü :1"}) {
            var failure =
                    catchThrowableOfType(DeliveryException.class, () -> new KubeClusters(Map.of("HTTPS_PROXY", proxy))
                            .open(new KubeTarget(kubeconfig, null, null)));

            assertThat(failure.problem()).isEqualTo(Problem.BAD_USAGE);
            assertThat(failure.where()).isEqualTo("HTTPS_PROXY");
            assertThat(failure.getMessage() + failure.hint() + failure.getCause())
                    .doesNotContain("hunter2");
        }
    }

    private static boolean isReached(Path kubeconfig, Map<String, String> environment) {
        try (var cluster = new KubeClusters(environment).open(new KubeTarget(kubeconfig, null, null))) {
            return cluster.served("v1", "ConfigMap").isPresent();
        }
    }

    private Path kubeconfig(String server, String proxy) throws IOException {
        Path file = Files.createTempFile(directory, "config", "");
        String text =
                """
                current-context: only
                contexts: [{name: only, context: {cluster: near, user: admin}}]
                clusters: [{name: near, cluster: {server: "%s"%s%s}}]
                users: [{name: admin, user: {%s}}]
                """;
        boolean known = System.getenv("LOCKSTEP_TEST_KUBECONFIG") != null && server.contains("kubernetes.default");
        var context = known ? Kubeconfig.read(List.of(TestBed.kubeconfig())).context(null) : null;
        return Files.writeString(
                file,
                text.formatted(
                        server,
                        context == null
                                ? ""
                                : ", certificate-authority-data: "
                                        + context.cluster().text("certificate-authority-data"),
                        proxy == null ? "" : ", proxy-url: \"" + proxy + "\"",
                        context == null || context.user() == null
                                ? "token: secret"
                                : "client-certificate-data: " + context.user().text("client-certificate-data")
                                        + ", client-key-data: "
                                        + context.user().text("client-key-data")));
    }
}
