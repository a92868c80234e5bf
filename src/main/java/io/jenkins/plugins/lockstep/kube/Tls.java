package io.jenkins.plugins.lockstep.kube;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.kubernetes.client.openapi.ApiClient;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.HashMap;
import java.util.Objects;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import okhttp3.OkHttpClient;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.jspecify.annotations.Nullable;

/**
 * How a server is trusted, and with which certificate one introduces oneself.
 *
 * @param place where it is configured, for errors
 * @param authority PEM of the trusted authorities, null for those that Java trusts
 * @param certificate PEM of the client certificate with its chain, null for none
 * @param key PEM of its private key (PKCS#8, PKCS#1 or SEC 1), null for none
 * @param verify false trusts everybody, as {@code insecure-skip-tls-verify} asks for
 * @param serverName the name that the server's certificate is for, null for the URL's
 */
record Tls(
        String place,
        @Nullable String authority,
        @Nullable String certificate,
        @Nullable String key,
        boolean verify,
        @Nullable String serverName) {

    // Written out: what Java generates for a record is linked at each start of a command, for milliseconds a record.
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Tls tls
                && place.equals(tls.place)
                && Objects.equals(authority, tls.authority)
                && Objects.equals(certificate, tls.certificate)
                && Objects.equals(key, tls.key)
                && verify == tls.verify
                && Objects.equals(serverName, tls.serverName);
    }

    @Override
    public int hashCode() {
        return Objects.hash(place, authority, certificate, key, verify, serverName);
    }

    /** Returns an HTTP client that speaks TLS this way, otherwise with OkHttp's defaults. */
    OkHttpClient httpClient() {
        var client = new LeanApiClient();
        try {
            client.setKeyManagers(keyManagers());
            client.setTlsServerName(serverName == null ? "" : serverName);
            if (authority != null) {
                client.setSslCaCert(stream(authority));
            }
            // The last one: each change sets all of TLS up anew, and where it is to verify reads the trusted
            // certificates, the authority's from a stream that can be read once.
            client.setVerifyingSsl(verify);
        } catch (GeneralSecurityException | IOException e) {
            throw broken("the client certificate or its key can't be read", e);
        } catch (RuntimeException e) {
            throw broken("the certificate authority can't be read", e);
        }
        return client.getHttpClient();
    }

    /** Makes a client and the first words of a handshake, for nobody. */
    static void warmUp() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new TrustsNobody()}, null);
            SSLEngine engine = context.createSSLEngine();
            engine.setUseClientMode(true);
            engine.wrap(
                    ByteBuffer.allocate(0),
                    ByteBuffer.allocate(engine.getSession().getPacketBufferSize()));
            new LeanApiClient();
            privateKey("");
        } catch (GeneralSecurityException | IOException e) {
            // Whoever needs it says so.
        }
    }

    /** Leaves the key out. */
    @Override
    public String toString() {
        return "Tls[" + place + "]";
    }

    private static InputStream stream(String pem) {
        return new ByteArrayInputStream(pem.getBytes(StandardCharsets.UTF_8));
    }

    private DeliveryException broken(String what, Exception cause) {
        Throwable reason = cause.getCause() == null ? cause : cause.getCause();
        return DeliveryException.of(Problem.BAD_INPUT, what)
                .where(place)
                .why(reason.getMessage())
                .hint("it must be PEM text (-----BEGIN ...); in a kubeconfig's -data fields, base64 of it")
                .causedBy(cause);
    }

    private KeyManager @Nullable [] keyManagers() throws GeneralSecurityException, IOException {
        if (certificate == null || key == null) {
            return null;
        }
        var chain = CertificateFactory.getInstance("X.509").generateCertificates(stream(certificate));
        char[] password = new char[0];
        // Of the old kind, which never leaves the memory: the new one spends 80 ms on encrypting a key and decrypting
        // it again.
        KeyStore store = KeyStore.getInstance("JKS");
        store.load(null, password);
        store.setKeyEntry("client", privateKey(key), password, chain.toArray(new Certificate[0]));
        var factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, password);
        return factory.getKeyManagers();
    }

    /** The client library would do it too, but adds security providers to the whole Java process in passing. */
    private static PrivateKey privateKey(String pem) throws GeneralSecurityException, IOException {
        var converter = new JcaPEMKeyConverter();
        try (var parser = new PEMParser(new StringReader(pem))) {
            for (Object object = parser.readObject(); object != null; object = parser.readObject()) {
                // OpenSSL writes EC PARAMETERS before an EC PRIVATE KEY.
                if (object instanceof PEMKeyPair pair) {
                    return converter.getPrivateKey(pair.getPrivateKeyInfo());
                }
                if (object instanceof PrivateKeyInfo info) {
                    return converter.getPrivateKey(info);
                }
            }
        }
        throw new GeneralSecurityException("there is no unencrypted private key in it");
    }

    /**
     * The library's client without its typed models, and without TLS until it is told of which kind: to load all of the
     * models takes longer than a small deploy, and to read what Java trusts longer than a handshake.
     */
    private static final class LeanApiClient extends ApiClient {
        @Override
        protected void init() {
            verifyingSsl = false;
            authentications = new HashMap<>();
        }

        @Override
        protected void initHttpClient() {
            try {
                var nobody = new TrustsNobody();
                SSLContext context = SSLContext.getInstance("TLS");
                context.init(null, new TrustManager[] {nobody}, null);
                httpClient = new OkHttpClient.Builder()
                        .sslSocketFactory(context.getSocketFactory(), nobody)
                        .build();
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("this Java has no TLS", e);
            }
        }
    }

    /** Stands where something must until it is known who is trusted. */
    private static final class TrustsNobody implements X509TrustManager {

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
            throw new CertificateException("nobody is trusted yet");
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
            throw new CertificateException("nobody is trusted yet");
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
