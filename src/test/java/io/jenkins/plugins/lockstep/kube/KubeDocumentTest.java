package io.jenkins.plugins.lockstep.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A kubeconfig that somebody has configured, and what it must not do to the machine that uses it. */
class KubeDocumentTest {

    private static final String CONFIG =
            """
            current-context: near
            contexts:
            - {name: near, context: {cluster: near, user: me, namespace: shop}}
            - {name: far, context: {cluster: far, user: runs}}
            clusters:
            - {name: near, cluster: {server: "https://near.example.com:6443"%s}}
            - {name: far, cluster: {server: "https://far.example.com"}}
            users:
            - {name: me, user: {token: s3cret%s}}
            - {name: runs, user: {exec: {apiVersion: client.authentication.k8s.io/v1, command: touch, args: ["%s"]}}}
            """;

    @TempDir
    Path directory;

    @Test
    void whatItHoldsIsUsed() {
        try (var current = open(config("", ""), null, null);
                var elsewhere = open(config("", ""), null, "mine")) {
            assertThat(current.location()).isEqualTo("https://near.example.com:6443");
            assertThat(current.defaultNamespace()).isEqualTo("shop");
            assertThat(elsewhere.defaultNamespace()).isEqualTo("mine");
        }
    }

    @ParameterizedTest
    @CsvSource({"certificate-authority, cluster", "client-certificate, user", "client-key, user", "tokenFile, user"})
    void aFileIsNeverReadForIt(String key, String entry) throws Exception {
        Path file = Files.writeString(directory.resolve("secret.txt"), "what only this machine knows");
        String extra = ", " + key + ": '" + file + "'";

        var failure = failureOf(entry.equals("cluster") ? config(extra, "") : config("", extra), null);

        assertThat(failure.problem()).isEqualTo(Problem.BAD_INPUT);
        assertThat(failure.what()).isEqualTo("the kubeconfig names a file, in " + key);
        assertThat(failure.where())
                .isEqualTo("the kubeconfig of cluster 'prod':" + (entry.equals("cluster") ? "6" : "9"));
        assertThat(failure.hint()).contains(key.equals("tokenFile") ? "copy the token" : "--flatten");
        assertThat(everythingOf(failure)).doesNotContain("what only this machine knows");
    }

    @Test
    void dataDoesNotExcuseAFileBesideIt() {
        assertThat(failureOf(config(", certificate-authority-data: Zm9v, certificate-authority: /etc/ca.pem", ""), null)
                        .what())
                .isEqualTo("the kubeconfig names a file, in certificate-authority");
    }

    @Test
    void aCommandIsNeverRunForIt() {
        var failure = failureOf(config("", ""), "far");
        var beside =
                failureOf(config("", ", exec: {command: touch, args: ['" + directory.resolve("ran") + "']}"), null);
        var plugin = failureOf(config("", ", auth-provider: {name: gcp}"), null);

        assertThat(failure.what()).isEqualTo("the kubeconfig runs a command to log in, in exec");
        assertThat(failure.where()).isEqualTo("the kubeconfig of cluster 'prod':10");
        assertThat(beside.what()).isEqualTo(failure.what());
        assertThat(plugin.what()).isEqualTo("the kubeconfig runs a command to log in, in auth-provider");
        assertThat(directory.resolve("ran")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"users: [{name: me, user: {token: *s3cret}}]", "users: [s3cret", "users:\n- s3cret\ns3cret"})
    void aTextThatCantBeReadIsNotQuoted(String text) {
        var failure = failureOf(text, null);

        assertThat(failure.problem()).isEqualTo(Problem.BAD_INPUT);
        assertThat(failure.where()).startsWith("the kubeconfig of cluster 'prod'");
    }

    @Test
    void aContextThatIsNotThereIsSaidWithThoseThatAre() {
        assertThat(failureOf(config("", ""), "neer").hint()).isEqualTo("did you mean 'near'?");
        assertThat(failureOf(config("", "").replace("current-context: near", ""), null)
                        .hint())
                .isEqualTo("choose one: near, far");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "s3cret\ns3cret", "s3cret s3cret", "s3crét"})
    void aTokenThatIsNoneIsNotQuotedEither(String token) {
        var endpoint = new KubeEndpoint("prod", "https://127.0.0.1:1", null, () -> token, "shop");
        try (var cluster = new KubeClusters(Map.of()).open(endpoint)) {
            var failure = catchThrowableOfType(DeliveryException.class, () -> cluster.hasNamespace("shop"));

            assertThat(failure.problem()).isEqualTo(Problem.BAD_INPUT);
            assertThat(failure.where()).isEqualTo("the configuration of cluster 'prod'");
            assertThat(everythingOf(failure)).doesNotContain("s3cr");
        }
    }

    @Test
    void aProxyThatIsAFileIsRefused() {
        assertThat(failureOf(config(", proxy-url: 'file:///etc/proxy'", ""), null)
                        .what())
                .isEqualTo("proxy-url can't be used");
    }

    private DeliveryException failureOf(String text, String context) {
        var failure = catchThrowableOfType(DeliveryException.class, () -> open(text, context, null));
        assertThat(failure).isNotNull();
        assertThat(everythingOf(failure)).doesNotContain("s3cret");
        return failure;
    }

    private static KubeCluster open(String text, String context, String namespace) {
        return new KubeClusters(Map.of()).open(new KubeDocument("prod", text, context, namespace));
    }

    private String config(String cluster, String user) {
        return CONFIG.formatted(cluster, user, directory.resolve("ran"));
    }

    private static String everythingOf(DeliveryException failure) {
        var trace = new StringWriter();
        failure.printStackTrace(new PrintWriter(trace));
        return trace + " " + failure.hint();
    }
}
