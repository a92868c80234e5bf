package io.jenkins.plugins.lockstep.kube;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;

/**
 * The ways to servers that were used last: operations that follow each other share connections, and so are spared the
 * handshake. Only those share one that trust the same authorities, introduce themselves with the same certificate, and go
 * through the same proxy. Who asks is told with each request. Thread-safe.
 */
final class KubeWays {

    /** Certificates are renewed, and a controller may know many clusters: who comes back later makes a new one. */
    private static final int MOST = 32;

    private record Way(Tls tls, @Nullable String proxy, Optional<ProxyVariables.Choice> variable) {

        // Written out: what Java generates for a record is linked at each start of a command, for milliseconds a
        // record.
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Way way
                    && tls.equals(way.tls)
                    && Objects.equals(proxy, way.proxy)
                    && variable.equals(way.variable);
        }

        @Override
        public int hashCode() {
            return Objects.hash(tls, proxy, variable);
        }

        /** Leaves the proxy out: it may have a password. */
        @Override
        public String toString() {
            return "Way[" + tls + "]";
        }
    }

    private final Map<Way, OkHttpClient> clients = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Way, OkHttpClient> eldest) {
            return size() > MOST;
        }
    };

    /** Closes the connections that nobody uses now. */
    void close() {
        synchronized (clients) {
            clients.values().forEach(client -> client.connectionPool().evictAll());
        }
    }

    /** Returns the client for a way; {@code make} is asked where it is not known, and what it throws is thrown. */
    OkHttpClient client(
            Tls tls, @Nullable String proxy, Optional<ProxyVariables.Choice> variable, Supplier<OkHttpClient> make) {
        var way = new Way(tls, proxy, variable);
        synchronized (clients) {
            OkHttpClient known = clients.get(way);
            if (known != null) {
                return known;
            }
        }
        OkHttpClient made = make.get();
        synchronized (clients) {
            OkHttpClient first = clients.putIfAbsent(way, made);
            return first == null ? made : first;
        }
    }
}
