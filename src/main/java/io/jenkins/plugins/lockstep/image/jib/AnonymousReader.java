package io.jenkins.plugins.lockstep.image.jib;

import io.jenkins.plugins.lockstep.common.Sha256;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.URL;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Reads small documents of a registry as anybody may, over a connection that Java keeps open for the next one. Jib opens
 * one for each request, and for a registry that speaks plain HTTP tries twice to speak TLS before that; a program that has
 * just started takes longer to prepare that than for all the rest of a look-up.
 *
 * <p>Sends no login, so that it may begin with plain HTTP where that is allowed at all. Whatever it does not
 * understand is for Jib to ask.
 */
final class AnonymousReader {

    /** Jib's own limits of connecting and of each wait. */
    private static final int TIMEOUT_MILLIS = 20_000;

    /** What registries hold against manifests is 4 MiB. */
    private static final int MOST_BYTES = 16 * 1024 * 1024;

    private final String registry;
    private final RegistryAccess access;

    AnonymousReader(String registry, RegistryAccess access) {
        this.registry = registry;
        this.access = access;
    }

    /**
     * An answer of any kind, read to its end.
     *
     * @param digest {@code sha256:…} of the bytes that came
     */
    record Answer(int status, String digest, String text, @Nullable String challenge, @Nullable String retryAfter) {

        /** Where TLS is spoken, plain words are answered with a refusal, a redirect, or a page of whatever listens there. */
        private boolean isOfRegistry() {
            return switch (status) {
                case 200, 401, 429 -> true;
                case 404 -> text.startsWith("{");
                default -> status >= 500;
            };
        }
    }

    /**
     * Asks for a path below {@code /v2/}.
     *
     * @return null where Jib has to ask: behind a proxy, whose login only Jib knows, and where a registry that may speak plain
     *     HTTP seems to speak something else
     */
    @Nullable
    Answer get(String path, String accept) throws IOException {
        boolean plain = access.allowsPlainHttp(registry);
        URI uri = URI.create((plain ? "http://" : "https://") + registry + "/v2/" + path);
        ProxySelector proxies = ProxySelector.getDefault();
        if (proxies != null && proxies.select(uri).stream().anyMatch(proxy -> proxy.type() != Proxy.Type.DIRECT)) {
            return null;
        }
        try {
            Answer answer = answer(uri.toURL(), accept);
            if (!plain) {
                return answer;
            }
            if (!answer.isOfRegistry()) {
                return null;
            }
            access.recent().noteThatItSpeaksPlainHttp(registry);
            return answer;
        } catch (UnknownHostException | ConnectException | SocketTimeoutException e) {
            throw e;
        } catch (IOException e) {
            if (plain) {
                return null;
            }
            throw e;
        }
    }

    private static Answer answer(URL url, String accept) throws IOException {
        var connection = (HttpURLConnection) url.openConnection();
        connection.setConnectTimeout(TIMEOUT_MILLIS);
        connection.setReadTimeout(TIMEOUT_MILLIS);
        connection.setUseCaches(false);
        connection.setRequestProperty("Accept", accept);
        connection.setRequestProperty("User-Agent", "lockstep");
        int status = connection.getResponseCode();
        byte[] body;
        // Read to its end, or the connection is not used again.
        try (InputStream in = status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
            body = in == null ? new byte[0] : in.readNBytes(MOST_BYTES);
        }
        long length = connection.getContentLengthLong();
        if (length > body.length) {
            throw new EOFException("an answer of " + length + " bytes ended after " + body.length);
        }
        return new Answer(
                status,
                "sha256:" + Sha256.hex(body),
                new String(body, StandardCharsets.UTF_8),
                connection.getHeaderField("WWW-Authenticate"),
                connection.getHeaderField("Retry-After"));
    }
}
