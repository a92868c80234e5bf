package io.jenkins.plugins.lockstep.image.jib;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** A registry that wants a password, or a token that it gives for one, or a lesser one for none. */
public final class TlsRegistry implements AutoCloseable {

    private final List<String> authorizations = new CopyOnWriteArrayList<>();
    private final HttpsServer server;
    private final boolean tokens;
    private final String password;
    private volatile String content = "{}";

    /**
     * Starts one.
     *
     * @param login {@code NAME:PASSWORD} that it knows
     */
    public TlsRegistry(boolean tokens, String login) throws Exception {
        this.tokens = tokens;
        this.password = "Basic " + Base64.getEncoder().encodeToString(login.getBytes(StandardCharsets.UTF_8));
        var generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(256);
        KeyPair pair = generator.generateKeyPair();
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry("server", pair.getPrivate(), new char[0], new Certificate[] {certificate(pair)});
        var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(store, new char[0]);
        var context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(context));
        server.createContext("/v2/", this::registry);
        server.createContext("/token", this::issuer);
        server.start();
    }

    private static Certificate certificate(KeyPair pair) throws Exception {
        var name = new X500Name("CN=registry");
        Instant now = Instant.now();
        var builder = new JcaX509v3CertificateBuilder(
                name,
                BigInteger.ONE,
                Date.from(now.minusSeconds(60)),
                Date.from(now.plusSeconds(3600)),
                name,
                pair.getPublic());
        return new JcaX509CertificateConverter()
                .getCertificate(builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate())));
    }

    public String name() {
        return "127.0.0.1:" + server.getAddress().getPort();
    }

    /** Answers every request of somebody who is welcome with this. */
    void holds(String json) {
        content = json;
    }

    public List<String> authorizations() {
        return authorizations;
    }

    private void registry(HttpExchange exchange) throws IOException {
        String sent = note(exchange);
        boolean welcome = tokens ? sent.startsWith("Bearer token-of-") : sent.equals(password);
        if (!welcome) {
            exchange.getResponseHeaders()
                    .set(
                            "WWW-Authenticate",
                            tokens
                                    ? "Bearer realm=\"https://" + name() + "/token\",service=\"registry\""
                                    : "Basic realm=\"registry\"");
        }
        answer(exchange, welcome ? 200 : 401, welcome ? content : "{}");
    }

    private void issuer(HttpExchange exchange) throws IOException {
        String sent = note(exchange);
        String token = sent.isEmpty() ? "token-of-anybody" : "token-of-jane";
        boolean known = sent.isEmpty() || sent.equals(password);
        answer(exchange, known ? 200 : 401, known ? "{\"token\":\"" + token + "\"}" : "{}");
    }

    private String note(HttpExchange exchange) {
        String sent = exchange.getRequestHeaders().getFirst("Authorization");
        if (sent != null) {
            authorizations.add(sent);
        }
        return sent == null ? "" : sent;
    }

    private static void answer(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
