package io.jenkins.plugins.lockstep.image.jib;

import com.google.cloud.tools.jib.api.Credential;
import com.google.cloud.tools.jib.api.DescriptorDigest;
import com.google.cloud.tools.jib.api.RegistryException;
import com.google.cloud.tools.jib.blob.Blobs;
import com.google.cloud.tools.jib.event.EventHandlers;
import com.google.cloud.tools.jib.http.FailoverHttpClient;
import com.google.cloud.tools.jib.image.json.BuildableManifestTemplate.ContentDescriptorTemplate;
import com.google.cloud.tools.jib.image.json.ManifestTemplate;
import com.google.cloud.tools.jib.image.json.OciManifestTemplate;
import com.google.cloud.tools.jib.json.JsonTemplateMapper;
import com.google.cloud.tools.jib.registry.RegistryClient;
import io.jenkins.plugins.lockstep.common.Progress;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * Brings an index from a layout to a registry: blobs that the registry lacks, each once; manifests by their digests; at
 * the very end the index by its tag. Whatever goes wrong before leaves no tag behind.
 */
final class IndexPush implements AutoCloseable {

    private static final int AT_A_TIME = 4;
    private static final String TASK = "pushing the image";

    private final ImageName target;
    private final @Nullable String source;
    private final Progress progress;
    private final FailoverHttpClient http;
    private final RegistryClient client;

    /**
     * Logs in where the registry wants that.
     *
     * @param source a repository of the same registry that may have blobs already; null for none
     */
    IndexPush(ImageName target, @Nullable String source, RegistryAccess access, Progress progress)
            throws IOException, RegistryException {
        this.target = target;
        this.source = source;
        this.progress = progress;
        this.http = new FailoverHttpClient(
                access.allowsPlainHttp(target.registry()), false, new HopelessRetries(access.retries()));
        try {
            Credential credential =
                    access.credential(target.registry(), progress).orElse(null);
            this.client = factory().setCredential(credential).newRegistryClient();
            if (!client.doPushBearerAuth() && credential != null && !credential.isOAuth2RefreshToken()) {
                client.configureBasicAuth();
            }
        } catch (IOException | RegistryException | RuntimeException e) {
            http.shutDown();
            throw e;
        }
    }

    void push(OciIndex index, OciLayout layout)
            throws IOException, RegistryException, ExecutionException, InterruptedException {
        Map<String, ManifestTemplate> manifests = new LinkedHashMap<>();
        Map<DescriptorDigest, Path> blobs = new LinkedHashMap<>();
        for (String digest : index.digests()) {
            var manifest = JsonTemplateMapper.readJsonFromFile(layout.path(digest), OciManifestTemplate.class);
            List<ContentDescriptorTemplate> parts = new ArrayList<>(manifest.getLayers());
            ContentDescriptorTemplate configuration = manifest.getContainerConfiguration();
            if (configuration != null) {
                parts.add(configuration);
            }
            for (ContentDescriptorTemplate part : parts) {
                DescriptorDigest blob = part.getDigest();
                if (blob != null) {
                    blobs.put(blob, layout.path(blob.toString()));
                }
            }
            manifests.put(digest, manifest);
        }
        pushBlobs(blobs);
        for (Map.Entry<String, ManifestTemplate> manifest : manifests.entrySet()) {
            pushManifest(manifest.getValue(), manifest.getKey());
        }
        pushManifest(index, target.qualifier());
    }

    @Override
    public void close() throws IOException {
        http.shutDown();
    }

    private void pushManifest(ManifestTemplate manifest, String qualifier)
            throws IOException, RegistryException, InterruptedException {
        // A request takes no notice of it.
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        client.pushManifest(manifest, qualifier);
    }

    private void pushBlobs(Map<DescriptorDigest, Path> blobs) throws ExecutionException, InterruptedException {
        ExecutorService threads = Executors.newFixedThreadPool(AT_A_TIME, task -> {
            var thread = new Thread(task, "lockstep-push");
            thread.setDaemon(true);
            return thread;
        });
        try {
            var pushes = new ExecutorCompletionService<Boolean>(threads);
            blobs.forEach((digest, file) -> pushes.submit(pushOf(digest, file)));
            for (int i = 0; i < blobs.size(); i++) {
                pushes.take().get();
                progress.advance(TASK, (i + 1.0) / blobs.size());
            }
        } finally {
            // The files go away next: nobody must be reading them then.
            threads.shutdownNow();
            if (JibBuild.awaitEnd(threads)) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private Callable<Boolean> pushOf(DescriptorDigest digest, Path file) {
        return () ->
                client.checkBlob(digest).isPresent() || client.pushBlob(digest, Blobs.from(file), source, bytes -> {});
    }

    private RegistryClient.Factory factory() {
        return source == null
                ? RegistryClient.factory(EventHandlers.NONE, target.registry(), target.path(), http)
                : RegistryClient.factory(EventHandlers.NONE, target.registry(), target.path(), source, http);
    }
}
