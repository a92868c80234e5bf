package io.jenkins.plugins.lockstep.image.jib;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A server that answers every request the same and remembers what it was asked.
 *
 * <p>Java's own small HTTP server won't do: it leaves a client that begins with TLS waiting, where a real registry says at
 * once that it speaks plain HTTP.
 */
public final class ScriptedRegistry implements AutoCloseable {

    private static final int TLS_HANDSHAKE = 0x16;

    private final ServerSocket socket;
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final List<String> authorizations = new CopyOnWriteArrayList<>();
    private volatile String answer = "";
    private volatile boolean dying;

    public ScriptedRegistry() throws IOException {
        socket = new ServerSocket(0);
        var thread = new Thread(this::accept, "scripted-registry");
        thread.setDaemon(true);
        thread.start();
    }

    public void answers(int status, String body, Map<String, String> headers) {
        var text = new StringBuilder("HTTP/1.1 " + status + " Status\r\nConnection: close\r\nContent-Length: "
                + body.getBytes(StandardCharsets.UTF_8).length + "\r\n");
        headers.forEach((name, value) -> text.append(name + ": " + value + "\r\n"));
        answer = text + "\r\n" + body;
    }

    /** Lets the next request in plain HTTP be the last: it gets no answer, and nobody listens after it. */
    void dies() {
        dying = true;
    }

    public int port() {
        return socket.getLocalPort();
    }

    /** Returns the first lines of the requests in plain HTTP. */
    public List<String> requests() {
        return requests;
    }

    /** Returns the Authorization headers that came in plain HTTP. */
    public List<String> authorizations() {
        return authorizations;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                Socket connection = socket.accept();
                var thread = new Thread(() -> serve(connection), "scripted-registry-connection");
                thread.setDaemon(true);
                thread.start();
            } catch (IOException e) {
                // Closed: the loop ends.
            }
        }
    }

    private void serve(Socket connection) {
        try (connection;
                OutputStream out = connection.getOutputStream();
                var in = new BufferedReader(
                        new InputStreamReader(connection.getInputStream(), StandardCharsets.ISO_8859_1))) {
            in.mark(1);
            if (in.read() == TLS_HANDSHAKE) {
                skipHandshake(in);
                out.write("HTTP/1.0 400 Bad Request\r\n\r\nthis is plain HTTP".getBytes(StandardCharsets.UTF_8));
                return;
            }
            in.reset();
            requests.add(in.readLine());
            if (dying) {
                socket.close();
                return;
            }
            for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
                if (line.regionMatches(true, 0, "Authorization:", 0, "Authorization:".length())) {
                    authorizations.add(line);
                }
            }
            out.write(answer.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            // The client went away, which is its right.
        }
    }

    /** Closing with bytes unread would reset the connection, and the client could lose the answer. */
    private static void skipHandshake(BufferedReader in) throws IOException {
        // RFC 8446, section 5.1: after the type, two bytes of version and two of length.
        in.skip(2);
        int length = in.read() << 8 | in.read();
        for (int i = 0; i < length && in.read() >= 0; i++) {
            // Only to have it read.
        }
    }
}
