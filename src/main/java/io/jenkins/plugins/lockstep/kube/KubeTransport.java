package io.jenkins.plugins.lockstep.kube;

import io.jenkins.plugins.lockstep.common.document.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import okhttp3.Call;
import okhttp3.Callback;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okio.BufferedSink;
import org.jspecify.annotations.Nullable;

/**
 * Sends one request, once, and reads its answer whole. Thread-safe.
 *
 * @param connection whose server it goes to
 */
record KubeTransport(KubeConnection connection) {

    /** Sends on another thread and waits here: a thread that waits can be interrupted, one that reads a socket can't. */
    KubeAnswer send(KubeRequest request, @Nullable String authorization) throws IOException, InterruptedException {
        var answer = new CompletableFuture<KubeAnswer>();
        Call call = connection.http().newCall(prepared(request, authorization));
        call.enqueue(new Callback() {
            @Override
            public void onFailure(Call failed, IOException e) {
                answer.completeExceptionally(e);
            }

            @Override
            public void onResponse(Call answered, Response response) {
                try (response) {
                    answer.complete(KubeAnswer.of(response));
                } catch (IOException | RuntimeException | Error e) {
                    // Whatever it was, the thread that waits must hear of it.
                    answer.completeExceptionally(e);
                }
            }
        });
        try {
            return answer.get();
        } catch (InterruptedException e) {
            call.cancel();
            throw e;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException failure) {
                throw failure;
            }
            throw new IllegalStateException("can't read what the API server answered", e.getCause());
        }
    }

    /** Returns what is sent; who streams the answer sends it by himself. */
    Request prepared(KubeRequest request, @Nullable String authorization) {
        HttpUrl.Builder url = connection.server().newBuilder();
        request.path().forEach(url::addPathSegment);
        request.query().forEach(url::addQueryParameter);
        var http = new Request.Builder()
                .headers(connection.headers())
                .url(url.build())
                .header("Accept", request.accept())
                .method(request.method().name(), request.body() == null ? null : new Body(request));
        if (authorization != null) {
            http.header("Authorization", authorization);
        }
        return http.build();
    }

    /** A JSON body. */
    private static final class Body extends RequestBody {

        private final byte[] content;
        private final MediaType type;

        Body(KubeRequest request) {
            this.content = Json.write(request.body()).getBytes(StandardCharsets.UTF_8);
            this.type = MediaType.get(request.contentType());
        }

        @Override
        public MediaType contentType() {
            return type;
        }

        @Override
        public long contentLength() {
            return content.length;
        }

        /** Keeps OkHttp from sending a change a second time behind our back when a connection breaks. */
        @Override
        public boolean isOneShot() {
            return true;
        }

        @Override
        public void writeTo(BufferedSink sink) throws IOException {
            sink.write(content);
        }
    }
}
