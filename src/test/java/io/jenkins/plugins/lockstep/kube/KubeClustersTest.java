package io.jenkins.plugins.lockstep.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsExchange;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.util.io.pem.PemObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KubeClustersTest {

    private static final String CONFIG =
            """
            current-context: staging
            contexts:
            - {name: staging, context: {cluster: near, user: me, namespace: shop}}
            - {name: production, context: {cluster: far, user: me}}
            - {name: broken, context: {cluster: nearr, user: me}}
            clusters:
            - {name: near, cluster: {server: "https://near.example.com:6443"}}
            - {name: far, cluster: {server: "https://gate.example.com/k8s/clusters/far/"}}
            users:
            - {name: me, user: {token: s3cret}}
            """;

    @TempDir
    private Path directory;

    @Test
    void theCurrentContextIsUsedUnlessAnotherIsAskedFor() throws IOException {
        Path file = write("config", CONFIG);

        try (var current = open(file, null, null);
                var other = open(file, "production", null);
                var elsewhere = open(file, "production", "mine")) {
            assertThat(current.location()).isEqualTo("https://near.example.com:6443");
            assertThat(current.defaultNamespace()).isEqualTo("shop");
            assertThat(other.location()).isEqualTo("https://gate.example.com/k8s/clusters/far");
            assertThat(other.defaultNamespace()).isEqualTo("default");
            assertThat(elsewhere.defaultNamespace()).isEqualTo("mine");
        }
    }

    @Test
    void severalFilesAreMergedAndTheFirstWins() throws IOException {
        Path first = write(
                "first",
                """
                contexts: [{name: staging, context: {cluster: near, user: me, namespace: mine}}]
                """);
        Path second = write("second", CONFIG);
        String list = first + File.pathSeparator + directory.resolve("gone") + File.pathSeparator + second;

        try (var cluster = new KubeClusters(Map.of("KUBECONFIG", list)).open(KubeTarget.CURRENT)) {
            assertThat(cluster.location()).isEqualTo("https://near.example.com:6443");
            assertThat(cluster.defaultNamespace()).isEqualTo("mine");
        }
    }

    @Test
    void theUsualFileIsFoundInTheHomeDirectory() throws IOException {
        Files.createDirectories(directory.resolve(".kube"));
        write(".kube/config", CONFIG);

        for (String variable : List.of("HOME", "USERPROFILE")) {
            var clusters = new KubeClusters(Map.of(variable, directory.toString()));
            try (var cluster = clusters.open(KubeTarget.CURRENT)) {
                assertThat(cluster.defaultNamespace()).isEqualTo("shop");
            }
        }
    }

    @Test
    void whatIsMissingIsNamed() throws IOException {
        Path file = write("config", CONFIG);

        var noFile = failureOf(() -> open(directory.resolve("nope"), null, null));
        assertThat(noFile.problem()).isEqualTo(Problem.BAD_USAGE);
        assertThat(noFile.where()).endsWith("nope");

        var noContext = failureOf(() -> open(file, "prodction", null));
        assertThat(noContext.problem()).isEqualTo(Problem.BAD_USAGE);
        assertThat(noContext.what()).isEqualTo("the kubeconfig has no context 'prodction'");
        assertThat(noContext.hint()).isEqualTo("did you mean 'production'?");

        var noCluster = failureOf(() -> open(file, "broken", null));
        assertThat(noCluster.problem()).isEqualTo(Problem.BAD_INPUT);
        assertThat(noCluster.what()).contains("refers to the cluster 'nearr'");
        assertThat(noCluster.where()).isEqualTo(file + ":5");
        assertThat(noCluster.hint()).isEqualTo("did you mean 'near'?");

        var nothing = failureOf(() -> new KubeClusters(Map.of()).open(KubeTarget.CURRENT));
        assertThat(nothing.problem()).isEqualTo(Problem.BAD_USAGE);
        assertThat(nothing.hint()).contains("--kubeconfig").contains("--to dir:");

        var noneThere = failureOf(() -> new KubeClusters(Map.of("KUBECONFIG", "/no/such")).open(KubeTarget.CURRENT));
        assertThat(noneThere.what()).isEqualTo("none of the files that KUBECONFIG names is there");
    }

    @Test
    void aPodUsesItsServiceAccountAndSeesItsTokenRenewed() throws Exception {
        try (var front = new TlsFront()) {
            Path account = Files.createDirectories(directory.resolve("account"));
            Files.writeString(account.resolve("token"), "first\n");
            Files.writeString(account.resolve("namespace"), "shop");
            Files.writeString(account.resolve("ca.crt"), front.authority());
            var environment = Map.of(
                    "KUBERNETES_SERVICE_HOST", "127.0.0.1", "KUBERNETES_SERVICE_PORT", String.valueOf(front.port()));

            try (var cluster = new KubeClusters(environment, account).open(KubeTarget.CURRENT)) {
                assertThat(cluster.defaultNamespace()).isEqualTo("shop");
                cluster.hasNamespace("shop");
                Files.writeString(account.resolve("token"), "second\n");
                front.refuse("Bearer first");
                cluster.hasNamespace("shop");
            }

            assertThat(front.authorizations()).containsExactly("Bearer first", "Bearer first", "Bearer second");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"RSA PKCS#1", "RSA PKCS#8", "EC SEC1", "EC PKCS#8"})
    void aClientCertificateIsShownWhateverTheFormOfItsKey(String form) throws Exception {
        try (var front = new TlsFront()) {
            KeyPair pair = keys(form.substring(0, form.indexOf(' ')));
            Files.writeString(directory.resolve("me.crt"), pem(certificate(pair, "jane")));
            Files.writeString(directory.resolve("me.key"), form.contains("PKCS#8") ? pkcs8(pair) : traditional(pair));
            Path file = write(
                    "config",
                    """
                    current-context: c
                    contexts: [{name: c, context: {cluster: c, user: u}}]
                    clusters: [{name: c, cluster: {server: "https://127.0.0.1:%d", certificate-authority-data: %s}}]
                    users: [{name: u, user: {client-certificate: me.crt, client-key: me.key, as: boss, as-groups: [a, b]}}]
                    """
                            .formatted(front.port(), base64(front.authority())));

            try (var cluster = open(file, null, null)) {
                cluster.hasNamespace("shop");
            }

            assertThat(front.certificates()).containsExactly("CN=jane");
            assertThat(front.impersonations()).containsExactly("boss [a, b]");
        }
    }

    @Test
    @DisabledOnOs(OS.WINDOWS) // the command is a shell script
    void aCommandGivesTheTokenAndIsAskedAgainWhenItIsRefused() throws Exception {
        try (var front = new TlsFront()) {
            Path command = script(
                    """
                    echo run >> "$COUNT"
                    n=$(wc -l < "$COUNT" | tr -d ' ')
                    echo "a word for people" >&2
                    echo '{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1","status":{"token":"t'$n'"}}'
                    """);
            Path file = write("config", execConfig(front, command, "COUNT", directory.resolve("count")));

            try (var cluster = new KubeClusters(System.getenv()).open(new KubeTarget(file, null, null))) {
                cluster.hasNamespace("one");
                cluster.hasNamespace("two");
                front.refuse("Bearer t1");
                cluster.hasNamespace("three");
            }

            assertThat(front.authorizations()).containsExactly("Bearer t1", "Bearer t1", "Bearer t1", "Bearer t2");
        }
    }

    @Test
    @DisabledOnOs(OS.WINDOWS) // the command is a shell script
    void aCommandThatFailsIsQuotedWithItsLastWords() throws Exception {
        try (var front = new TlsFront()) {
            Path command = script("echo 'SSO session expired' >&2; exit 3");
            Path file = write("config", execConfig(front, command, "X", directory));

            var failure = failureOf(() -> new KubeClusters(System.getenv()).open(new KubeTarget(file, null, null)));

            assertThat(failure.problem()).isEqualTo(Problem.CLUSTER_FORBIDDEN);
            assertThat(failure.what()).contains(command.toString());
            assertThat(failure.why()).isEqualTo("it ended with exit code 3: SSO session expired");
        }
    }

    @Test
    void aCommandThatIsNotInstalledSaysHowToInstallIt() throws Exception {
        try (var front = new TlsFront()) {
            Path file = write("config", execConfig(front, Path.of("no-such-command-anywhere"), "X", directory));

            var failure = failureOf(() -> open(file, null, null));

            assertThat(failure.why()).startsWith("it can't be started");
            assertThat(failure.hint()).isEqualTo("install the login tool");
        }
    }

    @Test
    void aBrokenKeyIsSaidToBeBrokenButNotQuoted() throws Exception {
        Path file = write(
                "config",
                """
                current-context: c
                contexts: [{name: c, context: {cluster: c, user: u}}]
                clusters: [{name: c, cluster: {server: "https://127.0.0.1:1"}}]
                users: [{name: u, user: {client-certificate-data: %s, client-key-data: %s}}]
                """
                        .formatted(base64(pem(certificate(keys("EC"), "jane"))), base64("s3cret")));

        var failure = failureOf(() -> open(file, null, null));

        assertThat(failure.problem()).isEqualTo(Problem.BAD_INPUT);
        assertThat(failure.why()).contains("no unencrypted private key");
    }

    private KubeCluster open(Path file, String context, String namespace) {
        return new KubeClusters(Map.of()).open(new KubeTarget(file, context, namespace));
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(directory.resolve(name), text);
    }

    private Path script(String body) throws IOException {
        Path command = write("login", "#!/bin/sh\n" + body);
        assertThat(command.toFile().setExecutable(true)).isTrue();
        return command;
    }

    private static String execConfig(TlsFront front, Path command, String variable, Path value) {
        return """
                current-context: c
                contexts: [{name: c, context: {cluster: c, user: u}}]
                clusters: [{name: c, cluster: {server: "https://127.0.0.1:%d", certificate-authority-data: %s}}]
                users:
                - name: u
                  user:
                    exec:
                      apiVersion: client.authentication.k8s.io/v1
                      command: %s
                      env: [{name: %s, value: "%s"}]
                      installHint: install the login tool
                """
                .formatted(front.port(), base64(front.authority()), command, variable, value);
    }

    private static DeliveryException failureOf(ThrowingCallable call) {
        var failure = catchThrowableOfType(DeliveryException.class, call);
        assertThat(failure).isNotNull();
        assertThat(failure.getMessage() + failure.hint()).doesNotContain("s3cret");
        return failure;
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static KeyPair keys(String algorithm) throws Exception {
        var generator = KeyPairGenerator.getInstance(algorithm);
        generator.initialize(algorithm.equals("EC") ? 256 : 2048);
        return generator.generateKeyPair();
    }

    private static X509Certificate certificate(KeyPair pair, String name) throws Exception {
        var subject = new X500Name("CN=" + name);
        Instant now = Instant.now();
        var builder = new JcaX509v3CertificateBuilder(
                subject,
                BigInteger.ONE,
                Date.from(now.minusSeconds(60)),
                Date.from(now.plusSeconds(3600)),
                subject,
                pair.getPublic());
        builder.addExtension(
                Extension.subjectAlternativeName,
                false,
                new GeneralNames(new GeneralName(GeneralName.iPAddress, "127.0.0.1")));
        String algorithm = pair.getPrivate().getAlgorithm().equals("EC") ? "SHA256withECDSA" : "SHA256withRSA";
        return new JcaX509CertificateConverter()
                .getCertificate(builder.build(new JcaContentSignerBuilder(algorithm).build(pair.getPrivate())));
    }

    private static String pem(Object object) throws IOException {
        var text = new StringWriter();
        try (var writer = new JcaPEMWriter(text)) {
            writer.writeObject(object);
        }
        return text.toString();
    }

    /** As OpenSSL and Go write them; an EC key names its curve. */
    private static String traditional(KeyPair pair) throws IOException {
        return pair.getPrivate() instanceof java.security.interfaces.ECPrivateKey key
                ? pem(new PemObject(
                        "EC PRIVATE KEY",
                        new ECPrivateKey(256, key.getS(), SECObjectIdentifiers.secp256r1).getEncoded()))
                : pem(pair.getPrivate());
    }

    private static String pkcs8(KeyPair pair) {
        String base64 = Base64.getMimeEncoder().encodeToString(pair.getPrivate().getEncoded());
        return "-----BEGIN PRIVATE KEY-----\n" + base64 + "\n-----END PRIVATE KEY-----\n";
    }

    /** A server that asks for a client certificate, takes any, and notes who came. */
    private static final class TlsFront implements AutoCloseable {

        private final List<String> authorizations = new CopyOnWriteArrayList<>();
        private final List<String> certificates = new CopyOnWriteArrayList<>();
        private final List<String> impersonations = new CopyOnWriteArrayList<>();
        private final X509Certificate own;
        private final HttpsServer server;
        private volatile String refused = "";

        TlsFront() throws Exception {
            KeyPair pair = keys("EC");
            own = certificate(pair, "server");
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry("server", pair.getPrivate(), new char[0], new Certificate[] {own});
            var keyManagers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keyManagers.init(store, new char[0]);
            var context = SSLContext.getInstance("TLS");
            context.init(keyManagers.getKeyManagers(), new TrustManager[] {new Everybody()}, null);
            server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.setHttpsConfigurator(new HttpsConfigurator(context) {
                @Override
                public void configure(HttpsParameters parameters) {
                    SSLParameters wanted = context.getDefaultSSLParameters();
                    wanted.setWantClientAuth(true);
                    parameters.setSSLParameters(wanted);
                }
            });
            server.createContext("/", exchange -> {
                var headers = exchange.getRequestHeaders();
                String authorization = headers.getFirst("Authorization");
                if (authorization != null) {
                    authorizations.add(authorization);
                }
                if (headers.containsKey("Impersonate-User")) {
                    impersonations.add(headers.getFirst("Impersonate-User") + " " + headers.get("Impersonate-Group"));
                }
                var session = ((HttpsExchange) exchange).getSSLSession();
                try {
                    certificates.add(session.getPeerPrincipal().getName());
                } catch (SSLPeerUnverifiedException e) {
                    assertThat(authorization)
                            .as("who comes without a certificate brings a token")
                            .isNotNull();
                }
                exchange.sendResponseHeaders(refused.equals(authorization) ? 401 : 200, 2);
                exchange.getResponseBody().write(new byte[] {'{', '}'});
                exchange.close();
            });
            server.start();
        }

        int port() {
            return server.getAddress().getPort();
        }

        String authority() {
            try {
                return pem(own);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        void refuse(String authorization) {
            refused = authorization;
        }

        List<String> authorizations() {
            return authorizations;
        }

        List<String> certificates() {
            return certificates;
        }

        List<String> impersonations() {
            return impersonations;
        }

        @Override
        public void close() {
            server.stop(0);
        }
    }

    /** Takes any client certificate: which one comes is what the tests look at. */
    private static final class Everybody implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
