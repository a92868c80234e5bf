package io.jenkins.plugins.lockstep.kube;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.jenkins.plugins.lockstep.TestBed;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;

/**
 * Stands before a real server, the API server or the registry, and passes everything on; a watchman sees each request
 * before it goes in and after it was served, and may stop it there: nothing else can end a process, or a connection, at
 * exactly the write that a test wants.
 */
public final class Gate implements AutoCloseable {

    /** Sees requests, each as {@code METHOD /path?query}, from many threads. Whatever it throws closes the connection. */
    public interface Watchman {

        /** Lets everything pass. */
        Watchman NOBODY = new Watchman() {};

        /** Called before the server hears of it. */
        default void before(String request) throws IOException {}

        /** Called when the server has done its work, before the answer goes out. */
        default void after(String request) throws IOException {}
    }

    private static final Set<String> OF_THE_CONNECTION =
            Set.of("host", "connection", "content-length", "transfer-encoding", "keep-alive", "expect");

    /** The first byte of a TLS connection. */
    private static final int TLS_HANDSHAKE = 0x16;

    private final HttpServer server;
    private final ServerSocket door;
    private final List<Socket> open = new CopyOnWriteArrayList<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final OkHttpClient http;
    private final HttpUrl behind;
    private volatile Watchman watchman;

    private Gate(OkHttpClient http, HttpUrl behind, Watchman watchman) throws IOException {
        this.http = http.newBuilder().followRedirects(false).build();
        this.behind = behind;
        this.watchman = watchman;
        this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
        this.door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        threads.execute(this::letIn);
    }

    /** Opens a gate before the test bed's API server, which takes everybody for its administrator. */
    public static Gate beforeApiServer(Watchman watchman) throws IOException {
        KubeConnection real = RealCluster.connect();
        return new Gate(real.http(), real.server(), watchman);
    }

    /** Opens a gate before the test bed's registry. */
    public static Gate beforeRegistry(Watchman watchman) throws IOException {
        return new Gate(new OkHttpClient(), HttpUrl.get("http://" + TestBed.registry()), watchman);
    }

    public String address() {
        return "127.0.0.1:" + door.getLocalPort();
    }

    HttpUrl url() {
        return HttpUrl.get("http://" + address());
    }

    public void watchedBy(Watchman other) {
        watchman = other;
    }

    private void letIn() {
        while (!door.isClosed()) {
            try {
                Socket near = door.accept();
                open.add(near);
                threads.execute(() -> letIn(near));
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    /** Clients try TLS first, and the JDK's server would let them wait for an answer to that. */
    private void letIn(Socket near) {
        try {
            int first = near.getInputStream().read();
            if (first == TLS_HANDSHAKE || first < 0) {
                near.close();
                return;
            }
            Socket far = new Socket(
                    InetAddress.getLoopbackAddress(), server.getAddress().getPort());
            open.add(far);
            far.getOutputStream().write(first);
            threads.execute(() -> copy(far, near));
            copy(near, far);
        } catch (IOException e) {
            close(near);
        }
    }

    private static void copy(Socket from, Socket to) {
        try (from;
                to) {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException e) {
            close(to); // the other half is gone
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void handle(HttpExchange exchange) throws IOException {
        String request = exchange.getRequestMethod() + " " + exchange.getRequestURI();
        Watchman now = watchman;
        try (exchange) {
            byte[] content = exchange.getRequestBody().readAllBytes();
            now.before(request);
            try (Response response = http.newCall(copy(exchange, content)).execute()) {
                now.after(request);
                answer(exchange, response);
            }
        }
    }

    private Request copy(HttpExchange exchange, byte[] content) {
        String method = exchange.getRequestMethod();
        String type = exchange.getRequestHeaders().getFirst("Content-Type");
        boolean hasBody = content.length > 0 || Set.of("POST", "PUT", "PATCH").contains(method);
        var request = new Request.Builder()
                .url(behind.resolve(exchange.getRequestURI().toString()))
                .method(
                        method,
                        hasBody ? RequestBody.create(content, type == null ? null : MediaType.get(type)) : null);
        exchange.getRequestHeaders().forEach((name, values) -> {
            if (!isOfTheConnection(name)) {
                values.forEach(value -> request.addHeader(name, value));
            }
        });
        return request.build();
    }

    private void answer(HttpExchange exchange, Response response) throws IOException {
        boolean head = exchange.getRequestMethod().equals("HEAD");
        for (Map.Entry<String, List<String>> header :
                response.headers().toMultimap().entrySet()) {
            if (!isOfTheConnection(header.getKey()) || (head && header.getKey().equals("content-length"))) {
                // Registries say where to go on by their own address.
                header.getValue().forEach(value -> exchange.getResponseHeaders()
                        .add(
                                header.getKey(),
                                value.replace("//" + behind.host() + ":" + behind.port(), "//" + address())));
            }
        }
        boolean empty = head || response.code() == 204 || response.code() == 304;
        exchange.sendResponseHeaders(response.code(), empty ? -1 : 0);
        if (!empty) {
            stream(response.body().byteStream(), exchange);
        }
    }

    private static void stream(InputStream answer, HttpExchange exchange) throws IOException {
        byte[] buffer = new byte[8192];
        for (int read = answer.read(buffer); read >= 0; read = answer.read(buffer)) {
            exchange.getResponseBody().write(buffer, 0, read);
            exchange.getResponseBody().flush();
        }
    }

    private static boolean isOfTheConnection(String header) {
        return OF_THE_CONNECTION.contains(header.toLowerCase(Locale.ROOT));
    }

    @Override
    public void close() throws IOException {
        door.close();
        open.forEach(Gate::close);
        server.stop(0);
        threads.shutdownNow();
    }
}
