package io.jenkins.plugins.lockstep.agent;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A tunnel to a real registry that notes when the first upload begins. */
final class Uploads implements AutoCloseable {

    private final String host;
    private final int port;
    private final ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private volatile long first;

    /** Opens a tunnel to {@code HOST:PORT}. */
    Uploads(String registry) throws IOException {
        host = registry.substring(0, registry.indexOf(':'));
        port = Integer.parseInt(registry.substring(registry.indexOf(':') + 1));
        start(this::accept);
    }

    /** Returns {@code HOST:PORT} of the tunnel. */
    String name() {
        return "127.0.0.1:" + socket.getLocalPort();
    }

    /** Returns when the first upload since {@link #forget} began, in milliseconds since 1970; 0 for none. */
    long first() {
        return first;
    }

    void forget() {
        first = 0;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                Socket client = socket.accept();
                var server = new Socket(host, port);
                start(() -> relay(client, server, true));
                start(() -> relay(server, client, false));
            } catch (IOException e) {
                // Closed: the loop ends.
            }
        }
    }

    private void relay(Socket from, Socket to, boolean up) {
        try (from;
                to;
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream()) {
            byte[] bytes = new byte[64 * 1024];
            for (int count = in.read(bytes); count >= 0; count = in.read(bytes)) {
                if (up && first == 0 && new String(bytes, 0, count, StandardCharsets.ISO_8859_1).startsWith("POST ")) {
                    first = System.currentTimeMillis();
                }
                out.write(bytes, 0, count);
            }
        } catch (IOException e) {
            // One of the two went away, which is its right.
        }
    }

    private static void start(Runnable work) {
        var thread = new Thread(work, "uploads");
        thread.setDaemon(true);
        thread.start();
    }
}
