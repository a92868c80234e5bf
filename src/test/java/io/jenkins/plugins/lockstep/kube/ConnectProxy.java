package io.jenkins.plugins.lockstep.kube;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A small HTTP proxy that knows CONNECT alone (RFC 9110, section 9.3.6) and takes every name for one real server. */
final class ConnectProxy implements AutoCloseable {

    private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final List<String> connects = new CopyOnWriteArrayList<>();
    private final List<String> logins = new CopyOnWriteArrayList<>();
    private final String host;
    private final int port;

    ConnectProxy(String host, int port) throws IOException {
        this.host = host;
        this.port = port;
        start(() -> {
            while (!listener.isClosed()) {
                try {
                    Socket client = listener.accept();
                    start(() -> serve(client));
                } catch (IOException e) {
                    // Closed: the loop ends.
                }
            }
        });
    }

    String address() {
        return "127.0.0.1:" + listener.getLocalPort();
    }

    /** Returns whom it was asked to connect to, each as {@code HOST:PORT}. */
    List<String> connects() {
        return connects;
    }

    /** Returns the Proxy-Authorization headers that came. */
    List<String> logins() {
        return logins;
    }

    private void serve(Socket client) {
        try (client) {
            var in = new BufferedInputStream(client.getInputStream());
            List<String> head = head(in);
            String[] request = head.get(0).split(" ");
            if (!request[0].equals("CONNECT")) {
                client.getOutputStream().write("HTTP/1.1 405 No\r\nContent-Length: 0\r\n\r\n".getBytes(ISO_8859_1));
                return;
            }
            connects.add(request[1]);
            head.stream()
                    .filter(line -> line.regionMatches(true, 0, "Proxy-Authorization: ", 0, 21))
                    .forEach(line -> logins.add(line.substring(21)));
            try (var server = new Socket(host, port)) {
                client.getOutputStream().write("HTTP/1.1 200 Connected\r\n\r\n".getBytes(ISO_8859_1));
                start(() -> copy(server, client));
                in.transferTo(server.getOutputStream());
            }
        } catch (IOException e) {
            // One of the two went away, which is its right.
        }
    }

    private static void copy(Socket from, Socket to) {
        try (from;
                to) {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException e) {
            // As above.
        }
    }

    private static List<String> head(InputStream in) throws IOException {
        var lines = new ArrayList<String>();
        var line = new StringBuilder();
        for (int next = in.read(); next >= 0; next = in.read()) {
            if (next == '\n') {
                if (line.isEmpty()) {
                    break;
                }
                lines.add(line.toString());
                line.setLength(0);
            } else if (next != '\r') {
                line.append((char) next);
            }
        }
        return lines;
    }

    private static void start(Runnable work) {
        var thread = new Thread(work, "connect-proxy");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
