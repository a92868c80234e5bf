package io.jenkins.plugins.lockstep.kube;

import io.jenkins.plugins.lockstep.TestBed;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/** Requests to the test bed's API server that nothing is made of: what the server and the wire take, and no more. */
public final class BareRequests implements AutoCloseable {

    private final KubeConnection connection =
            new KubeClusters(Map.of()).connect(new KubeTarget(TestBed.kubeconfig(), null, null));
    private final OkHttpClient http;

    public BareRequests(Protocol... protocols) {
        http = connection.http().newBuilder().protocols(List.of(protocols)).build();
    }

    /**
     * Sends one request and reads its answer to the end.
     *
     * @param path with its query, such as {@code api/v1/pods?limit=500}
     * @param body null for none
     * @throws IOException also where the server does not answer with success
     */
    public String send(String method, String path, String type, @Nullable String body) throws IOException {
        var request = new Request.Builder()
                .url(connection.location() + "/" + path)
                .headers(connection.headers())
                .method(method, body == null ? null : RequestBody.create(body, MediaType.get(type)));
        try (Response response = http.newCall(request.build()).execute()) {
            String answer = response.body().string();
            if (!response.isSuccessful()) {
                throw new IOException(method + " " + path + " was answered " + response.code() + ": " + answer);
            }
            return answer;
        }
    }

    /** Applies each body to the path that belongs to it, so many at a time. */
    public void applyAll(Map<String, String> bodies, int parallel) throws Exception {
        var threads = Executors.newFixedThreadPool(parallel);
        try {
            List<Future<String>> answers = new ArrayList<>();
            bodies.forEach((path, body) ->
                    answers.add(threads.submit(() -> send("PATCH", path, "application/apply-patch+yaml", body))));
            for (Future<String> answer : answers) {
                answer.get();
            }
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException failure ? failure : e;
        } finally {
            threads.shutdownNow();
        }
    }

    @Override
    public void close() {
        http.dispatcher().executorService().shutdown();
        http.connectionPool().evictAll();
    }
}
