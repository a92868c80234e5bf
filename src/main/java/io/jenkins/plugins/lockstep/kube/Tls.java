package io.jenkins.plugins.lockstep.kube;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import io.kubernetes.client.openapi.ApiClient;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.HashMap;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
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

    /** Returns an HTTP client that speaks TLS this way, otherwise with OkHttp's defaults. */
    OkHttpClient httpClient() {
        var client = new LeanApiClient();
        try {
            client.setKeyManagers(keyManagers());
            client.setTlsServerName(serverName == null ? "" : serverName);
            client.setVerifyingSsl(verify);
            if (authority != null) {
                // The last one: each change reads the certificates again, from a stream that can be read once.
                client.setSslCaCert(stream(authority));
            }
        } catch (GeneralSecurityException | IOException e) {
            throw broken("the client certificate or its key can't be read", e);
        } catch (RuntimeException e) {
            throw broken("the certificate authority can't be read", e);
        }
        return client.getHttpClient();
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
        char[] password = new char[0]; // of a store that never leaves the memory
        KeyStore store = KeyStore.getInstance("PKCS12");
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

    /** The library's client without its typed models: to load all of them takes longer than a small deploy. */
    private static final class LeanApiClient extends ApiClient {
        @Override
        protected void init() {
            verifyingSsl = true;
            authentications = new HashMap<>();
        }
    }
}
