package io.jenkins.plugins.lockstep.kube;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * A server that gives the answers that it is told, in their order, and notes each request: real API servers do not fail
 * on command. When it runs out of them it passes requests on to a real one, or answers with an empty object.
 */
final class FaultyFront implements AutoCloseable {

    /** What is done with one request instead of a real answer. */
    interface Fault {
        void answer(HttpExchange exchange) throws IOException;
    }

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final @Nullable KubeConnection behind;
    private final Deque<Fault> faults = new ConcurrentLinkedDeque<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();

    FaultyFront(@Nullable KubeConnection behind) throws IOException {
        this.behind = behind;
        this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    HttpUrl url() {
        return HttpUrl.get("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** Returns the requests so far, each as {@code METHOD /path?query}. */
    List<String> requests() {
        return List.copyOf(requests);
    }

    FaultyFront then(Fault fault) {
        faults.add(fault);
        return this;
    }

    /** Answers the next request with a status and a text. */
    FaultyFront then(int code, String body) {
        return then(code, body, Map.of());
    }

    FaultyFront then(int code, String body, Map<String, String> headers) {
        return then(exchange -> {
            exchange.getRequestBody().readAllBytes();
            headers.forEach(exchange.getResponseHeaders()::add);
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(code, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
        });
    }

    /** Closes the connection of the next request without an answer. */
    FaultyFront thenHangUp() {
        return then(exchange -> {
            throw new IOException("hang up");
        });
    }

    private void handle(HttpExchange exchange) throws IOException {
        requests.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
        try (exchange) {
            Fault fault = faults.poll();
            if (fault != null) {
                fault.answer(exchange);
            } else if (behind != null) {
                pass(exchange, behind);
            } else {
                exchange.sendResponseHeaders(200, 2);
                exchange.getResponseBody().write(new byte[] {'{', '}'});
            }
        }
    }

    static void pass(HttpExchange exchange, KubeConnection real) throws IOException {
        byte[] content = exchange.getRequestBody().readAllBytes();
        String type = exchange.getRequestHeaders().getFirst("Content-Type");
        RequestBody body = type == null ? null : RequestBody.create(content, MediaType.get(type));
        HttpUrl url = HttpUrl.get(real.location() + exchange.getRequestURI());
        var request = new Request.Builder().url(url).method(exchange.getRequestMethod(), body);
        try (Response response = real.http().newCall(request.build()).execute();
                InputStream answer = response.body().byteStream()) {
            exchange.sendResponseHeaders(response.code(), 0);
            byte[] buffer = new byte[8192];
            for (int read = answer.read(buffer); read >= 0; read = answer.read(buffer)) {
                exchange.getResponseBody().write(buffer, 0, read);
                exchange.getResponseBody().flush();
            }
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
