package io.jenkins.plugins.lockstep;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A real registry, seen through a tunnel that notes every request, and that can cut the line or answer by itself at
 * one of them, which a real registry can't be made to do.
 */
public final class WatchedRegistry implements AutoCloseable {

    private static final Pattern REQUEST =
            Pattern.compile("(GET|HEAD|POST|PUT|PATCH|DELETE) (/v2/\\S*) HTTP/1\\.1\\r\\n");

    private final String host;
    private final int port;
    private final ServerSocket socket;
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final AtomicLong bytesUp = new AtomicLong();
    private final AtomicInteger connections = new AtomicInteger();
    private volatile Predicate<String> cut = request -> false;
    private volatile String answer = "";

    /** Opens a tunnel to {@code HOST:PORT}. */
    public WatchedRegistry(String registry) throws IOException {
        host = registry.substring(0, registry.indexOf(':'));
        port = Integer.parseInt(registry.substring(registry.indexOf(':') + 1));
        socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        start(this::accept);
    }

    /** Returns {@code HOST:PORT} of the tunnel. */
    public String name() {
        return "127.0.0.1:" + socket.getLocalPort();
    }

    /** Returns the requests so far, each as {@code METHOD PATH}, without upload ids. */
    public List<String> requests() {
        return new ArrayList<>(requests);
    }

    /** Returns how many bytes clients have sent so far: requests with their headers, and tries to speak TLS. */
    public long bytesUp() {
        return bytesUp.get();
    }

    /** Returns how many connections clients have opened so far. */
    public int connections() {
        return connections.get();
    }

    public void forget() {
        requests.clear();
        connections.set(0);
        bytesUp.set(0);
    }

    /** Lets no request through that {@code which} takes. */
    public void cutAt(Predicate<String> which) {
        answerAt(which, "");
    }

    /** Gives a whole HTTP answer, before the registry has heard anything, to the requests that {@code which} takes. */
    public void answerAt(Predicate<String> which, String httpAnswer) {
        answer = httpAnswer;
        cut = which;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                Socket client = socket.accept();
                connections.incrementAndGet();
                var server = new Socket(host, port);
                start(() -> up(client, server));
                start(() -> down(server, client));
            } catch (IOException e) {
                // Closed: the loop ends.
            }
        }
    }

    private void up(Socket client, Socket server) {
        try (client;
                server;
                InputStream in = client.getInputStream();
                OutputStream out = server.getOutputStream()) {
            var seen = new StringBuilder();
            byte[] bytes = new byte[64 * 1024];
            for (int count = in.read(bytes); count >= 0; count = in.read(bytes)) {
                bytesUp.addAndGet(count);
                seen.append(new String(bytes, 0, count, StandardCharsets.ISO_8859_1));
                if (note(seen)) {
                    answer(client);
                    return;
                }
                out.write(bytes, 0, count);
            }
        } catch (IOException e) {
            // One of the two went away, which is its right.
        }
    }

    private void answer(Socket client) throws IOException {
        if (!answer.isEmpty()) {
            client.getOutputStream().write(answer.getBytes(StandardCharsets.ISO_8859_1));
            client.shutdownOutput();
            // Closing with bytes unread would reset the connection, and the client could lose the answer.
            client.getInputStream().transferTo(OutputStream.nullOutputStream());
        }
    }

    /** Returns true where the line is to be cut. */
    private boolean note(StringBuilder seen) {
        Matcher matcher = REQUEST.matcher(seen);
        int end = 0;
        while (matcher.find()) {
            end = matcher.end();
            String path = matcher.group(2).replaceAll("\\?.*", "").replaceAll("(/blobs/uploads/).+", "$1*");
            String request = matcher.group(1) + " " + path;
            requests.add(request);
            if (cut.test(request)) {
                return true;
            }
        }
        // What may be the beginning of a line stays.
        seen.delete(0, Math.max(end, seen.length() - 512));
        return false;
    }

    private static void down(Socket server, Socket client) {
        try (server;
                client) {
            server.getInputStream().transferTo(client.getOutputStream());
        } catch (IOException e) {
            // As above.
        }
    }

    private static void start(Runnable work) {
        var thread = new Thread(work, "watched-registry");
        thread.setDaemon(true);
        thread.start();
    }
}
