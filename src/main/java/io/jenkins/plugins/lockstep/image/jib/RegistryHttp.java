package io.jenkins.plugins.lockstep.image.jib;

import com.google.cloud.tools.jib.http.FailoverHttpClient;
import com.google.cloud.tools.jib.http.Request;
import com.google.cloud.tools.jib.http.Response;
import java.io.IOException;
import java.net.URL;

/**
 * Jib's HTTP client for one registry, which fails at once where no retry can help, and which does not try to speak TLS with
 * a registry that was seen to speak plain HTTP a short while ago.
 */
final class RegistryHttp extends FailoverHttpClient {

    private final String registry;
    private final RegistryAccess access;

    RegistryHttp(String registry, RegistryAccess access) {
        super(access.allowsPlainHttp(registry), false, new HopelessRetries(access.retries()));
        this.registry = registry;
        this.access = access;
    }

    @Override
    public Response call(String method, URL url, Request request) throws IOException {
        boolean plain = url.getAuthority().equals(registry)
                && access.allowsPlainHttp(registry)
                && access.recent().speaksPlainHttp(registry);
        return super.call(method, plain ? new URL("http", url.getHost(), url.getPort(), url.getFile()) : url, request);
    }
}
