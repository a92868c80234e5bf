package io.jenkins.plugins.lockstep.kube;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** Passes bytes on to a real server until its connections are cut. */
final class CuttingProxy implements AutoCloseable {

    private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<Socket> open = new CopyOnWriteArrayList<>();
    private final AtomicInteger connections = new AtomicInteger();

    CuttingProxy(String host, int port) throws IOException {
        threads.execute(() -> {
            while (!listener.isClosed()) {
                try {
                    Socket near = listener.accept();
                    Socket far = new Socket(host, port);
                    connections.incrementAndGet();
                    open.addAll(List.of(near, far));
                    threads.execute(() -> copy(near, far));
                    threads.execute(() -> copy(far, near));
                } catch (IOException e) {
                    cut(); // closed, or the server is gone: nothing is left to pass on
                }
            }
        });
    }

    int port() {
        return listener.getLocalPort();
    }

    /** Returns how many connections there have been. */
    int connections() {
        return connections.get();
    }

    /** Closes all connections; new ones are passed on as before. */
    void cut() {
        for (Socket socket : open) {
            close(socket);
        }
        open.clear();
    }

    private static void copy(Socket from, Socket to) {
        try (InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream()) {
            in.transferTo(out);
        } catch (IOException e) {
            close(to); // the other half of a connection that was cut
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        cut();
        threads.shutdownNow();
    }
}
