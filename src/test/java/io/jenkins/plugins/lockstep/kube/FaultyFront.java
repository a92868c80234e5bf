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
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
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
public final class FaultyFront implements AutoCloseable {

    /** What is done with one request instead of a real answer. */
    interface Fault {
        void answer(HttpExchange exchange) throws IOException;
    }

    /** A fault for the first request that somebody chooses. */
    private record Trap(Predicate<String> which, Fault fault) {}

    /** Chooses what happens to a request; null lets it pass. */
    interface Weather {
        @Nullable
        Fault at(int number, String request);
    }

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final @Nullable KubeConnection behind;
    private final Deque<Fault> faults = new ConcurrentLinkedDeque<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final List<String> passed = new CopyOnWriteArrayList<>();
    private final Deque<Trap> traps = new ConcurrentLinkedDeque<>();
    private final AtomicInteger number = new AtomicInteger();
    private volatile Weather weather = (number, request) -> null;

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
    public List<String> requests() {
        return List.copyOf(requests);
    }

    /** Opens a front before the test bed's API server, as its administrator. */
    public static FaultyFront beforeTestBed() throws IOException {
        return new FaultyFront(RealCluster.connect());
    }

    /** Returns the address of the front. */
    public String address() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /**
     * Answers each request whose number is a multiple of {@code every} with a fault, watches included, chosen by a seed.
     *
     * @return the list that the faults are noted in
     */
    public List<String> storm(int every, long seed) {
        var struck = new CopyOnWriteArrayList<String>();
        var random = new Random(seed);
        weather = (count, request) -> {
            if (count % every != 0) {
                return null;
            }
            synchronized (random) {
                int code = List.of(429, 500, 502, 503, 504, 0, 1, 2).get(random.nextInt(8));
                struck.add(code + " " + request);
                return switch (code) {
                    case 0 -> hangUp();
                    case 1 -> loseAnswer();
                    case 2 -> cutAnswer();
                    default -> status(code, code == 429 ? Map.of("Retry-After", "1") : Map.of());
                };
            }
        };
        return struck;
    }

    /** Returns the requests that the real server has seen. */
    List<String> passed() {
        return List.copyOf(passed);
    }

    /** Forgets the requests so far. */
    public void forget() {
        requests.clear();
        passed.clear();
    }

    /** Does something else with the next request that {@code which} takes. */
    FaultyFront at(Predicate<String> which, Fault fault) {
        traps.add(new Trap(which, fault));
        return this;
    }

    /** Tells whether a trap has not been stepped into. */
    boolean isArmed() {
        return !traps.isEmpty();
    }

    /** Answers with a status before the server has heard anything. */
    static Fault status(int code, Map<String, String> headers) {
        return exchange -> {
            exchange.getRequestBody().readAllBytes();
            headers.forEach(exchange.getResponseHeaders()::add);
            exchange.sendResponseHeaders(code, -1);
        };
    }

    /** Closes the connection before the server has heard anything. */
    static Fault hangUp() {
        return exchange -> {
            throw new IOException("hang up");
        };
    }

    /** Lets the server do its work, and closes the connection without an answer. */
    Fault loseAnswer() {
        return exchange -> {
            answerOf(exchange);
            throw new IOException("hang up");
        };
    }

    /** Lets the server do its work, and answers that it took too long. */
    Fault replaceAnswer(int code) {
        return exchange -> {
            answerOf(exchange);
            exchange.sendResponseHeaders(code, -1);
        };
    }

    /** Lets the server do its work, and passes half of its answer on. */
    Fault cutAnswer() {
        return exchange -> {
            byte[] whole = answerOf(exchange);
            exchange.sendResponseHeaders(200, whole.length + 1L);
            exchange.getResponseBody().write(whole, 0, whole.length / 2);
            exchange.getResponseBody().flush();
            throw new IOException("hang up");
        };
    }

    /** Says nothing for a while, longer than the client waits, and nothing to the server either. */
    static Fault stall(CountDownLatch end) {
        return exchange -> {
            try {
                end.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            throw new IOException("hang up");
        };
    }

    private byte[] answerOf(HttpExchange exchange) throws IOException {
        if (behind == null) {
            return new byte[] {'{', '}'};
        }
        note(exchange);
        if (exchange.getRequestURI().toString().contains("watch=true")) {
            return new byte[0]; // it would never end
        }
        try (Response response =
                behind.http().newCall(request(exchange, behind)).execute()) {
            return response.body().bytes();
        }
    }

    private void note(HttpExchange exchange) {
        passed.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
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
        String request = exchange.getRequestMethod() + " " + exchange.getRequestURI();
        requests.add(request);
        try (exchange) {
            Fault fault = faults.poll();
            fault = fault != null ? fault : trapFor(request);
            fault = fault != null ? fault : weather.at(number.incrementAndGet(), request);
            if (fault != null) {
                fault.answer(exchange);
            } else if (behind != null) {
                note(exchange);
                pass(exchange, behind);
            } else {
                exchange.sendResponseHeaders(200, 2);
                exchange.getResponseBody().write(new byte[] {'{', '}'});
            }
        }
    }

    private @Nullable Fault trapFor(String request) {
        Trap trap = traps.peek();
        return trap != null && trap.which().test(request) && traps.remove(trap) ? trap.fault() : null;
    }

    private static Request request(HttpExchange exchange, KubeConnection real) throws IOException {
        byte[] content = exchange.getRequestBody().readAllBytes();
        String type = exchange.getRequestHeaders().getFirst("Content-Type");
        RequestBody body = type == null ? null : RequestBody.create(content, MediaType.get(type));
        HttpUrl url = HttpUrl.get(real.location() + exchange.getRequestURI());
        var request = new Request.Builder().url(url).method(exchange.getRequestMethod(), body);
        try {
            String authorization = real.credentials().authorization();
            if (authorization != null) {
                request.header("Authorization", authorization);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        String accept = exchange.getRequestHeaders().getFirst("Accept");
        return accept == null
                ? request.build()
                : request.header("Accept", accept).build();
    }

    static void pass(HttpExchange exchange, KubeConnection real) throws IOException {
        try (Response response = real.http().newCall(request(exchange, real)).execute();
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
