package io.jenkins.plugins.lockstep.kube;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.document.Json;
import io.jenkins.plugins.lockstep.common.document.Tree;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import okhttp3.Call;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import okio.BufferedSource;

/**
 * A watch of its own, to check the engine's view of a cluster against: it shares the connection's keys with the engine,
 * and none of its requests, watches, clocks or memory.
 */
public final class RawWatch implements AutoCloseable {

    private final KubeConnection connection;
    private final OkHttpClient http;
    private final String path;
    private final Consumer<Map<String, Object>> objects;
    private volatile boolean closed;
    private volatile Call call;

    /**
     * Watches from now on, in a thread of its own.
     *
     * @param path such as {@code api/v1/pods}
     * @param objects gets every object that is there, then each as it is after each change
     */
    public RawWatch(Path kubeconfig, String path, Consumer<Map<String, Object>> objects) {
        this.connection = new KubeClusters(Map.of()).connect(new KubeTarget(kubeconfig, null, null));
        this.http = connection.http().newBuilder().readTimeout(Duration.ZERO).build();
        this.path = path;
        this.objects = objects;
        var thread = new Thread(this::run, "raw watch of " + path);
        thread.setDaemon(true);
        thread.start();
    }

    private void run() {
        while (!closed) {
            try {
                follow();
            } catch (IOException | DeliveryException e) {
                // Closed, or cut in the middle of a line: begin anew.
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void follow() throws IOException, InterruptedException {
        var request = new Request.Builder()
                .url(connection
                        .server()
                        .newBuilder()
                        .addPathSegments(path)
                        .addQueryParameter("watch", "true")
                        .build())
                .headers(connection.headers());
        String authorization = connection.credentials().authorization();
        if (authorization != null) {
            request.header("Authorization", authorization);
        }
        call = http.newCall(request.build());
        try (Response response = call.execute()) {
            BufferedSource lines = response.body().source();
            for (String line = lines.readUtf8Line(); line != null; line = lines.readUtf8Line()) {
                var event = Tree.map(Json.read(line));
                if (!"DELETED".equals(event.get("type"))) {
                    objects.accept(Tree.map(event, "object"));
                }
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        Call open = call;
        if (open != null) {
            open.cancel();
        }
    }
}
