package io.jenkins.plugins.lockstep;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A registry with the faults that a test asks for, which a real one can't be made to have: the repository {@code
 * answers-500/…} answers 500. A repository that was {@linkplain #mend mended} is the real registry's base image from then
 * on.
 */
public final class RefusingRegistry implements AutoCloseable {

    private static final Map<Integer, String> ERRORS =
            Map.of(401, "UNAUTHORIZED", 403, "DENIED", 404, "MANIFEST_UNKNOWN", 500, "UNKNOWN", 503, "UNAVAILABLE");

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Set<String> mended = ConcurrentHashMap.newKeySet();

    public RefusingRegistry() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    /** Returns an image whose every request is answered with a status. */
    public String image(int status, String name) {
        return "127.0.0.1:" + server.getAddress().getPort() + "/answers-" + status + "/" + name + ":1";
    }

    /** Serves the test bed's base image under the name from now on. */
    public void mend(String name) {
        mended.add(name);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String[] path = exchange.getRequestURI().getPath().split("/", 5);
            if (path.length < 5) {
                exchange.sendResponseHeaders(200, -1);
                return;
            }
            if (mended.contains(path[3])) {
                forward(exchange, path[4]);
                return;
            }
            int status = Integer.parseInt(path[2].replace("answers-", ""));
            if (status == 401) {
                exchange.getResponseHeaders().set("WWW-Authenticate", "Basic realm=\"scripted\"");
            }
            byte[] body = ("{\"errors\":[{\"code\":\"" + ERRORS.get(status) + "\",\"message\":\"scripted\"}]}")
                    .getBytes(StandardCharsets.UTF_8);
            boolean head = exchange.getRequestMethod().equals("HEAD");
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(status, head ? -1 : body.length);
            if (!head) {
                exchange.getResponseBody().write(body);
            }
        }
    }

    private static void forward(HttpExchange exchange, String rest) throws IOException {
        String base = TestBed.base();
        String host = base.substring(0, base.indexOf('/'));
        String repository = base.substring(base.indexOf('/') + 1, base.lastIndexOf(':'));
        String tag = base.substring(base.lastIndexOf(':') + 1);
        String wanted = rest.equals("manifests/1") ? "manifests/" + tag : rest;
        var real = (HttpURLConnection) URI.create("http://" + host + "/v2/" + repository + "/" + wanted)
                .toURL()
                .openConnection();
        real.setRequestMethod(exchange.getRequestMethod());
        exchange.getRequestHeaders()
                .getOrDefault("Accept", java.util.List.of())
                .forEach(accept -> real.addRequestProperty("Accept", accept));
        int status = real.getResponseCode();
        for (String header : Set.of("Content-Type", "Docker-Content-Digest", "Content-Length")) {
            String value = real.getHeaderField(header);
            if (value != null) {
                exchange.getResponseHeaders().set(header, value);
            }
        }
        boolean head = exchange.getRequestMethod().equals("HEAD");
        exchange.sendResponseHeaders(status, head ? -1 : 0);
        if (!head) {
            try (InputStream from = status < 400 ? real.getInputStream() : real.getErrorStream();
                    OutputStream to = exchange.getResponseBody()) {
                if (from != null) {
                    from.transferTo(to);
                }
            }
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
